#include "devices/transport/link.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline {

void Reconnect::OnLost(absl::Duration now) {
  const bool was_stable = opened_at_ != absl::InfiniteDuration() &&
                          now - opened_at_ >= kStableAfter;
  opened_at_ = absl::InfiniteDuration();
  wait_ = was_stable || wait_ == absl::ZeroDuration()
              ? kRetryMin
              : std::min(wait_ * 2, kRetryMax);
  // Up to a quarter more: two printers on one switch do not come in step.
  const uint64_t spread_ms =
      static_cast<uint64_t>(absl::ToInt64Milliseconds(wait_)) / 4 + 1;
  next_try_at_ =
      now + wait_ +
      absl::Milliseconds(static_cast<int64_t>(random_->Below(spread_ms)));
}

Link::Link(std::unique_ptr<Transport> transport, Clock* clock, Random* random)
    : transport_(std::move(transport)), clock_(clock), reconnect_(random) {
  status_.name = transport_->name();
  next_try_at_ = -absl::InfiniteDuration();
}

absl::Status Link::EnsureOpen() {
  if (transport_->IsOpen()) return absl::OkStatus();
  if (!TakeRetryNow() && clock_->MonotonicNow() < reconnect_.next_try_at()) {
    absl::MutexLock lock(&mutex_);
    return absl::UnavailableError(status_.last_error);
  }
  const absl::Status opened = transport_->Open();
  if (!opened.ok()) {
    Lost(opened);
    return opened;
  }
  reconnect_.OnOpened(clock_->MonotonicNow());
  absl::MutexLock lock(&mutex_);
  status_.open = true;
  retry_now_ = false;
  ++status_.opened_count;
  return absl::OkStatus();
}

absl::StatusOr<size_t> Link::Read(char* buffer, size_t size,
                                  absl::Duration timeout) {
  BL_RETURN_IF_ERROR(EnsureOpen());
  absl::StatusOr<size_t> count = transport_->Read(buffer, size, timeout);
  if (!count.ok()) {
    Lost(count.status());
    return count;
  }
  if (*count > 0) {
    absl::MutexLock lock(&mutex_);
    status_.read_bytes += static_cast<int64_t>(*count);
  }
  return count;
}

absl::Status Link::Write(absl::string_view bytes, absl::Duration timeout,
                         size_t* written) {
  size_t done = 0;
  if (written != nullptr) *written = 0;
  BL_RETURN_IF_ERROR(EnsureOpen());
  const absl::Status status = transport_->Write(bytes, timeout, &done);
  if (written != nullptr) *written = done;
  {
    absl::MutexLock lock(&mutex_);
    status_.written_bytes += static_cast<int64_t>(done);
  }
  // A device that is only slow is not lost.
  if (!status.ok() && !absl::IsDeadlineExceeded(status)) Lost(status);
  return status;
}

void Link::Drop(absl::string_view why) {
  if (!transport_->IsOpen()) return;
  Lost(absl::UnavailableError(absl::StrCat(transport_->name(), ": ", why)));
}

void Link::WaitForRetry(absl::Duration wait_max) {
  const absl::Duration wait = std::min(wait_max, status().next_try_in);
  absl::MutexLock lock(&mutex_);
  if (wait > absl::ZeroDuration() && !retry_now_) {
    retry_came_.WaitWithTimeout(&mutex_, wait);
  }
}

void Link::RetryNow() {
  absl::MutexLock lock(&mutex_);
  if (status_.open) return;
  retry_now_ = true;
  retry_came_.Signal();
}

bool Link::TakeRetryNow() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(retry_now_, false);
}

void Link::Lost(const absl::Status& status) {
  transport_->Close();
  reconnect_.OnLost(clock_->MonotonicNow());
  absl::MutexLock lock(&mutex_);
  status_.open = false;
  status_.last_error = std::string(status.message());
  next_try_at_ = reconnect_.next_try_at();
}

LinkStatus Link::status() const {
  absl::MutexLock lock(&mutex_);
  LinkStatus status = status_;
  if (!status.open) {
    status.next_try_in =
        std::max(next_try_at_ - clock_->MonotonicNow(), absl::ZeroDuration());
  }
  return status;
}

}  // namespace branchline
