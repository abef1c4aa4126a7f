#pragma once

#include <cstdint>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "branchline/v1/till.pb.h"
#include "edge/till/find_item.h"
#include "edge/till/item_index.h"
#include "sync/base/clock.h"
#include "sync/journal/store.h"

namespace branchline {

// Search as a person types, over an index that one thread of this class makes
// from the ledger: a shop that never searches pays nothing for it. What the hub
// changed is in the next index, which is made when somebody searches, and takes
// at most a tenth of one core's time; until then the old one answers, and each
// match is read from the ledger all the same. Safe for concurrent use.
class ItemSearch {
 public:
  static constexpr uint32_t kLimitDefault = 20;
  static constexpr uint32_t kLimitMax = 100;
  // What the first search waits for the first index; then it says `building`.
  static constexpr absl::Duration kFirstWait = absl::Seconds(5);

  // Both outlive it.
  ItemSearch(const Store* store, const Clock* clock);
  ~ItemSearch();
  ItemSearch(const ItemSearch&) = delete;

  // `pulls` changes with everything that is pulled from the hub.
  //   INVALID_ARGUMENT  a query that is empty without a category, or too long
  //   DATA_LOSS         the store cannot be read
  absl::Status Search(const ItemShelf& shelf,
                      const v1::SearchItemsRequest& request, uint64_t pulls,
                      v1::SearchItemsResponse* response)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Work() ABSL_LOCKS_EXCLUDED(mutex_);
  std::shared_ptr<const ItemIndex> Index(uint64_t pulls, bool* building)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const Store& store_;
  const Clock& clock_;
  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t pulls_wanted_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t pulls_made_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Duration may_make_at_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const ItemIndex> index_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline
