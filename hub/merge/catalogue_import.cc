#include "hub/merge/catalogue_import.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
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

absl::Status CheckItem(const v1::Item& item) {
  const std::string& sku = item.sku();
  BL_RETURN_IF_ERROR(CheckSize(sku, "SKU", sku, 1, kSkuSizeMax));
  BL_RETURN_IF_ERROR(CheckSize(sku, "name", item.name(), 0, kItemNameSizeMax));
  BL_RETURN_IF_ERROR(
      CheckSize(sku, "Chinese name", item.name_zh(), 0, kItemNameSizeMax));
  BL_RETURN_IF_ERROR(
      CheckSize(sku, "category", item.category(), 0, kCategorySizeMax));
  if (item.barcodes_size() > kBarcodesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("item '", sku, "' has ", item.barcodes_size(),
                     " barcodes, at most ", kBarcodesMax));
  }
  for (const std::string& barcode : item.barcodes()) {
    BL_RETURN_IF_ERROR(CheckSize(sku, "barcode", barcode, 1, kBarcodeSizeMax));
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

absl::Status TwoItems(absl::string_view barcode, absl::string_view sku,
                      absl::string_view other) {
  return absl::AlreadyExistsError(absl::StrCat(
      "barcode ", barcode, " is on item '", sku, "' and on item '", other,
      "': a scanner could not tell them apart; take it off one"));
}

bool HasBarcode(const v1::Item& item, absl::string_view barcode) {
  for (const std::string& have : item.barcodes()) {
    if (have == barcode) return true;
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
    for (const v1::Item& item : request_.items()) {
      BL_RETURN_IF_ERROR(CheckItem(item));
      if (!items_.emplace(item.sku(), &item).second) {
        return absl::InvalidArgumentError(
            absl::StrCat("item '", item.sku(), "' is in the import twice"));
      }
      for (const std::string& barcode : item.barcodes()) {
        const auto [at, fresh] = barcodes_.emplace(barcode, item.sku());
        if (!fresh && at->second != item.sku()) {
          return TwoItems(barcode, at->second, item.sku());
        }
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
    BL_RETURN_IF_ERROR(CheckBarcodes());
    v1::ItemsSet items;
    BL_RETURN_IF_ERROR(DiffItems(&items));
    v1::PricesSet prices;
    BL_RETURN_IF_ERROR(DiffPrices(&prices));
    response->set_items_changed(items.items_size());
    response->set_prices_changed(prices.prices_size());
    HubDecision decision;
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
  // A barcode stays with the SKU that had it until that one gives it up, which
  // it may do in this same import.
  absl::Status CheckBarcodes() {
    std::vector<std::string> codes;
    for (const auto& [barcode, sku] : barcodes_) codes.push_back(barcode);
    BL_ASSIGN_OR_RETURN(const auto owners, store_.ReadBarcodes(codes));
    for (size_t i = 0; i < codes.size(); ++i) {
      const std::string& sku = barcodes_[codes[i]];
      if (!owners[i].has_value() || *owners[i] == sku) continue;
      const auto in_request = items_.find(*owners[i]);
      if (in_request != items_.end()) continue;  // does not have it any more
      BL_ASSIGN_OR_RETURN(const auto other, store_.ReadItems({*owners[i]}));
      if (other[0].has_value() && HasBarcode(*other[0], codes[i])) {
        return TwoItems(codes[i], sku, *owners[i]);
      }
    }
    return absl::OkStatus();
  }

  absl::Status DiffItems(v1::ItemsSet* changed) {
    std::vector<std::string> skus;
    for (const v1::Item& item : request_.items()) skus.push_back(item.sku());
    BL_ASSIGN_OR_RETURN(const auto known, store_.ReadItems(skus));
    for (int i = 0; i < request_.items_size(); ++i) {
      if (!known[i].has_value() || known[i]->SerializeAsString() !=
                                       request_.items(i).SerializeAsString()) {
        *changed->add_items() = request_.items(i);
      }
    }
    return absl::OkStatus();
  }

  absl::Status DiffPrices(v1::PricesSet* changed) {
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
        *changed->add_prices() = request_.prices(i);
      }
    }
    return absl::OkStatus();
  }

  const HubStore& store_;
  const v1::ImportCatalogueRequest& request_;
  std::map<std::string, const v1::Item*> items_;  // by SKU
  std::map<std::string, std::string> barcodes_;   // to the SKU
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
