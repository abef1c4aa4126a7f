#include "edge/devices/scale_host.h"

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "devices/transport/device_address.h"
#include "sync/base/status_macros.h"

namespace branchline {

ScaleHost::ScaleHost(const v1::Device& device, const DeviceAddress& address,
                     Clock* clock, Random* random)
    : DeviceHost(device),
      clock_(clock),
      driver_(device.model() == "cas-type6" ? MakeCasType6() : MakeToledo8217(),
              MakeTransport(address), clock, random) {}

absl::StatusOr<std::unique_ptr<ScaleHost>> ScaleHost::Make(
    const v1::Device& device, Clock* clock, Random* random) {
  BL_ASSIGN_OR_RETURN(const DeviceAddress address,
                      ParseDeviceAddress(device.address()));
  return std::unique_ptr<ScaleHost>(
      new ScaleHost(device, address, clock, random));
}

void ScaleHost::Step() { driver_.Step(kStepWait); }

v1::DeviceState ScaleHost::State() const {
  const ScaleReport report = driver_.Report();
  v1::DeviceState state = StateOf(report.link);
  if (!report.link.open) return state;
  state.set_last_said(ToText(report.last));
  if (report.link.read_bytes == 0) {
    state.set_ready(false);
    state.set_says("asked, no answer yet");
  } else if (report.last.state == ScaleReading::State::kOutOfRange) {
    state.set_ready(false);
    state.set_says(ToText(report.last));
  }
  if (report.refused_count > 0) {
    state.set_says(absl::StrCat(state.says(), ", ", report.refused_count,
                                " answers refused"));
  }
  return state;
}

void ScaleHost::Test(absl::Duration wait, v1::TestDeviceResponse* response) {
  response->add_lines("put something on the plate");
  const absl::Duration until = clock_->MonotonicNow() + wait;
  absl::Notification never;
  ScaleReport report = driver_.Report();
  while (report.last.state != ScaleReading::State::kStable &&
         clock_->MonotonicNow() < until) {
    never.WaitForNotificationWithTimeout(kTestPoll);
    report = driver_.Report();
  }
  response->set_passed(report.link.open &&
                       report.last.state == ScaleReading::State::kStable);
  response->add_lines(absl::StrCat("it says: ", ToText(report.last)));
  if (!response->passed()) {
    response->add_lines(absl::StrCat("the scale: ", State().says()));
  }
}

}  // namespace branchline
