#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "devices/transport/serial_settings.h"
#include "devices/transport/transport.h"

namespace branchline {

// Where a device is, as an operator writes it:
//
//   serial:/dev/pos/scale0,9600 7E1   through libserialport
//   tty:/dev/usb/lp0                  a raw device; settings as for serial
//   tcp:192.168.1.50:9100             tcp:[fe80::1]:9100 for IPv6
//   input:/dev/input/by-path/...      a scanner that plays keyboard
struct DeviceAddress {
  enum class Kind { kSerial, kTty, kTcp, kInput };

  Kind kind = Kind::kTcp;
  std::string target;       // a path, or a host without brackets
  int port = 0;             // kTcp: 1..65535
  SerialSettings settings;  // kSerial and kTty

  bool operator==(const DeviceAddress&) const = default;
};

//   INVALID_ARGUMENT  not one of the forms above; the message shows them
absl::StatusOr<DeviceAddress> ParseDeviceAddress(absl::string_view text);

// The same form again.
std::string ToText(const DeviceAddress& address);

// A closed transport to `address`.
std::unique_ptr<Transport> MakeTransport(const DeviceAddress& address);

}  // namespace branchline
