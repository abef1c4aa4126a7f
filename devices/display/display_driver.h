#pragma once

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "devices/display/cd5220.h"
#include "devices/transport/link.h"

namespace branchline {

// One customer display. It never answers, so what it shows is sent again every
// kRefresh: one that was switched off and on shows it soon. Step() by the
// device's thread; everything else by any.
class DisplayDriver {
 public:
  static constexpr absl::Duration kRefresh = absl::Seconds(10);

  // `clock` and `random` outlive the driver.
  DisplayDriver(Cd5220Encoder encoder, std::unique_ptr<Transport> transport,
                Clock* clock, Random* random);

  // Shows `text` from the next Step() on; a text that was not sent yet is
  // replaced.
  void Show(const DisplayText& text) ABSL_LOCKS_EXCLUDED(mutex_);

  // Sends what is due, or waits for something to be, at most `wait_max`.
  void Step(absl::Duration wait_max) ABSL_LOCKS_EXCLUDED(mutex_);

  // Something was plugged in: see Link::RetryNow().
  void RetryNow() { link_.RetryNow(); }

  LinkStatus status() const { return link_.status(); }

 private:
  Cd5220Encoder encoder_;
  Clock* const clock_;
  Link link_;
  int64_t opened_count_ = 0;
  absl::Duration sent_at_ = -absl::InfiniteDuration();

  absl::Mutex mutex_;
  absl::CondVar changed_;
  DisplayText text_ ABSL_GUARDED_BY(mutex_);
  bool is_new_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace branchline
