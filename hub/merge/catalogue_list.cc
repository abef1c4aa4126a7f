#include "hub/merge/catalogue_list.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "branchline/v1/event.pb.h"
#include "sync/base/cursor.h"
#include "sync/base/item_code.h"
#include "sync/base/status_macros.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr size_t kReadBytes = 4 << 20;  // of the stream at a time

// Prices of `sku` in one event, if there are any.
void TakePrices(const v1::Event& event, const v1::Record& record,
                absl::string_view sku, v1::GetPriceHistoryResponse* response) {
  const auto add = [&](int64_t price_minor_e4) {
    v1::PriceChange* change = response->add_changes();
    change->set_recorded_at_unix_micros(event.recorded_at_unix_micros());
    change->set_price_minor_e4(price_minor_e4);
    change->set_staff(event.staff());
    *change->mutable_at() = ToProto(CursorOf(record));
    return change;
  };
  for (const v1::Price& price : event.prices_set().prices()) {
    if (price.sku() != sku) continue;
    add(price.price_minor_e4())->set_currency(price.currency());
  }
  for (const v1::ListPrice& price : event.list_prices_set().prices()) {
    if (price.sku() != sku) continue;
    v1::PriceChange* change = add(price.price_minor_e4());
    change->set_list_id(event.list_prices_set().list_id());
    change->set_removed(price.removed());
  }
}

absl::StatusOr<bool> IsKnown(const HubStore& store, const std::string& code) {
  BL_ASSIGN_OR_RETURN(const auto direct, store.ReadItems({code}));
  if (direct[0].has_value()) return true;
  for (const std::string& form : FormsOfScan(code)) {
    BL_ASSIGN_OR_RETURN(const auto skus, store.ReadCodeSkus({form}));
    BL_ASSIGN_OR_RETURN(const auto items, store.ReadItems(skus[0]));
    for (const auto& item : items) {
      if (!item.has_value()) continue;
      for (const std::string& barcode : item->barcodes()) {
        if (NormalCode(barcode) == form) return true;
      }
      for (const v1::ItemCode& other : item->codes()) {
        if (NormalCode(other.code()) == form) return true;
      }
    }
  }
  return false;
}

}  // namespace

absl::StatusOr<v1::ListItemsResponse> ListItems(
    const HubStore& store, const v1::ListItemsRequest& request) {
  const uint32_t limit = request.limit() == 0
                             ? kListItemsMax
                             : std::min(request.limit(), kListItemsMax);
  BL_ASSIGN_OR_RETURN(auto items, store.ListItems(request.after_sku(), limit));
  v1::ListItemsResponse response;
  for (v1::Item& item : items) {
    v1::CatalogueEntry* entry = response.add_entries();
    BL_ASSIGN_OR_RETURN(const auto prices, store.ListPricesOf(item.sku()));
    for (const v1::Price& price : prices) *entry->add_prices() = price;
    if (!request.list_id().empty()) {
      BL_ASSIGN_OR_RETURN(
          const auto listed,
          store.ReadListPrices(request.list_id(), {item.sku()}));
      if (listed[0].has_value() && !listed[0]->removed()) {
        entry->set_list_price_minor_e4(listed[0]->price_minor_e4());
      }
    }
    *entry->mutable_item() = std::move(item);
  }
  return response;
}

absl::StatusOr<v1::GetPriceHistoryResponse> PriceHistory(
    const HubStore& store, const v1::GetPriceHistoryRequest& request) {
  BL_ASSIGN_OR_RETURN(const auto items, store.ReadItems({request.sku()}));
  if (!items[0].has_value()) {
    return absl::NotFoundError(absl::StrCat("there is no item '",
                                            request.sku().substr(0, 64),
                                            "' in the catalogue"));
  }
  v1::GetPriceHistoryResponse response;
  Cursor at;
  while (true) {
    BL_ASSIGN_OR_RETURN(
        const auto records,
        store.ReadRecords(std::string(kChainStream), at, kReadBytes));
    if (records.empty()) break;
    for (const std::string& bytes : records) {
      v1::Record record;
      v1::Event event;
      if (!record.ParseFromString(bytes)) {
        return absl::DataLossError("a record of the chain's stream is damaged");
      }
      at = CursorOf(record);
      // One that is newer than this program says nothing of prices here.
      if (!event.ParseFromString(record.payload())) continue;
      TakePrices(event, record, request.sku(), &response);
    }
  }
  auto* changes = response.mutable_changes();
  if (changes->size() > kPriceChangesMax) {
    changes->DeleteSubrange(0, changes->size() - kPriceChangesMax);
  }
  BL_ASSIGN_OR_RETURN(const auto published, store.ReadPublished());
  for (v1::PriceChange& change : *changes) {
    for (const v1::PriceList& list : published.price_book().lists()) {
      if (list.id() == change.list_id()) change.set_currency(list.currency());
    }
  }
  return response;
}

absl::StatusOr<v1::ListUnknownCodesResponse> UnknownCodes(
    const HubStore& store, const v1::ListUnknownCodesRequest& request) {
  if (!request.branch().empty()) {
    BL_ASSIGN_OR_RETURN(const auto branch, store.ReadBranch(request.branch()));
    if (!branch.has_value()) {
      return absl::NotFoundError(absl::StrCat(
          "this chain has no branch '", request.branch().substr(0, 40), "'"));
    }
  }
  BL_ASSIGN_OR_RETURN(auto codes, store.ReadUnknownCodes(request.branch()));
  v1::ListUnknownCodesResponse response;
  for (v1::UnknownCode& code : codes) {
    BL_ASSIGN_OR_RETURN(const bool known, IsKnown(store, code.code()));
    if (known) continue;
    if (response.codes_size() == kUnknownCodesMax) break;
    *response.add_codes() = std::move(code);
  }
  return response;
}

}  // namespace branchline
