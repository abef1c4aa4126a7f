#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "devices/transport/fd_transport.h"
#include "devices/transport/serial_settings.h"

namespace branchline {

// A character device by the system's own calls: a pseudo-terminal, a USB
// printer's /dev/usb/lp0, or a tty that libserialport refuses (USB gadgets). If
// it is a terminal it is made raw, with `settings` as far as it knows them: a
// pseudo-terminal has no wire, so it keeps 8 bits without parity.
class TtyTransport final : public FdTransport {
 public:
  TtyTransport(std::string path, SerialSettings settings)
      : FdTransport(std::move(path)), settings_(settings) {}
  ~TtyTransport() override { Close(); }

 private:
  absl::StatusOr<int> OpenFd() override;
  void CloseFd(int fd) override;

  const SerialSettings settings_;
};

}  // namespace branchline
