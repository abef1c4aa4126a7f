#include "sync/rpc/wake_timer.h"

#include <gtest/gtest.h>

#include <vector>

namespace branchline {
namespace {

// What was due, in order, for a test to wait for.
class Due {
 public:
  void Add(uint64_t id) {
    absl::MutexLock lock(&mutex_);
    ids_.push_back(id);
  }
  std::vector<uint64_t> Await(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return ids_.size() >= count;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(60));
    return ids_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<uint64_t> ids_ ABSL_GUARDED_BY(mutex_);
};

TEST(WakeTimerTest, CallsInOrderOfTime) {
  Due due;
  WakeTimer timer(&SystemClock(), [&](uint64_t id) { due.Add(id); });
  const absl::Duration now = SystemClock().MonotonicNow();
  timer.Set(1, now + absl::Milliseconds(30));
  timer.Set(2, now + absl::Milliseconds(10));
  timer.Set(3, now + absl::Milliseconds(20));
  EXPECT_EQ(due.Await(3), (std::vector<uint64_t>{2, 3, 1}));
}

TEST(WakeTimerTest, AnIdHasOneTime) {
  Due due;
  WakeTimer timer(&SystemClock(), [&](uint64_t id) { due.Add(id); });
  const absl::Duration now = SystemClock().MonotonicNow();
  timer.Set(1, now + absl::Hours(1));
  timer.Set(2, now + absl::Milliseconds(1));
  timer.Set(2, absl::InfiniteDuration());
  timer.Set(1, now + absl::Milliseconds(20));
  EXPECT_EQ(due.Await(1), (std::vector<uint64_t>{1}));
}

TEST(WakeTimerTest, StopsWithTimesLeft) {
  WakeTimer timer(&SystemClock(), [](uint64_t) {});
  timer.Set(1, SystemClock().MonotonicNow() + absl::Hours(1));
  timer.Stop();
}

}  // namespace
}  // namespace branchline
