#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

namespace branchline::drill {

// How far a drill is; written by its workers, shown by whoever looks. Safe for
// concurrent use.
class Progress {
 public:
  struct Seen {
    std::string phase;
    int64_t receipts_total = 0;
    int64_t receipts = 0;  // answered
    int64_t outages = 0;   // begun so far, as the rest
    int64_t slow_lines = 0;
    int64_t kills = 0;
    int64_t repeated = 0;  // answers to commands that were committed before
  };

  // Whoever holds it may ask the drill to end.
  std::atomic<bool> stop = false;

  void SetPhase(absl::string_view phase, int64_t receipts_total = 0);
  void CountReceipt(bool repeated);
  void CountOutage();
  void CountSlowLine();
  void CountKill();
  // Called just before a receipt is sent.
  void CountSent();
  // Returns when `receipts` have been sent, counted from 0, or on `stop`.
  void AwaitSent(int64_t receipts) const;

  Seen Look() const;

 private:
  mutable absl::Mutex mutex_;
  Seen seen_ ABSL_GUARDED_BY(mutex_);
  int64_t sent_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace branchline::drill
