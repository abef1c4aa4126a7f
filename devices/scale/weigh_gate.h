#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "devices/scale/scale_reading.h"

namespace branchline {

// Which weights may be sold by: stable ones, fresh ones, and each one once.
// Once a weight has been taken, the next needs the load to have changed: the
// scale must have been empty or in motion in between, or another item would be
// sold by the weight of the first.
//
// Pure; times are monotonic. Not thread-safe.
class WeighGate {
 public:
  static constexpr absl::Duration kFreshFor = absl::Seconds(1);

  void OnReading(const ScaleReading& reading, absl::Duration now);
  // The scale is gone.
  void OnLost();

  // The weight of what is on the scale, taken.
  //
  //   UNAVAILABLE          the scale says nothing; type the weight, with
  //                        whatever leave that needs
  //   ABORTED              not stable, empty, too heavy, below zero: try again
  //                        when that has changed
  //   FAILED_PRECONDITION  the weight on it has been taken: take the goods off
  absl::StatusOr<ScaleReading> Take(absl::Duration now);

  const ScaleReading& last() const { return last_; }

 private:
  ScaleReading last_;
  absl::Duration read_at_ = -absl::InfiniteDuration();
  bool taken_ = false;
};

}  // namespace branchline
