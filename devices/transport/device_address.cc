#include "devices/transport/device_address.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "devices/transport/input_transport.h"
#include "devices/transport/serial_transport.h"
#include "devices/transport/tcp_transport.h"
#include "devices/transport/tty_transport.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr size_t kAddressSizeMax = 512;  // bytes

absl::Status WrongAddress(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "device address '", text.substr(0, kAddressSizeMax),
      "': want serial:/dev/ttyUSB0,9600 8N1 or tty:/dev/usb/lp0 or "
      "tcp:192.168.1.50:9100 or input:/dev/input/event3"));
}

absl::StatusOr<DeviceAddress> ParsePath(absl::string_view text,
                                        absl::string_view rest,
                                        DeviceAddress::Kind kind) {
  DeviceAddress address;
  address.kind = kind;
  const size_t comma = rest.find(',');
  address.target = std::string(rest.substr(0, comma));
  if (!absl::StartsWith(address.target, "/")) return WrongAddress(text);
  if (comma != absl::string_view::npos && kind == DeviceAddress::Kind::kInput) {
    return WrongAddress(text);
  }
  if (comma != absl::string_view::npos) {
    BL_ASSIGN_OR_RETURN(address.settings,
                        ParseSerialSettings(rest.substr(comma + 1)));
  }
  return address;
}

absl::StatusOr<DeviceAddress> ParseTcp(absl::string_view text,
                                       absl::string_view rest) {
  DeviceAddress address;
  address.kind = DeviceAddress::Kind::kTcp;
  const size_t colon = rest.rfind(':');
  if (colon == absl::string_view::npos) return WrongAddress(text);
  absl::string_view host = rest.substr(0, colon);
  if (absl::ConsumePrefix(&host, "[")) {
    if (!absl::ConsumeSuffix(&host, "]")) return WrongAddress(text);
  } else if (absl::StrContains(host, ":")) {
    return WrongAddress(text);
  }
  if (host.empty() ||
      !absl::SimpleAtoi(rest.substr(colon + 1), &address.port) ||
      address.port < 1 || address.port > 65'535) {
    return WrongAddress(text);
  }
  address.target = std::string(host);
  return address;
}

}  // namespace

absl::StatusOr<DeviceAddress> ParseDeviceAddress(absl::string_view text) {
  absl::string_view rest = text;
  if (text.size() > kAddressSizeMax || absl::StrContains(text, '\0')) {
    return WrongAddress(text);
  }
  if (absl::ConsumePrefix(&rest, "serial:")) {
    return ParsePath(text, rest, DeviceAddress::Kind::kSerial);
  }
  if (absl::ConsumePrefix(&rest, "tty:")) {
    return ParsePath(text, rest, DeviceAddress::Kind::kTty);
  }
  if (absl::ConsumePrefix(&rest, "input:")) {
    return ParsePath(text, rest, DeviceAddress::Kind::kInput);
  }
  if (absl::ConsumePrefix(&rest, "tcp:")) return ParseTcp(text, rest);
  return WrongAddress(text);
}

std::string ToText(const DeviceAddress& address) {
  switch (address.kind) {
    case DeviceAddress::Kind::kTcp: {
      const bool is_v6 = absl::StrContains(address.target, ":");
      return absl::StrCat("tcp:", is_v6 ? "[" : "", address.target,
                          is_v6 ? "]" : "", ":", address.port);
    }
    case DeviceAddress::Kind::kSerial:
      return absl::StrCat("serial:", address.target, ",",
                          ToText(address.settings));
    case DeviceAddress::Kind::kInput:
      return absl::StrCat("input:", address.target);
    case DeviceAddress::Kind::kTty:
      break;
  }
  return absl::StrCat("tty:", address.target, ",", ToText(address.settings));
}

std::unique_ptr<Transport> MakeTransport(const DeviceAddress& address) {
  switch (address.kind) {
    case DeviceAddress::Kind::kTcp:
      return std::make_unique<TcpTransport>(address.target, address.port);
    case DeviceAddress::Kind::kSerial:
      return std::make_unique<SerialTransport>(address.target,
                                               address.settings);
    case DeviceAddress::Kind::kInput:
      return std::make_unique<InputTransport>(address.target);
    case DeviceAddress::Kind::kTty:
      break;
  }
  return std::make_unique<TtyTransport>(address.target, address.settings);
}

}  // namespace branchline
