#include "devices/scale/scale_driver.h"

#include <algorithm>
#include <string>
#include <utility>

namespace branchline {
namespace {

constexpr absl::Duration kWriteTimeout = absl::Milliseconds(200);

}  // namespace

ScaleDriver::ScaleDriver(std::unique_ptr<ScaleProtocol> protocol,
                         std::unique_ptr<Transport> transport, Clock* clock,
                         Random* random)
    : protocol_(std::move(protocol)),
      clock_(clock),
      link_(std::move(transport), clock, random) {}

void ScaleDriver::Step(absl::Duration wait_max) {
  if (!link_.EnsureOpen().ok()) {
    {
      absl::MutexLock lock(&mutex_);
      gate_.OnLost();
    }
    return link_.WaitForRetry(wait_max);
  }
  absl::Duration now = clock_->MonotonicNow();
  if (now - asked_at_ >= kAskEvery) {
    if (++silent_ > kSilentMax) {
      silent_ = 0;
      return link_.Drop(
          "it answers no question; is it on, is it set to this "
          "protocol?");
    }
    bool zero = false;
    {
      absl::MutexLock lock(&mutex_);
      zero = std::exchange(zero_wanted_, false);
    }
    asked_at_ = now;
    const std::string question = zero ? protocol_->Zero() : protocol_->Ask();
    (void)link_.Write(question, kWriteTimeout);
  }
  char buffer[128];
  const absl::StatusOr<size_t> count = link_.Read(
      buffer, sizeof(buffer), std::min(wait_max, asked_at_ + kAskEvery - now));
  if (!count.ok() || *count == 0) return;
  now = clock_->MonotonicNow();
  std::string send;
  {
    absl::MutexLock lock(&mutex_);
    send = protocol_->Feed(absl::string_view(buffer, *count),
                           [&](const ScaleReading& reading) {
                             mutex_.AssertHeld();
                             silent_ = 0;
                             gate_.OnReading(reading, now);
                           });
    refused_count_ = protocol_->refused_count();
  }
  if (!send.empty()) (void)link_.Write(send, kWriteTimeout);
}

absl::StatusOr<ScaleReading> ScaleDriver::Take() {
  absl::MutexLock lock(&mutex_);
  return gate_.Take(clock_->MonotonicNow());
}

absl::Status ScaleDriver::Zero() {
  if (protocol_->Zero().empty()) {
    return absl::UnimplementedError(
        "zero the scale: it takes no such command; use its own key");
  }
  absl::MutexLock lock(&mutex_);
  zero_wanted_ = true;
  return absl::OkStatus();
}

ScaleReport ScaleDriver::Report() const {
  ScaleReport report;
  report.link = link_.status();
  absl::MutexLock lock(&mutex_);
  report.last = gate_.last();
  report.refused_count = refused_count_;
  return report;
}

}  // namespace branchline
