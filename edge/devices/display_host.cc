#include "edge/devices/display_host.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "devices/transport/device_address.h"
#include "sync/base/status_macros.h"

namespace branchline {

DisplayHost::DisplayHost(const v1::Device& device, const DeviceAddress& address,
                         Cd5220Encoder encoder, Clock* clock, Random* random)
    : DeviceHost(device),
      clock_(clock),
      driver_(std::move(encoder), MakeTransport(address), clock, random) {}

absl::StatusOr<std::unique_ptr<DisplayHost>> DisplayHost::Make(
    const v1::Device& device, Clock* clock, Random* random) {
  BL_ASSIGN_OR_RETURN(const DeviceAddress address,
                      ParseDeviceAddress(device.address()));
  BL_ASSIGN_OR_RETURN(Cd5220Encoder encoder,
                      Cd5220Encoder::Make(device.model(), std::nullopt));
  return std::unique_ptr<DisplayHost>(
      new DisplayHost(device, address, std::move(encoder), clock, random));
}

void DisplayHost::Step() { driver_.Step(kStepWait); }

void DisplayHost::Test(absl::Duration wait, v1::TestDeviceResponse* response) {
  const int64_t before = driver_.status().written_bytes;
  const absl::Duration began = clock_->MonotonicNow();
  // Another text each time, or a second test would send nothing.
  const std::string time =
      absl::StrCat(absl::ToInt64Milliseconds(began) % 100'000);
  driver_.Show({DisplayLine("Display test", time),
                DisplayLine(device().name(), "12.34")});
  absl::Notification never;
  while (driver_.status().written_bytes == before &&
         clock_->MonotonicNow() - began < wait) {
    never.WaitForNotificationWithTimeout(kTestPoll);
  }
  response->set_passed(driver_.status().written_bytes > before);
  response->add_lines(
      response->passed()
          ? absl::StrCat("sent: 'Display test ", time,
                         "' above, '12.34' below; a display never answers, so "
                         "look at it")
          : absl::StrCat("nothing was taken: ", State().says()));
}

}  // namespace branchline
