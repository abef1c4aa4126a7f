#include "sync/rpc/wake_timer.h"

#include <vector>

namespace branchline {

WakeTimer::WakeTimer(Clock* clock, std::function<void(uint64_t id)> due)
    : clock_(clock), due_(std::move(due)), thread_([this] { Run(); }) {}

WakeTimer::~WakeTimer() { Stop(); }

void WakeTimer::Set(uint64_t id, absl::Duration at) {
  absl::MutexLock lock(&mutex_);
  if (const auto it = by_id_.find(id); it != by_id_.end()) {
    by_time_.erase({it->second, id});
    by_id_.erase(it);
  }
  if (at == absl::InfiniteDuration()) return;
  by_id_.emplace(id, at);
  const auto [place, is_new] = by_time_.emplace(at, id);
  if (place == by_time_.begin()) earlier_ = true;
}

void WakeTimer::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool WakeTimer::HasNews() const { return stop_ || earlier_; }

void WakeTimer::Run() {
  for (;;) {
    std::vector<uint64_t> due;
    {
      absl::MutexLock lock(&mutex_);
      const absl::Duration wait =
          by_time_.empty() ? absl::InfiniteDuration()
                           : by_time_.begin()->first - clock_->MonotonicNow();
      mutex_.AwaitWithTimeout(absl::Condition(this, &WakeTimer::HasNews), wait);
      if (stop_) return;
      earlier_ = false;
      const absl::Duration now = clock_->MonotonicNow();
      while (!by_time_.empty() && by_time_.begin()->first <= now) {
        due.push_back(by_time_.begin()->second);
        by_id_.erase(by_time_.begin()->second);
        by_time_.erase(by_time_.begin());
      }
    }
    for (const uint64_t id : due) due_(id);
  }
}

}  // namespace branchline
