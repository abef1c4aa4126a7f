#pragma once

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "tools/drill/chain_rig.h"

namespace branchline::drill {

// Measures how long the hub takes to get what waited at a branch in an outage:
// asks it, on a thread of its own, how far it is. Safe for concurrent use.
class CatchUpWatch {
 public:
  // Both outlive it.
  CatchUpWatch(ChainRig* rig, const Clock* clock);
  ~CatchUpWatch();

  // The line of `branch` is back now; its journal goes to `seq`.
  void Healed(size_t branch, uint64_t seq) ABSL_LOCKS_EXCLUDED(mutex_);

  // The longest so far. What was never caught up with counts nowhere: the
  // settling at the end finds that.
  absl::Duration Longest(size_t branch) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Branch {
    bool waiting = false;
    uint64_t seq = 0;
    absl::Duration healed_at;
    absl::Duration longest;
  };
  void Loop();

  ChainRig& rig_;
  const Clock& clock_;
  mutable absl::Mutex mutex_;
  std::vector<Branch> branches_ ABSL_GUARDED_BY(mutex_);
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace branchline::drill
