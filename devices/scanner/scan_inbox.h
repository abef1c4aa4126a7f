#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace branchline {

struct Scan {
  std::string text;   // as scanned, AIM identifier and all
  absl::Duration at;  // monotonic
};

// Scans on their way from a scanner's thread to the till. A scan that waited
// longer than kAgeMax is dropped: it belongs to a customer who has gone. Two
// equal scans are two items, unless `repeat_window` is set: within it the
// second is a scanner's stutter. Thread-safe.
class ScanInbox {
 public:
  static constexpr size_t kScansMax = 64;
  static constexpr absl::Duration kAgeMax = absl::Seconds(5);

  explicit ScanInbox(absl::Duration repeat_window = absl::ZeroDuration())
      : repeat_window_(repeat_window) {}

  // Full: the oldest is dropped, and counted.
  void Put(absl::string_view text, absl::Duration now);

  // The oldest scan that is not stale at `now`.
  std::optional<Scan> Take(absl::Duration now);

  int64_t dropped_count() const;

 private:
  const absl::Duration repeat_window_;
  mutable absl::Mutex mutex_;
  std::deque<Scan> scans_ ABSL_GUARDED_BY(mutex_);
  std::optional<Scan> last_ ABSL_GUARDED_BY(mutex_);
  int64_t dropped_count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace branchline
