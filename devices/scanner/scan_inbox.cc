#include "devices/scanner/scan_inbox.h"

#include <utility>

namespace branchline {

void ScanInbox::Put(absl::string_view text, absl::Duration now) {
  absl::MutexLock lock(&mutex_);
  const bool is_stutter = last_.has_value() && last_->text == text &&
                          now - last_->at < repeat_window_;
  last_ = Scan{std::string(text), now};
  if (is_stutter) return;
  if (scans_.size() >= kScansMax) {
    scans_.pop_front();
    ++dropped_count_;
  }
  scans_.push_back(*last_);
}

std::optional<Scan> ScanInbox::Take(absl::Duration now) {
  absl::MutexLock lock(&mutex_);
  while (!scans_.empty()) {
    Scan scan = std::move(scans_.front());
    scans_.pop_front();
    if (now - scan.at <= kAgeMax) return scan;
    ++dropped_count_;
  }
  return std::nullopt;
}

int64_t ScanInbox::dropped_count() const {
  absl::MutexLock lock(&mutex_);
  return dropped_count_;
}

}  // namespace branchline
