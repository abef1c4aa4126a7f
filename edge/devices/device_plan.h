#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/device.pb.h"
#include "devices/barcode/measure_rules.h"
#include "devices/printer/printer_profile.h"
#include "devices/transport/device_address.h"

namespace branchline {

inline constexpr int kPlanDevicesMax = 64;   // of a branch; tills too
inline constexpr size_t kPlanTextMax = 200;  // bytes of a line of a receipt

// A branch's devices as they can be used. What the configuration has wrong is
// left out, and said: one bad line must not stop the others' receipts.
//
//   device   a name of [a-z0-9-], 1 to 32, its own; an address that nothing
//            else has; a model that there is
//   drawer   on a printer of the plan, pin 2 or 5, its alarm within a day
//   till     devices of the plan, of the right kind; a scanner and a display
//            belong to one till alone, all else may be shared; the fallback
//            is another printer
//   wallet   without an address: its merchant's file is on the box
//   receipt  a language there is; at most 6 lines above and 12 below, of at
//            most kPlanTextMax bytes
//
// Immutable once made.
struct DevicePlan {
  std::map<std::string, v1::Device> devices;     // by name
  std::map<std::string, v1::TillDevices> tills;  // by till
  v1::ReceiptText receipt;
  MeasureRules measure_rules = *MeasureRules::Make({});
  std::vector<std::string> troubles;  // what was left out, and why

  // Empty if the till has nothing.
  const v1::TillDevices& Of(absl::string_view till) const;
};

DevicePlan MakeDevicePlan(const v1::DevicesSet& devices);

// For whoever writes a configuration: OK if nothing of it is left out.
//
//   INVALID_ARGUMENT  every trouble, one a line
absl::Status CheckDevices(const v1::DevicesSet& devices);

// "printer", "scale": as configurations and people write it.
absl::string_view ToText(v1::DeviceKind kind);

// "21iiiiivvvvvc weight 3": pattern, what the value is (weight, price or
// pieces), its decimals.
//
//   INVALID_ARGUMENT  not so
absl::StatusOr<MeasureRule> ParseMeasureRule(absl::string_view text);

}  // namespace branchline
