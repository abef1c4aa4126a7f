#include "edge/serve/item_search.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "edge/till/pricing_book.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr int kRestFactor = 10;  // of the time that an index took

// `category` and all below it.
absl::StatusOr<absl::flat_hash_set<std::string>> Below(
    const Store& store, const std::string& category) {
  absl::flat_hash_set<std::string> wanted = {category};
  BL_ASSIGN_OR_RETURN(const auto bytes,
                      store.Get(Table::kDocs, docs::Categories()));
  v1::CategoriesSet tree;
  if (bytes.has_value() && !tree.ParseFromString(*bytes)) {
    return absl::DataLossError("the tree of categories is damaged");
  }
  for (const auto& [id, above] : CategoriesAbove(tree)) {
    if (std::find(above.begin(), above.end(), category) != above.end()) {
      wanted.insert(id);
    }
  }
  return wanted;
}

}  // namespace

ItemSearch::ItemSearch(const Store* store, const Clock* clock)
    : store_(*store), clock_(*clock), may_make_at_(absl::ZeroDuration()) {}

ItemSearch::~ItemSearch() {
  std::thread thread;
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
    thread = std::move(thread_);
  }
  if (thread.joinable()) thread.join();
}

void ItemSearch::Work() {
  while (true) {
    uint64_t pulls = 0;
    {
      absl::MutexLock lock(&mutex_);
      const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stop_ || wanted_;
      };
      mutex_.Await(absl::Condition(&due));
      if (stop_) return;
      wanted_ = false;
      pulls = pulls_wanted_;
    }
    const absl::Duration begun = clock_.MonotonicNow();
    auto index = std::make_shared<ItemIndex>();
    bool stopped = false;
    int64_t read = 0;
    const absl::Status scanned =
        store_.Scan(Table::kDocs, docs::Item(""), PrefixEnd(docs::Item("")),
                    [&](absl::string_view, absl::string_view value) {
                      v1::Item item;
                      if (item.ParseFromArray(value.data(),
                                              static_cast<int>(value.size()))) {
                        index->Add(item);
                      }
                      if (++read % 1'024 != 0) return true;
                      absl::MutexLock lock(&mutex_);
                      stopped = stop_;
                      return !stopped;
                    });
    if (stopped) return;
    // A store that cannot be read stops the whole daemon elsewhere.
    if (scanned.ok()) index->Build();
    const absl::Duration now = clock_.MonotonicNow();
    absl::MutexLock lock(&mutex_);
    may_make_at_ = now + kRestFactor * (now - begun);
    if (!scanned.ok()) continue;
    index_ = std::move(index);
    pulls_made_ = pulls;
  }
}

std::shared_ptr<const ItemIndex> ItemSearch::Index(uint64_t pulls,
                                                   bool* building) {
  absl::MutexLock lock(&mutex_);
  if (!thread_.joinable()) thread_ = std::thread([this] { Work(); });
  const bool is_old = index_ == nullptr || pulls_made_ != pulls;
  if (is_old && clock_.MonotonicNow() >= may_make_at_) {
    wanted_ = true;
    pulls_wanted_ = pulls;
  }
  const auto is_there = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return index_ != nullptr;
  };
  if (index_ == nullptr) {
    mutex_.AwaitWithTimeout(absl::Condition(&is_there), kFirstWait);
  }
  *building = index_ == nullptr || pulls_made_ != pulls;
  return index_;
}

absl::Status ItemSearch::Search(const ItemShelf& shelf,
                                const v1::SearchItemsRequest& request,
                                uint64_t pulls,
                                v1::SearchItemsResponse* response) {
  if (request.text().size() > ItemIndex::kQuerySizeMax ||
      (request.text().empty() && request.category().empty())) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a search has ", request.text().size(), " bytes of text, want 1 to ",
        ItemIndex::kQuerySizeMax, ", or a category"));
  }
  bool building = false;
  const auto index = Index(pulls, &building);
  response->set_building(building);
  if (index == nullptr) return absl::OkStatus();
  absl::flat_hash_set<std::string> categories;
  if (!request.category().empty()) {
    BL_ASSIGN_OR_RETURN(categories, Below(store_, request.category()));
  }
  const uint32_t limit = request.limit() == 0
                             ? kLimitDefault
                             : std::min(request.limit(), kLimitMax);
  const ItemIndex::Found found =
      index->Search(request.text(),
                    request.category().empty() ? nullptr : &categories, limit);
  response->set_more(found.more);
  for (const std::string& sku : found.skus) {
    BL_ASSIGN_OR_RETURN(const auto bytes,
                        store_.Get(Table::kDocs, docs::Item(sku)));
    v1::ItemMatch match;
    if (!bytes.has_value() || !match.mutable_item()->ParseFromString(*bytes)) {
      return absl::DataLossError(
          absl::StrCat("item ", sku, " is not in the ledger any more"));
    }
    if (match.item().delisted()) continue;  // since the index was made
    match.mutable_line()->set_sku(sku);
    match.mutable_line()->set_quantity_milli(1'000);
    BL_RETURN_IF_ERROR(FillMatch(shelf, &match));
    *response->add_matches() = std::move(match);
  }
  return absl::OkStatus();
}

}  // namespace branchline
