#include "devices/transport/serial_transport.h"

#include <libserialport.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

sp_parity ParityOf(Parity parity) {
  switch (parity) {
    case Parity::kEven:
      return SP_PARITY_EVEN;
    case Parity::kOdd:
      return SP_PARITY_ODD;
    case Parity::kNone:
      break;
  }
  return SP_PARITY_NONE;
}

sp_flowcontrol FlowOf(FlowControl flow) {
  switch (flow) {
    case FlowControl::kXonXoff:
      return SP_FLOWCONTROL_XONXOFF;
    case FlowControl::kRtsCts:
      return SP_FLOWCONTROL_RTSCTS;
    case FlowControl::kNone:
      break;
  }
  return SP_FLOWCONTROL_NONE;
}

std::string OrEmpty(const char* text) { return text == nullptr ? "" : text; }

}  // namespace

absl::Status SerialTransport::OpenPort(const std::string& real_path) {
  switch (sp_get_port_by_name(real_path.c_str(), &port_)) {
    case SP_OK:
      break;
    case SP_ERR_ARG:
      return absl::UnavailableError(absl::StrCat(
          "open ", name(), ": the system knows no such serial port"));
    default:
      return OpenError(name(), errno);
  }
  if (sp_open(port_, SP_MODE_READ_WRITE) != SP_OK) {
    return OpenError(name(), errno);
  }
  return absl::OkStatus();
}

absl::Status SerialTransport::Configure() {
  int fd = -1;
  if (sp_get_port_handle(port_, &fd) != SP_OK) return OpenError(name(), errno);
  BL_RETURN_IF_ERROR(LockDevice(name(), fd));
  if (sp_set_baudrate(port_, settings_.baud) != SP_OK) {
    return absl::InvalidArgumentError(absl::StrCat(
        "open ", name(), ": it cannot do ", settings_.baud, " baud"));
  }
  // A port that cannot do 7 bits or parity says so late, early or not at all.
  // Drivers of 7-bit devices mask the eighth bit, so this is no reason to stop.
  (void)sp_set_bits(port_, settings_.data_bits);
  (void)sp_set_parity(port_, ParityOf(settings_.parity));
  (void)sp_set_stopbits(port_, settings_.stop_bits);
  (void)sp_set_flowcontrol(port_, FlowOf(settings_.flow));
  (void)sp_flush(port_, SP_BUF_INPUT);
  return absl::OkStatus();
}

absl::StatusOr<int> SerialTransport::OpenFd() {
  // 0.1.1 looks the name up in /sys and so cannot follow links.
  const std::unique_ptr<char, decltype(&std::free)> real_path(
      realpath(name().c_str(), nullptr), &std::free);
  if (real_path == nullptr) return OpenError(name(), errno);
  absl::Status status = OpenPort(real_path.get());
  const bool opened = status.ok();
  if (opened) status = Configure();
  int fd = -1;
  if (status.ok() && sp_get_port_handle(port_, &fd) == SP_OK) return fd;
  if (opened) sp_close(port_);
  if (port_ != nullptr) sp_free_port(port_);
  port_ = nullptr;
  return status;
}

void SerialTransport::CloseFd(int /*fd*/) {
  sp_close(port_);  // closes the descriptor too
  sp_free_port(port_);
  port_ = nullptr;
}

std::vector<SerialPortInfo> ListSerialPorts() {
  std::vector<SerialPortInfo> found;
  sp_port** ports = nullptr;
  if (sp_list_ports(&ports) != SP_OK) return found;
  for (sp_port** port = ports; *port != nullptr; ++port) {
    SerialPortInfo info;
    info.path = OrEmpty(sp_get_port_name(*port));
    info.description = OrEmpty(sp_get_port_description(*port));
    int vendor = 0;
    int product = 0;
    if (sp_get_port_transport(*port) == SP_TRANSPORT_USB &&
        sp_get_port_usb_vid_pid(*port, &vendor, &product) == SP_OK) {
      info.usb_ids = absl::StrFormat("%04x:%04x", vendor, product);
      info.serial_number = OrEmpty(sp_get_port_usb_serial(*port));
    }
    found.push_back(std::move(info));
  }
  sp_free_port_list(ports);
  return found;
}

}  // namespace branchline
