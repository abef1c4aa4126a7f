#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "devices/transport/transport.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"

namespace branchline {

// When to try a device again: at once at first, then after kRetryMin, twice
// that, and so on to kRetryMax, for ever. A connection that does not last
// kStableAfter does not count as success, so that a device which drops every
// connection is not hammered. Pure; not thread-safe.
class Reconnect {
 public:
  static constexpr absl::Duration kRetryMin = absl::Milliseconds(500);
  static constexpr absl::Duration kRetryMax = absl::Seconds(15);
  static constexpr absl::Duration kStableAfter = absl::Seconds(10);

  explicit Reconnect(Random* random) : random_(random) {}

  // Monotonic time from which the next try is due.
  absl::Duration next_try_at() const { return next_try_at_; }

  void OnOpened(absl::Duration now) { opened_at_ = now; }
  // A try failed, or the connection was lost.
  void OnLost(absl::Duration now);

 private:
  Random* const random_;
  absl::Duration next_try_at_ = -absl::InfiniteDuration();
  absl::Duration opened_at_ = absl::InfiniteDuration();  // while not open
  absl::Duration wait_ = absl::ZeroDuration();
};

// What a technician, a metric and the till may know of a device's line.
struct LinkStatus {
  bool open = false;
  std::string name;        // the transport's
  std::string last_error;  // of the last loss or failed try; empty if none
  int64_t opened_count = 0;
  int64_t read_bytes = 0;
  int64_t written_bytes = 0;
  absl::Duration next_try_in = absl::ZeroDuration();  // while not open
};

// A transport that comes back: opened when it is first used, and again, with
// back-off, whenever it was lost. status() may be called by any thread; all
// else by the device's one thread.
class Link {
 public:
  // `clock` and `random` outlive the link.
  Link(std::unique_ptr<Transport> transport, Clock* clock, Random* random);

  // Opens it if it is closed and a try is due.
  //
  //   UNAVAILABLE          not open, and the next try is not due; the message
  //                        is the last error
  //   FAILED_PRECONDITION, INVALID_ARGUMENT  as Transport::Open(); tried again
  //                        all the same, since somebody may have helped
  absl::Status EnsureOpen();

  // As Transport, opening it first. A lost device is closed at once.
  absl::StatusOr<size_t> Read(char* buffer, size_t size,
                              absl::Duration timeout);
  absl::Status Write(absl::string_view bytes, absl::Duration timeout,
                     size_t* written = nullptr);

  // The device talks nonsense or not at all: drops the connection, as if lost.
  void Drop(absl::string_view why);

  // The next try is due now: something was plugged in. Any thread.
  void RetryNow() ABSL_LOCKS_EXCLUDED(mutex_);

  // Waits until the next try is due, at most `wait_max`: what a device's thread
  // does while there is no device.
  void WaitForRetry(absl::Duration wait_max) ABSL_LOCKS_EXCLUDED(mutex_);

  bool IsOpen() const { return transport_->IsOpen(); }
  LinkStatus status() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Lost(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);
  bool TakeRetryNow() ABSL_LOCKS_EXCLUDED(mutex_);

  const std::unique_ptr<Transport> transport_;
  Clock* const clock_;
  Reconnect reconnect_;  // the device's thread only

  mutable absl::Mutex mutex_;
  LinkStatus status_ ABSL_GUARDED_BY(mutex_);
  absl::Duration next_try_at_ ABSL_GUARDED_BY(mutex_);
  bool retry_now_ ABSL_GUARDED_BY(mutex_) = false;
  absl::CondVar retry_came_;
};

}  // namespace branchline
