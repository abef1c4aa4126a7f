#include "devices/display/display_driver.h"

#include <string>
#include <utility>

namespace branchline {
namespace {

constexpr absl::Duration kWriteTimeout = absl::Milliseconds(500);

}  // namespace

DisplayDriver::DisplayDriver(Cd5220Encoder encoder,
                             std::unique_ptr<Transport> transport, Clock* clock,
                             Random* random)
    : encoder_(std::move(encoder)),
      clock_(clock),
      link_(std::move(transport), clock, random) {}

void DisplayDriver::Show(const DisplayText& text) {
  absl::MutexLock lock(&mutex_);
  if (text == text_) return;
  text_ = text;
  is_new_ = true;
  changed_.Signal();
}

void DisplayDriver::Step(absl::Duration wait_max) {
  if (!link_.EnsureOpen().ok()) return link_.WaitForRetry(wait_max);
  const int64_t opened = link_.status().opened_count;
  const bool is_reopened = std::exchange(opened_count_, opened) != opened;
  DisplayText text;
  {
    absl::MutexLock lock(&mutex_);
    const bool is_due =
        is_reopened || clock_->MonotonicNow() - sent_at_ >= kRefresh;
    if (!is_due && !is_new_) {
      changed_.WaitWithTimeout(&mutex_, wait_max);
      if (!is_new_) return;
    }
    is_new_ = false;
    text = text_;
  }
  sent_at_ = clock_->MonotonicNow();
  const absl::Status status =
      link_.Write((is_reopened ? encoder_.Start() : "") + encoder_.Encode(text),
                  kWriteTimeout);
  if (absl::IsDeadlineExceeded(status)) {
    link_.Drop("it takes no text; is it on?");
  }
}

}  // namespace branchline
