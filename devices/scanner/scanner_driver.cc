#include "devices/scanner/scanner_driver.h"

#include <linux/input.h>

#include <string>
#include <utility>

namespace branchline {

ScannerDriver::ScannerDriver(Kind kind, std::unique_ptr<Transport> transport,
                             ScanInbox* inbox, Clock* clock, Random* random)
    : kind_(kind),
      inbox_(inbox),
      clock_(clock),
      link_(std::move(transport), clock, random) {}

void ScannerDriver::Step(absl::Duration wait_max) {
  if (!link_.EnsureOpen().ok()) return link_.WaitForRetry(wait_max);
  if (const int64_t opened = link_.status().opened_count;
      opened != opened_count_) {
    opened_count_ = opened;
    framer_.Reset();
    wedge_.Reset();
  }
  // Whole records: the kernel gives no halves, and takes no smaller buffer.
  char buffer[64 * sizeof(input_event)];
  const absl::StatusOr<size_t> count =
      link_.Read(buffer, sizeof(buffer), wait_max);
  if (!count.ok() || *count == 0) return;
  const absl::string_view bytes(buffer, *count);
  const absl::Duration now = clock_->MonotonicNow();
  const std::string text =
      kind_ == Kind::kKeyboard ? wedge_.Feed(bytes) : std::string(bytes);
  framer_.Feed(text, now,
               [this, now](absl::string_view scan) { inbox_->Put(scan, now); });
}

}  // namespace branchline
