#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "branchline/v1/device.pb.h"
#include "sync/journal/store.h"

namespace branchline {

inline constexpr size_t kDevicesFileSizeMax = 1 << 20;  // bytes

// A configuration as people write it: DevicesSet in protobuf's JSON form, with
// the kinds in short ("printer"). docs/DEVICES.md has one.
//
//   INVALID_ARGUMENT  not JSON, or a member that there is not; says where
absl::StatusOr<v1::DevicesSet> ParseDevices(const std::string& json);
// The same form again.
std::string DevicesAsJson(const v1::DevicesSet& devices);

// Of `path`.
//   NOT_FOUND  no such file; others as ParseDevices()
absl::StatusOr<v1::DevicesSet> ReadDevicesFile(const std::string& path);

// What the hub has set for `branch`; empty if it has set nothing.
//   DATA_LOSS  it cannot be read
absl::StatusOr<v1::DevicesSet> ReadDevices(const Store& store,
                                           const std::string& branch);

}  // namespace branchline
