#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "devices/display/display_driver.h"
#include "devices/transport/device_address.h"
#include "edge/devices/device_host.h"

namespace branchline {

// One customer display at work.
class DisplayHost final : public DeviceHost {
 public:
  // `clock` and `random` outlive the host.
  //   INVALID_ARGUMENT  the address or the code page
  static absl::StatusOr<std::unique_ptr<DisplayHost>> Make(
      const v1::Device& device, Clock* clock, Random* random);
  ~DisplayHost() override { Stop(); }

  void Show(const DisplayText& text) { driver_.Show(text); }

  void RetryNow() override { driver_.RetryNow(); }
  v1::DeviceState State() const override { return StateOf(driver_.status()); }
  void Test(absl::Duration wait, v1::TestDeviceResponse* response) override;

 private:
  DisplayHost(const v1::Device& device, const DeviceAddress& address,
              Cd5220Encoder encoder, Clock* clock, Random* random);
  void Step() override;

  Clock* const clock_;
  DisplayDriver driver_;
};

}  // namespace branchline
