#include "edge/till/label_code.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "devices/barcode/measure_rules.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

bool IsNumber(absl::string_view code, size_t digits_max) {
  return !code.empty() && code.size() <= digits_max &&
         std::all_of(code.begin(), code.end(), absl::ascii_isdigit);
}

// The amount with as many decimals as the rule's value has.
absl::StatusOr<int64_t> ValueOf(int64_t price_minor, int decimals, int digits) {
  int64_t value = price_minor;
  for (; digits < decimals; ++digits) {
    if (__builtin_mul_overflow(value, 10, &value)) {
      return absl::InvalidArgumentError("the price does not fit on a label");
    }
  }
  for (; digits > decimals; --digits) {
    if (value % 10 != 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "the chain's labels have ", decimals, " decimals, the price more"));
    }
    value /= 10;
  }
  return value;
}

absl::Status MakeAndRead(const ItemShelf& shelf,
                         const v1::PrintLabelsRequest& request,
                         LabelFound* label) {
  v1::FindItemResponse found;
  BL_RETURN_IF_ERROR(FindItems(shelf, request.code(), &found));
  if (found.matches_size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("code ", request.code().substr(0, 64), " is one of ",
                     found.matches_size(), " items: give the SKU"));
  }
  const v1::Item& item = found.matches(0).item();
  label->sku = item.sku();
  BL_ASSIGN_OR_RETURN(const auto row,
                      shelf.store->Get(Table::kDocs, docs::ScanRules()));
  v1::ScanRulesSet rules;
  if (row.has_value() && !rules.ParseFromString(*row)) {
    return absl::DataLossError("the rules of scales' codes are damaged");
  }
  BL_ASSIGN_OR_RETURN(
      label->code,
      LabelCodeOf(rules, item, request.price_minor(), shelf.currency));
  v1::FindItemResponse read;
  BL_RETURN_IF_ERROR(Annotate(FindItems(shelf, label->code, &read),
                              absl::StrCat("the label ", label->code)));
  if (read.matches_size() == 1 && read.matches(0).item().sku() == item.sku() &&
      read.matches(0).line().gross_minor() == request.price_minor()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the label ", label->code, " would not be read as SKU ", item.sku(),
      " alone at that price: another item has its number, or an earlier rule "
      "takes such codes"));
}

}  // namespace

absl::StatusOr<std::string> LabelCodeOf(const v1::ScanRulesSet& rules,
                                        const v1::Item& item,
                                        int64_t price_minor,
                                        absl::string_view currency) {
  BL_ASSIGN_OR_RETURN(const int digits, MinorDigits(std::string(currency)));
  for (const v1::MeasureCodeRule& rule : rules.rules()) {
    if (rule.kind() != v1::MEASURE_CODE_KIND_REDUCED) continue;
    const auto places = static_cast<size_t>(
        std::count(rule.pattern().begin(), rule.pattern().end(), 'i'));
    std::vector<std::string> numbers = {item.sku()};
    numbers.insert(numbers.end(), item.barcodes().begin(),
                   item.barcodes().end());
    for (const v1::ItemCode& code : item.codes()) {
      if (code.pieces() <= 1) numbers.push_back(code.code());
    }
    const auto number =
        std::find_if(numbers.begin(), numbers.end(),
                     [&](const auto& one) { return IsNumber(one, places); });
    if (number == numbers.end()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "SKU ", item.sku(), " has no number of at most ", places,
          " digits, which a label carries: give it one as a barcode"));
    }
    BL_ASSIGN_OR_RETURN(
        const int64_t value,
        ValueOf(price_minor, static_cast<int>(rule.decimals()), digits));
    return MeasureRules::Write({rule.pattern(), MeasureKind::kReduced,
                                static_cast<int>(rule.decimals()),
                                static_cast<int>(rule.weight_decimals())},
                               *number, value);
  }
  return absl::FailedPreconditionError(
      "the chain has no rule for labels with a reduced price: publish one in "
      "scanRules, of kind MEASURE_CODE_KIND_REDUCED (docs/PRICING.md)");
}

LabelFound FindLabel(const ItemShelf& shelf,
                     const v1::PrintLabelsRequest& request) {
  LabelFound label;
  label.status = MakeAndRead(shelf, request, &label);
  return label;
}

}  // namespace branchline
