#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "branchline/v1/device.pb.h"
#include "branchline/v1/edge_admin.pb.h"

namespace branchline {

// Tries a device that no daemon has, before it is configured: opens it, waits
// at most `wait` until it is ready, and tests it as DeviceHost::Test() does. A
// print queue is made in `scratch_dir`, which exists.
//
//   INVALID_ARGUMENT  the device cannot be configured so; says why
absl::Status TryDevice(const v1::Device& device, const std::string& scratch_dir,
                       absl::Duration wait, v1::TestDeviceResponse* response);

}  // namespace branchline
