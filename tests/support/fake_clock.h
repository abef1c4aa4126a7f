#pragma once

#include "absl/time/time.h"
#include "sync/base/clock.h"

namespace branchline {

// A clock that stands still until it is told to go. Wall and monotonic time
// move together, and the wall clock alone can be set. Not thread-safe.
class FakeClock final : public Clock {
 public:
  absl::Time WallNow() const override { return wall_; }
  absl::Duration MonotonicNow() const override { return monotonic_; }

  void Advance(absl::Duration by) {
    wall_ += by;
    monotonic_ += by;
  }
  void SetWall(absl::Time to) { wall_ = to; }

 private:
  absl::Time wall_ = absl::FromCivil(absl::CivilSecond(2026, 11, 21, 9, 0, 0),
                                     absl::UTCTimeZone());
  absl::Duration monotonic_ = absl::ZeroDuration();
};

}  // namespace branchline
