#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "sync/base/clock.h"

namespace branchline {

// One thread that calls `due` with an id when its time has come. An id has one
// time; setting it again moves it. Safe for concurrent use. The clock outlives
// it.
class WakeTimer {
 public:
  // `due` is quick, and may call Set().
  WakeTimer(Clock* clock, std::function<void(uint64_t id)> due);
  ~WakeTimer();  // Stop()

  // At `at` (monotonic); never for absl::InfiniteDuration().
  void Set(uint64_t id, absl::Duration at) ABSL_LOCKS_EXCLUDED(mutex_);

  // Ends the thread; `due` is called no more.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Clock* const clock_;
  const std::function<void(uint64_t id)> due_;

  absl::Mutex mutex_;
  std::set<std::pair<absl::Duration, uint64_t>> by_time_
      ABSL_GUARDED_BY(mutex_);
  std::map<uint64_t, absl::Duration> by_id_ ABSL_GUARDED_BY(mutex_);
  bool earlier_ ABSL_GUARDED_BY(mutex_) = false;  // the first time moved
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses the rest
};

}  // namespace branchline
