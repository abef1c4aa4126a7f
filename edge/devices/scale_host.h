#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "devices/scale/scale_driver.h"
#include "devices/transport/device_address.h"
#include "edge/devices/device_host.h"

namespace branchline {

// One scale at work.
class ScaleHost final : public DeviceHost {
 public:
  // `clock` and `random` outlive the host.
  //   INVALID_ARGUMENT  the address
  static absl::StatusOr<std::unique_ptr<ScaleHost>> Make(
      const v1::Device& device, Clock* clock, Random* random);
  ~ScaleHost() override { Stop(); }

  ScaleDriver& driver() { return driver_; }

  void RetryNow() override { driver_.RetryNow(); }
  v1::DeviceState State() const override;
  void Test(absl::Duration wait, v1::TestDeviceResponse* response) override;

 private:
  ScaleHost(const v1::Device& device, const DeviceAddress& address,
            Clock* clock, Random* random);
  void Step() override;

  Clock* const clock_;
  ScaleDriver driver_;
};

}  // namespace branchline
