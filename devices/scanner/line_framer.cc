#include "devices/scanner/line_framer.h"

namespace branchline {
namespace {

constexpr char kFnc1 = 0x1D;

bool IsOfAScan(char c) { return (c >= 0x20 && c < 0x7F) || c == kFnc1; }

}  // namespace

void LineFramer::Reset() {
  if (!scan_.empty() || dropping_) ++dropped_count_;
  scan_.clear();
  dropping_ = false;
}

void LineFramer::Feed(absl::string_view bytes, absl::Duration now,
                      absl::FunctionRef<void(absl::string_view)> on_scan) {
  if (bytes.empty()) return;
  if (now - fed_at_ > kPauseMax) Reset();
  fed_at_ = now;
  for (const char c : bytes) {
    if (c == '\r' || c == '\n') {
      if (dropping_) {
        Reset();
      } else if (!scan_.empty()) {
        on_scan(scan_);
        scan_.clear();
      }
    } else if (dropping_ || !IsOfAScan(c) || scan_.size() >= kScanSizeMax) {
      dropping_ = true;
      scan_.clear();
    } else {
      scan_.push_back(c);
    }
  }
}

}  // namespace branchline
