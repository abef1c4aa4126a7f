#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "branchline/v1/till_devices.pb.h"
#include "sync/base/clock.h"

namespace branchline {

// Scans on their way from the scanners' threads to the tills that listen.
// Numbers rise over all tills, so that a till which reconnects says what it has
// and gets no scan twice; what waited longer than kAgeMax belongs to a
// customer who has gone, and is dropped. Safe for concurrent use.
class ScanFeed {
 public:
  static constexpr size_t kKeptMax = 64;  // scans, by till
  static constexpr absl::Duration kAgeMax = absl::Seconds(5);
  static constexpr int kWatchersMax = 64;

  // `clock` outlives the feed.
  explicit ScanFeed(const Clock* clock) : clock_(*clock) {}

  // `read_at`: monotonic, when its last byte came in. Sets number and age.
  void Put(absl::string_view till, v1::ScanRead scan, absl::Duration read_at)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The number of the last scan of all; "from now on" is after this.
  uint64_t last() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The fresh scans of `till` after number `after`, oldest first; waits for the
  // first at most `wait_max`. Empty: none came, or Stop(), or more than
  // kWatchersMax wait already.
  std::vector<v1::ScanRead> Wait(absl::string_view till, uint64_t after,
                                 absl::Duration wait_max)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Whoever waits returns, now and later.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopped() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether somebody has listened for `till` within kAgeMax.
  bool IsHeard(absl::string_view till) const ABSL_LOCKS_EXCLUDED(mutex_);
  int64_t dropped_count() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Entry {
    v1::ScanRead scan;
    absl::Duration read_at;
  };
  struct Till {
    std::deque<Entry> entries;
    absl::Duration heard_at = -absl::InfiniteDuration();
  };
  bool HasAfter(const Till& till, uint64_t after) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !till.entries.empty() && till.entries.back().scan.number() > after;
  }

  const Clock& clock_;
  mutable absl::Mutex mutex_;
  absl::CondVar came_;
  std::map<std::string, Till, std::less<>> tills_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_ ABSL_GUARDED_BY(mutex_) = 1;  // 0 asks for "from now on"
  int watchers_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t dropped_count_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace branchline
