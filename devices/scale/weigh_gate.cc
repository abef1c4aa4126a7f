#include "devices/scale/weigh_gate.h"

#include "absl/strings/str_cat.h"

namespace branchline {

void WeighGate::OnReading(const ScaleReading& reading, absl::Duration now) {
  const bool has_changed =
      reading.state != ScaleReading::State::kStable &&
      // Some scales give a weight once and are "not ready" until it changes.
      reading.state != ScaleReading::State::kNotReady;
  if (has_changed) taken_ = false;
  if (reading.state == ScaleReading::State::kNotReady && !taken_ &&
      last_.state == ScaleReading::State::kStable) {
    read_at_ = now;  // the weight it gave still stands
    return;
  }
  last_ = reading;
  read_at_ = now;
}

void WeighGate::OnLost() {
  last_ = ScaleReading();
  read_at_ = -absl::InfiniteDuration();
}

absl::StatusOr<ScaleReading> WeighGate::Take(absl::Duration now) {
  if (now - read_at_ > kFreshFor) {
    return absl::UnavailableError(
        "weigh: the scale says nothing; look at its plug, or type the weight");
  }
  if (taken_) {
    return absl::FailedPreconditionError(
        "weigh: this weight has been taken; take the goods off first");
  }
  if (last_.state != ScaleReading::State::kStable) {
    return absl::AbortedError(
        absl::StrCat("weigh: the scale is ", ToText(last_), "; try again"));
  }
  taken_ = true;
  return last_;
}

}  // namespace branchline
