#include "edge/devices/try_device.h"

#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "edge/devices/device_plan.h"
#include "edge/devices/display_host.h"
#include "edge/devices/printer_host.h"
#include "edge/devices/scale_host.h"
#include "edge/devices/scanner_host.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr absl::Duration kPoll = absl::Milliseconds(50);

absl::StatusOr<std::unique_ptr<DeviceHost>> MakeHost(
    const v1::Device& device, const std::string& scratch_dir) {
  Clock* const clock = &SystemClock();
  Random* const random = &SystemRandom();
  std::unique_ptr<DeviceHost> host;
  switch (device.kind()) {
    case v1::DEVICE_KIND_PRINTER: {
      BL_ASSIGN_OR_RETURN(
          host, PrinterHost::Make(device, scratch_dir + "/queue", clock, random,
                                  nullptr));
      break;
    }
    case v1::DEVICE_KIND_SCANNER: {
      BL_ASSIGN_OR_RETURN(
          host, ScannerHost::Make(device, clock, random, [](const Scan&) {}));
      break;
    }
    case v1::DEVICE_KIND_SCALE: {
      BL_ASSIGN_OR_RETURN(host, ScaleHost::Make(device, clock, random));
      break;
    }
    case v1::DEVICE_KIND_DISPLAY: {
      BL_ASSIGN_OR_RETURN(host, DisplayHost::Make(device, clock, random));
      break;
    }
    default:
      return absl::InvalidArgumentError(
          "a drawer is tried where it is configured, through its printer");
  }
  return host;
}

}  // namespace

absl::Status TryDevice(const v1::Device& device, const std::string& scratch_dir,
                       absl::Duration wait, v1::TestDeviceResponse* response) {
  v1::DevicesSet alone;
  *alone.add_devices() = device;
  BL_RETURN_IF_ERROR(CheckDevices(alone));
  BL_ASSIGN_OR_RETURN(const std::unique_ptr<DeviceHost> host,
                      MakeHost(device, scratch_dir));
  host->Start();
  const Clock& clock = SystemClock();
  const absl::Duration until = clock.MonotonicNow() + wait;
  absl::Notification never;
  while (!host->State().ready() && clock.MonotonicNow() < until) {
    never.WaitForNotificationWithTimeout(kPoll);
  }
  if (!host->State().ready()) {
    response->add_lines(
        absl::StrCat("it is not ready: ", host->State().says()));
    return absl::OkStatus();
  }
  response->add_lines("it is open and ready");
  host->Test(wait, response);
  return absl::OkStatus();
}

}  // namespace branchline
