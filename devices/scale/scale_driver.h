#pragma once

#include <cstdint>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "devices/scale/scale_protocol.h"
#include "devices/scale/weigh_gate.h"
#include "devices/transport/link.h"

namespace branchline {

struct ScaleReport {
  LinkStatus link;
  ScaleReading last;
  int64_t refused_count = 0;
};

// One scale, asked for its weight over and over. Step() by the device's thread;
// everything else by any.
class ScaleDriver {
 public:
  static constexpr absl::Duration kAskEvery = absl::Milliseconds(250);
  // Questions in a row without an answer after which the line is opened anew.
  static constexpr int kSilentMax = 12;

  // `clock` and `random` outlive the driver.
  ScaleDriver(std::unique_ptr<ScaleProtocol> protocol,
              std::unique_ptr<Transport> transport, Clock* clock,
              Random* random);

  void Step(absl::Duration wait_max);

  // Something was plugged in: see Link::RetryNow().
  void RetryNow() { link_.RetryNow(); }

  // See WeighGate.
  absl::StatusOr<ScaleReading> Take() ABSL_LOCKS_EXCLUDED(mutex_);

  // Sets the scale to zero with the next Step().
  //
  //   UNIMPLEMENTED  its protocol has no such command: use its own key
  absl::Status Zero() ABSL_LOCKS_EXCLUDED(mutex_);

  ScaleReport Report() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const std::unique_ptr<ScaleProtocol> protocol_;
  Clock* const clock_;
  Link link_;
  absl::Duration asked_at_ = -absl::InfiniteDuration();
  int silent_ = 0;

  mutable absl::Mutex mutex_;
  WeighGate gate_ ABSL_GUARDED_BY(mutex_);
  bool zero_wanted_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t refused_count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace branchline
