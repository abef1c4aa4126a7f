#include "hub/merge/catalogue_import.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "hub/merge/catalogue_diff.h"
#include "sync/base/item_code.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::Status CheckSize(absl::string_view sku, absl::string_view what,
                       absl::string_view text, size_t min, size_t max) {
  if (text.size() >= min && text.size() <= max &&
      text.find('\0') == absl::string_view::npos) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("item '", sku.substr(0, kSkuSizeMax), "': its ", what,
                   " has ", text.size(), " bytes, want ", min, " to ", max,
                   " and none of them zero"));
}

absl::Status CheckCodes(const v1::Item& item) {
  const std::string& sku = item.sku();
  if (item.barcodes_size() > kBarcodesMax || item.codes_size() > kBarcodesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("item '", sku, "' has ",
                     std::max(item.barcodes_size(), item.codes_size()),
                     " barcodes, at most ", kBarcodesMax));
  }
  std::set<std::string> forms;
  const auto once = [&](const std::string& code) {
    if (forms.insert(NormalCode(code)).second) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("item '", sku, "': its code ", code,
                     " stands for the same number as another of its codes"));
  };
  for (const std::string& barcode : item.barcodes()) {
    BL_RETURN_IF_ERROR(CheckSize(sku, "barcode", barcode, 1, kBarcodeSizeMax));
    forms.insert(NormalCode(barcode));  // twice means the same
  }
  for (const v1::ItemCode& code : item.codes()) {
    BL_RETURN_IF_ERROR(
        CheckSize(sku, "barcode", code.code(), 1, kBarcodeSizeMax));
    BL_RETURN_IF_ERROR(once(code.code()));
    if (code.pieces() < 0 || code.pieces() > kCodePiecesMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("item '", sku, "': its code ", code.code(), " means ",
                       code.pieces(), " pieces, want 1 to ", kCodePiecesMax));
    }
    if (!code.has_price_minor()) continue;
    BL_RETURN_IF_ERROR(
        Annotate(MinorDigits(code.currency()).status(),
                 absl::StrCat("item '", sku, "', code ", code.code())));
    if (code.price_minor() < 0 || code.price_minor() > kPriceMinorE4Max) {
      return absl::InvalidArgumentError(
          absl::StrCat("item '", sku, "': the price of its code ", code.code(),
                       " is below 0 or too high"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckItem(const v1::Item& item) {
  const std::string& sku = item.sku();
  BL_RETURN_IF_ERROR(CheckSize(sku, "SKU", sku, 1, kSkuSizeMax));
  BL_RETURN_IF_ERROR(CheckSize(sku, "name", item.name(), 0, kItemNameSizeMax));
  BL_RETURN_IF_ERROR(
      CheckSize(sku, "Chinese name", item.name_zh(), 0, kItemNameSizeMax));
  BL_RETURN_IF_ERROR(
      CheckSize(sku, "category", item.category(), 0, kCategorySizeMax));
  BL_RETURN_IF_ERROR(
      CheckSize(sku, "deposit's SKU", item.deposit_sku(), 0, kSkuSizeMax));
  BL_RETURN_IF_ERROR(
      CheckSize(sku, "parent's SKU", item.variant_of(), 0, kSkuSizeMax));
  BL_RETURN_IF_ERROR(CheckCodes(item));
  const auto bad = [&](absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("item '", sku, "' ", what));
  };
  if (item.deposit_sku() == sku) return bad("is its own deposit");
  if (item.variant_of() == sku) return bad("is a variant of itself");
  if (!v1::ItemKind_IsValid(item.kind()) ||
      !v1::NegativeStock_IsValid(item.negative_stock())) {
    return bad("is of a kind that is not known here");
  }
  if (item.keyed_price_max_minor_e4() < 0 ||
      item.keyed_price_max_minor_e4() > kPriceMinorE4Max) {
    return bad("has a limit for keyed prices below 0 or too high");
  }
  if (item.images_size() > kImagesMax ||
      item.variant_size() > kVariantValuesMax) {
    return bad(absl::StrCat("has ", item.images_size(), " images and ",
                            item.variant_size(), " variant values, at most ",
                            kImagesMax, " and ", kVariantValuesMax));
  }
  for (const std::string& image : item.images()) {
    BL_RETURN_IF_ERROR(CheckSize(sku, "image", image, 1, kImageSizeMax));
  }
  for (const v1::VariantValue& value : item.variant()) {
    BL_RETURN_IF_ERROR(CheckSize(sku, "variant", value.name(), 1, kSkuSizeMax));
    BL_RETURN_IF_ERROR(
        CheckSize(sku, "variant", value.value(), 0, kSkuSizeMax));
  }
  return absl::OkStatus();
}

absl::Status CheckPrice(const v1::Price& price) {
  BL_RETURN_IF_ERROR(
      CheckSize(price.sku(), "SKU", price.sku(), 1, kSkuSizeMax));
  BL_RETURN_IF_ERROR(
      Annotate(MinorDigits(price.currency()).status(),
               absl::StrCat("price of item '", price.sku(), "'")));
  if (price.price_minor_e4() < -kPriceMinorE4Max ||
      price.price_minor_e4() > kPriceMinorE4Max) {
    return absl::InvalidArgumentError(absl::StrCat(
        "price of item '", price.sku(), "' is ", price.price_minor_e4(),
        " ten-thousandths of a minor unit, at most ", kPriceMinorE4Max,
        " either way"));
  }
  return absl::OkStatus();
}

bool HasCode(const v1::Item& item, const std::string& normal) {
  for (const std::string& have : item.barcodes()) {
    if (NormalCode(have) == normal) return true;
  }
  for (const v1::ItemCode& have : item.codes()) {
    if (NormalCode(have.code()) == normal) return true;
  }
  return false;
}

class Import {
 public:
  Import(const HubStore& store, const v1::ImportCatalogueRequest& request)
      : store_(store), request_(request) {}

  // What can be said of the request by itself.
  absl::Status Check() {
    if (request_.items_size() > kImportRowsMax ||
        request_.prices_size() > kImportRowsMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("import of ", request_.items_size(), " items and ",
                       request_.prices_size(), " prices, at most ",
                       kImportRowsMax, " of each in one call"));
    }
    for (const std::string& name : request_.item_fields()) {
      if (v1::Item::descriptor()->FindFieldByName(name) != nullptr) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("the import sets field '", name.substr(0, 40),
                       "', which items do not have"));
    }
    for (const v1::Item& item : request_.items()) {
      BL_RETURN_IF_ERROR(CheckItem(item));
      if (!items_.emplace(item.sku(), &item).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("item '", item.sku(), "' is in the import twice"));
      }
    }
    for (const v1::Price& price : request_.prices()) {
      BL_RETURN_IF_ERROR(CheckPrice(price));
      if (!prices_.emplace(price.sku(), price.currency()).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("the ", price.currency(), " price of item '",
                         price.sku(), "' is in the import twice"));
      }
    }
    return absl::OkStatus();
  }

  // What differs from the catalogue as it is now.
  absl::StatusOr<HubDecision> Decide(v1::ImportCatalogueResponse* response) {
    response->Clear();  // a second try
    v1::ItemsSet items;
    BL_RETURN_IF_ERROR(DiffItems(&items, response));
    BL_RETURN_IF_ERROR(WarnOfSharedCodes(items, response));
    v1::PricesSet prices;
    BL_RETURN_IF_ERROR(DiffPrices(&prices, response));
    response->set_items_changed(items.items_size());
    response->set_prices_changed(prices.prices_size());
    HubDecision decision;
    if (request_.dry_run()) return decision;
    if (items.items_size() > 0) {
      HubEvent& event = decision.events.emplace_back();
      event.stream = std::string(kChainStream);
      *event.event.mutable_items_set() = std::move(items);
    }
    if (prices.prices_size() > 0) {
      HubEvent& event = decision.events.emplace_back();
      event.stream = std::string(kChainStream);
      *event.event.mutable_prices_set() = std::move(prices);
    }
    return decision;
  }

 private:
  // Codes of changed items that another item has, too: in the catalogue, or in
  // this same import.
  absl::Status WarnOfSharedCodes(const v1::ItemsSet& changed,
                                 v1::ImportCatalogueResponse* response) {
    std::map<std::string, const v1::Item*> now;
    std::map<std::string, std::set<std::string>> owners;  // by code
    for (const v1::Item& item : changed.items()) now[item.sku()] = &item;
    for (const v1::Item& item : changed.items()) {
      for (const std::string& code : item.barcodes()) {
        owners[NormalCode(code)].insert(item.sku());
      }
      for (const v1::ItemCode& code : item.codes()) {
        owners[NormalCode(code.code())].insert(item.sku());
      }
    }
    std::vector<std::string> codes;
    for (const auto& [code, skus] : owners) codes.push_back(code);
    BL_ASSIGN_OR_RETURN(const auto known, store_.ReadCodeSkus(codes));
    for (size_t i = 0; i < codes.size(); ++i) {
      std::set<std::string>& skus = owners[codes[i]];
      for (const std::string& sku : known[i]) {
        if (now.count(sku) != 0) continue;  // as it says now
        BL_ASSIGN_OR_RETURN(const auto other, store_.ReadItems({sku}));
        if (other[0].has_value() && HasCode(*other[0], codes[i])) {
          skus.insert(sku);
        }
      }
      if (skus.size() < 2) continue;
      response->add_warnings(absl::StrCat("code ", codes[i], " is on items ",
                                          absl::StrJoin(skus, ", "),
                                          ": the till will ask which"));
    }
    return absl::OkStatus();
  }

  // The item as it will be: all of the request's, or some fields of it.
  v1::Item Merged(const std::optional<v1::Item>& known,
                  const v1::Item& asked) const {
    if (!known.has_value() || request_.item_fields().empty()) return asked;
    v1::Item item = *known;
    const auto* descriptor = v1::Item::descriptor();
    const auto* reflection = v1::Item::GetReflection();
    for (const std::string& name : request_.item_fields()) {
      const auto* field = descriptor->FindFieldByName(name);
      v1::Item one = asked;
      std::vector<const google::protobuf::FieldDescriptor*> set;
      reflection->ListFields(one, &set);
      for (const auto* other : set) {
        if (other != field) reflection->ClearField(&one, other);
      }
      reflection->ClearField(&item, field);
      item.MergeFrom(one);
    }
    return item;
  }

  absl::Status DiffItems(v1::ItemsSet* changed,
                         v1::ImportCatalogueResponse* response) {
    std::vector<std::string> skus;
    for (const v1::Item& item : request_.items()) skus.push_back(item.sku());
    BL_ASSIGN_OR_RETURN(const auto known, store_.ReadItems(skus));
    for (int i = 0; i < request_.items_size(); ++i) {
      v1::Item item = Merged(known[i], request_.items(i));
      if (known[i].has_value() &&
          known[i]->SerializeAsString() == item.SerializeAsString()) {
        continue;
      }
      // A mixture of two items that were right may be wrong.
      BL_RETURN_IF_ERROR(CheckItem(item));
      AddDifferences(known[i], item, response);
      *changed->add_items() = std::move(item);
    }
    return absl::OkStatus();
  }

  absl::Status DiffPrices(v1::PricesSet* changed,
                          v1::ImportCatalogueResponse* response) {
    std::vector<std::pair<std::string, std::string>> keys;
    std::vector<std::string> elsewhere;  // SKUs that are not in the request
    for (const v1::Price& price : request_.prices()) {
      keys.emplace_back(price.sku(), price.currency());
      if (items_.count(price.sku()) == 0) elsewhere.push_back(price.sku());
    }
    BL_ASSIGN_OR_RETURN(const auto items, store_.ReadItems(elsewhere));
    for (size_t i = 0; i < elsewhere.size(); ++i) {
      if (items[i].has_value()) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "a price is for item '", elsewhere[i],
          "', which is neither in the import nor in the catalogue"));
    }
    BL_ASSIGN_OR_RETURN(const auto known, store_.ReadPrices(keys));
    for (int i = 0; i < request_.prices_size(); ++i) {
      if (!known[i].has_value() ||
          known[i]->price_minor_e4() != request_.prices(i).price_minor_e4()) {
        AddDifference(known[i], request_.prices(i), response);
        *changed->add_prices() = request_.prices(i);
      }
    }
    return absl::OkStatus();
  }

  const HubStore& store_;
  const v1::ImportCatalogueRequest& request_;
  std::map<std::string, const v1::Item*> items_;  // by SKU
  std::set<std::pair<std::string, std::string>> prices_;
};

}  // namespace

absl::StatusOr<v1::ImportCatalogueResponse> ImportCatalogue(
    HubStore* store, HubLedger* ledger,
    const v1::ImportCatalogueRequest& request) {
  Import import(*store, request);
  BL_RETURN_IF_ERROR(import.Check());
  v1::ImportCatalogueResponse response;
  BL_RETURN_IF_ERROR(ledger->Decide([&] { return import.Decide(&response); }));
  return response;
}

}  // namespace branchline
