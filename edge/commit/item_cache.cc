#include "edge/commit/item_cache.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

template <typename Message>
absl::StatusOr<const Message*> Find(
    const Pending& pending, std::string key, absl::string_view what,
    absl::flat_hash_map<std::string, std::unique_ptr<Message>>* known) {
  const auto it = known->find(key);
  if (it != known->end()) return it->second.get();
  BL_ASSIGN_OR_RETURN(const auto bytes, pending.Get(Table::kDocs, key));
  if (!bytes.has_value()) return nullptr;
  auto message = std::make_unique<Message>();
  if (!message->ParseFromString(*bytes)) {
    return absl::DataLossError(absl::StrCat(what, " is damaged in the ledger"));
  }
  return known->emplace(std::move(key), std::move(message)).first->second.get();
}

}  // namespace

absl::StatusOr<const v1::Item*> ItemCache::FindItem(const Pending& pending,
                                                    absl::string_view sku) {
  return Find(pending, docs::Item(sku), "an item", &items_);
}

absl::StatusOr<const v1::Price*> ItemCache::FindPrice(
    const Pending& pending, absl::string_view sku, absl::string_view currency) {
  return Find(pending, docs::Price(sku, currency), "a price", &prices_);
}

void ItemCache::Trim() {
  if (items_.size() + prices_.size() > kEntriesMax) Drop();
}

void ItemCache::Drop() {
  items_.clear();
  prices_.clear();
}

}  // namespace branchline
