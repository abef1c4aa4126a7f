#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "hub/storage/hub_store.h"
#include "sync/base/clock.h"

namespace branchline {

inline constexpr absl::Duration kHeardStoredEvery = absl::Minutes(1);

// Who is on the line just now. In memory; when a branch was last heard is also
// stored, at most every kHeardStoredEvery and when its line ends. Safe for
// concurrent use.
class Presence {
 public:
  struct Seen {
    bool online = false;
    int64_t heard_unix_micros = 0;  // 0: not since the hub started
  };

  Presence(HubStore* store, const Clock* clock)
      : store_(*store), clock_(*clock) {}

  absl::Status OnHeard(const std::string& branch) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status OnLineDown(const std::string& branch)
      ABSL_LOCKS_EXCLUDED(mutex_);
  Seen Of(absl::string_view branch) const ABSL_LOCKS_EXCLUDED(mutex_);
  int online() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct State {
    Seen seen;
    absl::Duration stored_at = -absl::InfiniteDuration();  // monotonic
  };

  absl::Status Store(const std::string& branch, int64_t heard_unix_micros);

  HubStore& store_;
  const Clock& clock_;

  mutable absl::Mutex mutex_;
  std::map<std::string, State, std::less<>> states_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline
