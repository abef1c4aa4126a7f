#include "edge/till/item_rules.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "edge/pricing/amount_text.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"

namespace branchline {

std::string LineText(int index, absl::string_view sku) {
  if (sku.empty()) return absl::StrCat("line ", index + 1);
  return absl::StrCat("line ", index + 1, " (SKU ", sku.substr(0, 64), ")");
}

bool IsStocked(v1::ItemKind kind) {
  return kind == v1::ITEM_KIND_UNSPECIFIED || kind == v1::ITEM_KIND_STOCKED ||
         !v1::ItemKind_IsValid(kind);
}

absl::StatusOr<std::optional<v1::RingRequest>> WithDeposits(
    const DecideView& view, const v1::RingRequest& request) {
  std::map<std::string, int64_t> deposits_milli;  // by SKU: a stable order
  bool had_any = false;
  for (const v1::RingLine& line : request.lines()) {
    had_any |= line.follows_items();
    if (line.voided() || line.follows_items() || line.quantity_milli() <= 0) {
      continue;
    }
    BL_ASSIGN_OR_RETURN(const v1::Item* item, view.FindItem(line.sku()));
    if (item == nullptr || item->deposit_sku().empty()) continue;
    int64_t& sum = deposits_milli[item->deposit_sku()];
    BL_ASSIGN_OR_RETURN(sum, CheckedAdd(sum, line.quantity_milli()));
  }
  if (deposits_milli.empty() && !had_any) {
    return std::optional<v1::RingRequest>();
  }
  std::optional<v1::RingRequest> with(request);
  with->clear_lines();
  for (const v1::RingLine& line : request.lines()) {
    if (!line.follows_items()) *with->add_lines() = line;
  }
  for (const auto& [sku, quantity_milli] : deposits_milli) {
    v1::RingLine* line = with->add_lines();
    line->set_sku(sku);
    line->set_quantity_milli(quantity_milli);
    line->set_follows_items(true);
  }
  return with;
}

absl::StatusOr<int64_t> OnHandMilli(const DecideView& view,
                                    absl::string_view sku) {
  BL_ASSIGN_OR_RETURN(const Cell balance, view.BookCell(books::Balance(
                                              view.branch(), SkuUnit(sku))));
  v1::Account account;
  account.set_kind(v1::ACCOUNT_KIND_ON_HAND);
  return Narrow(balance.Get(AccountField(account)), "on hand");
}

absl::Status CheckNegativeStock(const DecideView& view, const v1::Sale& sale) {
  std::map<std::string, int64_t> sold_milli;
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided() || !IsStocked(line.item_kind())) continue;
    BL_ASSIGN_OR_RETURN(const v1::Item* item, view.FindItem(line.sku()));
    if (item == nullptr || item->negative_stock() != v1::NEGATIVE_STOCK_BLOCK) {
      continue;
    }
    int64_t& sum = sold_milli[line.sku()];
    BL_ASSIGN_OR_RETURN(sum, CheckedAdd(sum, line.quantity_milli()));
  }
  for (const auto& [sku, milli] : sold_milli) {
    if (milli <= 0) continue;
    BL_ASSIGN_OR_RETURN(const int64_t on_hand, OnHandMilli(view, sku));
    if (on_hand >= milli) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "SKU ", sku, ": the books have ", FormatMilli(on_hand), " on hand and ",
        FormatMilli(milli),
        " are to be sold, and this item is not sold below zero: count it, or "
        "take it off the receipt"));
  }
  return absl::OkStatus();
}

absl::Status CheckKeyedPrice(const v1::Item& department,
                             const v1::RingLine& asked,
                             absl::string_view currency) {
  if (!asked.has_unit_price_minor_e4() || asked.unit_price_minor_e4() < 0) {
    return absl::InvalidArgumentError(
        "it is an open department: key the price");
  }
  const int64_t max = department.keyed_price_max_minor_e4();
  if (max == 0 || asked.unit_price_minor_e4() <= max) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat(
      "a price of ", UnitPriceText(asked.unit_price_minor_e4(), currency),
      " is above the open department's limit, ", UnitPriceText(max, currency)));
}

}  // namespace branchline
