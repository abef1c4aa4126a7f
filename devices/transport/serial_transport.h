#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "devices/transport/fd_transport.h"
#include "devices/transport/serial_settings.h"

struct sp_port;  // libserialport's

namespace branchline {

// A serial port through libserialport: real UARTs and USB adapters, any baud.
// The path may be a link (/dev/serial/by-id/..., /dev/pos/scale0). Opening and
// settings are the library's; waiting, reading and writing are FdTransport's,
// because versions 0.1.1's waits and writes lose errors.
class SerialTransport final : public FdTransport {
 public:
  SerialTransport(std::string path, SerialSettings settings)
      : FdTransport(std::move(path)), settings_(settings) {}
  ~SerialTransport() override { Close(); }

 private:
  absl::StatusOr<int> OpenFd() override;
  void CloseFd(int fd) override;
  absl::Status OpenPort(const std::string& real_path);
  absl::Status Configure();

  const SerialSettings settings_;
  sp_port* port_ = nullptr;
};

// A serial port that the system knows, open or not. Nothing is opened or
// written to find it out.
struct SerialPortInfo {
  std::string path;           // "/dev/ttyUSB0"
  std::string description;    // what the adapter calls itself; may be empty
  std::string usb_ids;        // "0403:6001", or empty if it is not on USB
  std::string serial_number;  // of the adapter; cheap ones have none
};

// All ports, in the library's order. Empty if there is none or it cannot tell.
std::vector<SerialPortInfo> ListSerialPorts();

}  // namespace branchline
