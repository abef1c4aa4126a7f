#include "edge/devices/scan_feed.h"

#include <utility>

namespace branchline {

void ScanFeed::Put(absl::string_view till, v1::ScanRead scan,
                   absl::Duration read_at) {
  absl::MutexLock lock(&mutex_);
  scan.set_number(++last_);
  std::deque<Entry>& entries = tills_[std::string(till)].entries;
  if (entries.size() >= kKeptMax) {
    entries.pop_front();
    ++dropped_count_;
  }
  entries.push_back({std::move(scan), read_at});
  came_.SignalAll();
}

uint64_t ScanFeed::last() const {
  absl::MutexLock lock(&mutex_);
  return last_;
}

std::vector<v1::ScanRead> ScanFeed::Wait(absl::string_view till, uint64_t after,
                                         absl::Duration wait_max) {
  std::vector<v1::ScanRead> scans;
  const absl::Duration until = clock_.MonotonicNow() + wait_max;
  absl::MutexLock lock(&mutex_);
  if (watchers_ >= kWatchersMax) return scans;
  ++watchers_;
  Till& mine = tills_[std::string(till)];
  while (!stopped_ && !HasAfter(mine, after)) {
    const absl::Duration left = until - clock_.MonotonicNow();
    mine.heard_at = clock_.MonotonicNow();
    if (left <= absl::ZeroDuration()) break;
    came_.WaitWithTimeout(&mutex_, left);
  }
  --watchers_;
  const absl::Duration now = clock_.MonotonicNow();
  mine.heard_at = now;
  while (!mine.entries.empty() &&
         now - mine.entries.front().read_at > kAgeMax) {
    if (mine.entries.front().scan.number() > after) ++dropped_count_;
    mine.entries.pop_front();
  }
  for (const Entry& entry : mine.entries) {
    if (entry.scan.number() <= after) continue;
    scans.push_back(entry.scan);
    scans.back().set_age_micros(absl::ToInt64Microseconds(now - entry.read_at));
  }
  return scans;
}

void ScanFeed::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
  came_.SignalAll();
}

bool ScanFeed::stopped() const {
  absl::MutexLock lock(&mutex_);
  return stopped_;
}

bool ScanFeed::IsHeard(absl::string_view till) const {
  absl::MutexLock lock(&mutex_);
  const auto it = tills_.find(till);
  return it != tills_.end() &&
         clock_.MonotonicNow() - it->second.heard_at <= kAgeMax;
}

int64_t ScanFeed::dropped_count() const {
  absl::MutexLock lock(&mutex_);
  return dropped_count_;
}

}  // namespace branchline
