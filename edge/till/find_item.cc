#include "edge/till/find_item.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "devices/barcode/scan_code.h"
#include "sync/base/check_digit.h"
#include "sync/base/item_code.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr int kDepartmentsShown = 5;

template <typename Message>
absl::StatusOr<Message> Parsed(absl::string_view bytes,
                               absl::string_view what) {
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(absl::StrCat(what, " is damaged in the ledger"));
  }
  return message;
}

MeasureKind KindOf(v1::MeasureCodeKind kind) {
  switch (kind) {
    case v1::MEASURE_CODE_KIND_PRICE:
      return MeasureKind::kPrice;
    case v1::MEASURE_CODE_KIND_PIECES:
      return MeasureKind::kPieces;
    case v1::MEASURE_CODE_KIND_REDUCED:
      return MeasureKind::kReduced;
    default:
      return MeasureKind::kWeight;
  }
}

class Finder {
 public:
  Finder(const ItemShelf& shelf, v1::FindItemResponse* response)
      : shelf_(shelf), response_(*response) {}

  absl::Status Find(absl::string_view scan) {
    BL_RETURN_IF_ERROR(TakeSku(scan));
    BL_ASSIGN_OR_RETURN(const MeasureRules rules, Rules());
    const auto read = ReadScan(scan, rules, shelf_.today);
    if (read.ok()) BL_RETURN_IF_ERROR(TakeRead(*read));
    DropDelisted();
    if (response_.matches().empty()) return NotFound(scan, read.status());
    for (v1::ItemMatch& match : *response_.mutable_matches()) {
      BL_RETURN_IF_ERROR(FillMatch(shelf_, &match));
    }
    if (response_.matches_size() > 1) return absl::OkStatus();
    *response_.mutable_item() = response_.matches(0).item();
    *response_.mutable_prices() = response_.matches(0).prices();
    response_.set_on_hand_milli(response_.matches(0).on_hand_milli());
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<std::optional<v1::Item>> Item(absl::string_view sku) const {
    BL_ASSIGN_OR_RETURN(const auto bytes,
                        shelf_.store->Get(Table::kDocs, docs::Item(sku)));
    if (!bytes.has_value()) return std::optional<v1::Item>();
    BL_ASSIGN_OR_RETURN(v1::Item item, Parsed<v1::Item>(*bytes, "an item"));
    return std::optional<v1::Item>(std::move(item));
  }

  absl::StatusOr<MeasureRules> Rules() const {
    BL_ASSIGN_OR_RETURN(const auto bytes,
                        shelf_.store->Get(Table::kDocs, docs::ScanRules()));
    std::vector<MeasureRule> rules;
    if (bytes.has_value()) {
      BL_ASSIGN_OR_RETURN(const auto set, Parsed<v1::ScanRulesSet>(
                                              *bytes, "the set of scan rules"));
      for (const v1::MeasureCodeRule& rule : set.rules()) {
        MeasureRule plain{rule.pattern(), KindOf(rule.kind()),
                          static_cast<int>(rule.decimals()),
                          static_cast<int>(rule.weight_decimals())};
        // One that this program cannot read must not stop the shop.
        if (MeasureRules::Make({plain}).ok()) rules.push_back(std::move(plain));
      }
    }
    if (rules.size() > MeasureRules::kMeasureRulesMax) {
      rules.resize(MeasureRules::kMeasureRulesMax);
    }
    return MeasureRules::Make(std::move(rules));
  }

  // Rows of `prefix`, the rest of whose keys is a SKU: those items.
  absl::Status EachSku(const std::string& prefix,
                       std::vector<std::pair<std::string, std::string>>* rows) {
    return shelf_.store->Scan(
        Table::kDocs, prefix, PrefixEnd(prefix),
        [&](absl::string_view key, absl::string_view value) {
          rows->emplace_back(key.substr(prefix.size()), value);
          return rows->size() < kItemMatchesMax;
        });
  }

  void Add(v1::Item item, v1::RingLine line) {
    if (response_.matches_size() == kItemMatchesMax) return;
    if (!seen_.insert(item.sku()).second) return;
    line.set_sku(item.sku());
    v1::ItemMatch* match = response_.add_matches();
    *match->mutable_item() = std::move(item);
    *match->mutable_line() = std::move(line);
  }

  // The item itself or, if it comes in variants, those.
  absl::Status AddWithVariants(v1::Item item, const v1::RingLine& line) {
    std::vector<std::pair<std::string, std::string>> rows;
    BL_RETURN_IF_ERROR(EachSku(docs::Variant(item.sku(), ""), &rows));
    bool any = false;
    for (const auto& [sku, unused] : rows) {
      BL_ASSIGN_OR_RETURN(auto variant, Item(sku));
      if (!variant.has_value() || variant->variant_of() != item.sku()) continue;
      any = true;
      Add(*std::move(variant), line);
    }
    if (!any) Add(std::move(item), line);
    return absl::OkStatus();
  }

  static v1::RingLine OnePiece() {
    v1::RingLine line;
    line.set_quantity_milli(1'000);
    return line;
  }

  absl::Status TakeSku(absl::string_view sku) {
    if (sku.find('\0') != absl::string_view::npos) return absl::OkStatus();
    BL_ASSIGN_OR_RETURN(auto item, Item(sku));
    if (!item.has_value()) return absl::OkStatus();
    return AddWithVariants(*std::move(item), OnePiece());
  }

  // Items that list `normal`, with `line` instead of what the code says if it
  // says more itself.
  absl::StatusOr<bool> TakeCode(const std::string& normal,
                                const v1::RingLine* line) {
    if (normal.find('\0') != std::string::npos) return false;
    std::vector<std::pair<std::string, std::string>> rows;
    BL_RETURN_IF_ERROR(EachSku(docs::CodesOf(normal), &rows));
    bool any = false;
    for (const auto& [sku, value] : rows) {
      BL_ASSIGN_OR_RETURN(auto item, Item(sku));
      if (!item.has_value() || !HasCode(*item, normal)) continue;
      BL_ASSIGN_OR_RETURN(const auto code,
                          Parsed<v1::ItemCode>(value, "a code of an item"));
      any = true;
      BL_RETURN_IF_ERROR(AddWithVariants(
          *std::move(item), line != nullptr ? *line : LineOf(code)));
    }
    return any;
  }

  v1::RingLine LineOf(const v1::ItemCode& code) const {
    v1::RingLine line = OnePiece();
    if (code.pieces() > 1) line.set_quantity_milli(code.pieces() * 1'000);
    if (code.has_price_minor() && code.currency() == shelf_.currency) {
      line.set_gross_minor(code.price_minor());
    }
    return line;
  }

  absl::Status TakeRead(const ScanCode& read) {
    if (read.kind == ScanCode::Kind::kMeasure)
      return TakeMeasure(*read.measure);
    if (read.kind == ScanCode::Kind::kGtin) return TakeGtin(read.content);
    for (const std::string& form : FormsOfScan(read.text)) {
      BL_ASSIGN_OR_RETURN(const bool found, TakeCode(form, nullptr));
      if (found) break;
    }
    return absl::OkStatus();
  }

  absl::Status TakeGtin(const Gs1Content& content) {
    v1::RingLine line = OnePiece();
    bool says_more = false;
    if (content.quantity_milli.has_value() && *content.quantity_milli > 0) {
      line.set_quantity_milli(*content.quantity_milli);
      says_more = true;
    }
    if (content.price_minor.has_value()) {
      BL_RETURN_IF_ERROR(
          SetAmount(*content.price_minor, content.price_digits, &line));
      says_more = true;
    }
    for (const std::string& form : FormsOfScan(content.gtin)) {
      BL_ASSIGN_OR_RETURN(const bool found,
                          TakeCode(form, says_more ? &line : nullptr));
      if (found) break;
    }
    return absl::OkStatus();
  }

  // The amount of a whole package: final.
  absl::Status SetAmount(int64_t value, int decimals, v1::RingLine* line) {
    BL_ASSIGN_OR_RETURN(const int digits,
                        MinorDigits(std::string(shelf_.currency)));
    int64_t amount_minor = value;
    for (; decimals < digits; ++decimals) amount_minor *= 10;
    for (; decimals > digits; --decimals) {
      if (amount_minor % 10 != 0) {
        return absl::InvalidArgumentError(absl::StrCat(
            "the label's amount has more decimals than ", shelf_.currency,
            " has: have the office look at the rules of scales' codes"));
      }
      amount_minor /= 10;
    }
    line->set_gross_minor(amount_minor);
    line->set_label(true);
    return absl::OkStatus();
  }

  absl::Status TakeMeasure(const MeasureCode& measure) {
    v1::RingLine line = OnePiece();
    const bool priced = measure.kind == MeasureKind::kPrice ||
                        measure.kind == MeasureKind::kReduced;
    if (priced) {
      BL_RETURN_IF_ERROR(SetAmount(measure.value, measure.decimals, &line));
      if (measure.weight_milli > 0) {
        line.set_quantity_milli(measure.weight_milli);
      }
    } else if (measure.value > 0) {
      line.set_quantity_milli(measure.value);
    } else {
      return absl::InvalidArgumentError(
          "the label says a quantity of 0: weigh it again");
    }
    // Scales keep item numbers with zeros in front, people often do not.
    std::string number = measure.item;
    const int before = response_.matches_size();
    while (true) {
      BL_ASSIGN_OR_RETURN(const bool found, TakeCode(number, &line));
      if (found) break;
      BL_ASSIGN_OR_RETURN(auto item, Item(number));
      if (item.has_value()) {
        Add(*std::move(item), line);
        break;
      }
      if (number.size() < 2 || number[0] != '0') break;
      number.erase(0, 1);
    }
    if (measure.kind != MeasureKind::kPrice || measure.weight_milli > 0) {
      return absl::OkStatus();
    }
    for (int i = before; i < response_.matches_size(); ++i) {
      BL_RETURN_IF_ERROR(WeightFromAmount(response_.mutable_matches(i)));
    }
    return absl::OkStatus();
  }

  // Of weighed goods on whose label only the amount stands: what it weighed at
  // the catalogue's price. The amount stays as printed.
  absl::Status WeightFromAmount(v1::ItemMatch* match) {
    if (!match->item().weighed()) return absl::OkStatus();
    BL_ASSIGN_OR_RETURN(
        const auto bytes,
        shelf_.store->Get(Table::kDocs,
                          docs::Price(match->item().sku(), shelf_.currency)));
    if (!bytes.has_value()) return absl::OkStatus();
    BL_ASSIGN_OR_RETURN(const auto price, Parsed<v1::Price>(*bytes, "a price"));
    if (price.price_minor_e4() <= 0) return absl::OkStatus();
    const __int128 numerator =
        static_cast<__int128>(match->line().gross_minor()) * 10'000 * 1'000;
    const auto milli = static_cast<int64_t>(
        (numerator + price.price_minor_e4() / 2) / price.price_minor_e4());
    if (milli > 0) match->mutable_line()->set_quantity_milli(milli);
    return absl::OkStatus();
  }

  // Delisted items count only where nothing else does.
  void DropDelisted() {
    auto* matches = response_.mutable_matches();
    const auto delisted = [](const v1::ItemMatch& match) {
      return match.item().delisted();
    };
    if (std::all_of(matches->begin(), matches->end(), delisted)) return;
    matches->erase(std::remove_if(matches->begin(), matches->end(), delisted),
                   matches->end());
  }

  absl::Status NotFound(absl::string_view scan, const absl::Status& read) {
    if (!read.ok()) return read;
    const bool gtin_size =
        scan.size() == 8 || (scan.size() >= 12 && scan.size() <= 14);
    const absl::string_view shown = scan.substr(0, 64);
    if (gtin_size && AllDigits(scan) && !HasGs1CheckDigit(scan) &&
        NormalCode(scan) == scan) {
      return absl::InvalidArgumentError(absl::StrCat(
          "code '", shown,
          "': its check digit is wrong, so it was read or typed wrong: scan it "
          "again"));
    }
    std::vector<std::string> departments;
    BL_RETURN_IF_ERROR(
        shelf_.store->Scan(Table::kDocs, docs::OpenDepartment(""),
                           PrefixEnd(docs::OpenDepartment("")),
                           [&](absl::string_view key, absl::string_view) {
                             departments.emplace_back(key.substr(1));
                             return departments.size() < kDepartmentsShown;
                           }));
    return absl::NotFoundError(absl::StrCat(
        "no item has the SKU or barcode '", shown, "' in the catalogue of ",
        shelf_.branch, ": ",
        departments.empty() ? "scan it again, or have the office add it"
                            : absl::StrCat("sell it under an open department (",
                                           absl::StrJoin(departments, ", "),
                                           "), and the office is told")));
  }

  const ItemShelf& shelf_;
  v1::FindItemResponse& response_;
  std::set<std::string> seen_;  // SKUs
};

}  // namespace

bool HasCode(const v1::Item& item, absl::string_view code) {
  const std::string normal = NormalCode(code);
  for (const std::string& barcode : item.barcodes()) {
    if (NormalCode(barcode) == normal) return true;
  }
  for (const v1::ItemCode& other : item.codes()) {
    if (NormalCode(other.code()) == normal) return true;
  }
  return false;
}

absl::Status FillMatch(const ItemShelf& shelf, v1::ItemMatch* match) {
  const std::string& sku = match->item().sku();
  absl::Status damaged;
  const std::string prefix = docs::Price(sku, "");
  BL_RETURN_IF_ERROR(
      shelf.store->Scan(Table::kDocs, prefix, PrefixEnd(prefix),
                        [&](absl::string_view, absl::string_view value) {
                          auto price = Parsed<v1::Price>(value, "a price");
                          damaged = price.status();
                          if (price.ok())
                            *match->add_prices() = *std::move(price);
                          return damaged.ok();
                        }));
  BL_RETURN_IF_ERROR(damaged);
  BL_ASSIGN_OR_RETURN(const Cell balance, shelf.books->Read(books::Balance(
                                              shelf.branch, SkuUnit(sku))));
  v1::Account on_hand;
  on_hand.set_kind(v1::ACCOUNT_KIND_ON_HAND);
  BL_ASSIGN_OR_RETURN(const int64_t milli,
                      Narrow(balance.Get(AccountField(on_hand)), "on hand"));
  match->set_on_hand_milli(milli);
  return absl::OkStatus();
}

absl::Status FindItems(const ItemShelf& shelf, absl::string_view scan,
                       v1::FindItemResponse* response) {
  scan = absl::StripAsciiWhitespace(scan);
  if (scan.empty() || scan.size() > kScanSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a code of ", scan.size(), " bytes was given, want 1 to ",
                     kScanSizeMax));
  }
  return Finder(shelf, response).Find(scan);
}

}  // namespace branchline
