#include "tools/drill/progress.h"

#include "absl/time/time.h"

namespace branchline::drill {

void Progress::SetPhase(absl::string_view phase, int64_t receipts_total) {
  absl::MutexLock lock(&mutex_);
  seen_.phase = std::string(phase);
  if (receipts_total > 0) seen_.receipts_total = receipts_total;
}

void Progress::CountReceipt(bool repeated) {
  absl::MutexLock lock(&mutex_);
  ++seen_.receipts;
  if (repeated) ++seen_.repeated;
}

void Progress::CountOutage() {
  absl::MutexLock lock(&mutex_);
  ++seen_.outages;
}

void Progress::CountSlowLine() {
  absl::MutexLock lock(&mutex_);
  ++seen_.slow_lines;
}

void Progress::CountKill() {
  absl::MutexLock lock(&mutex_);
  ++seen_.kills;
}

void Progress::CountSent() {
  absl::MutexLock lock(&mutex_);
  ++sent_;
}

void Progress::AwaitSent(int64_t receipts) const {
  absl::MutexLock lock(&mutex_);
  const auto there = [this, receipts]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return sent_ >= receipts;
  };
  while (!stop) {
    if (mutex_.AwaitWithTimeout(absl::Condition(&there),
                                absl::Milliseconds(200))) {
      return;
    }
  }
}

Progress::Seen Progress::Look() const {
  absl::MutexLock lock(&mutex_);
  return seen_;
}

}  // namespace branchline::drill
