#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

// Cuts a barcode scanner's bytes into scans. No port and no clock: bytes and
// times in, scans out.
//
//   - a scan ends at CR or LF; CR LF ends it once
//   - an empty scan is not reported
//   - a pause does not end a scan; but one that stands still for longer than
//     kPauseMax was broken off (unplugged, switched off), and is dropped: what
//     comes then is another scan
//   - a scan longer than kScanSizeMax is dropped whole and counted, and the
//     next one is read normally: a stuck key must not shift later scans
//   - a byte outside printable ASCII drops its scan the same way, FNC1 (1Dh)
//     apart, which parts GS1 elements
//
// Not thread-safe: one framer per port, on the port's thread.
class LineFramer {
 public:
  static constexpr size_t kScanSizeMax = 1'280;  // bytes, terminator excluded
  static constexpr absl::Duration kPauseMax = absl::Seconds(2);

  // Calls `on_scan` for each scan that `bytes`, come at monotonic time `now`,
  // complete. The view is valid during the call only.
  void Feed(absl::string_view bytes, absl::Duration now,
            absl::FunctionRef<void(absl::string_view)> on_scan);

  // Drops what is half read: after a reconnect.
  void Reset();

  // Scans dropped since construction.
  int64_t dropped_count() const { return dropped_count_; }

 private:
  std::string scan_;
  bool dropping_ = false;  // the current scan is bad; wait for its terminator
  absl::Duration fed_at_ = -absl::InfiniteDuration();
  int64_t dropped_count_ = 0;
};

}  // namespace branchline
