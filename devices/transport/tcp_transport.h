#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "devices/transport/fd_transport.h"

namespace branchline {

// A device on the network: printers at port 9100, card terminals at 20007. A
// device that vanishes without a word is noticed within kDeadPeerMax of a write
// or, by keep-alive, within a minute of silence.
class TcpTransport final : public FdTransport {
 public:
  static constexpr absl::Duration kConnectTimeout = absl::Seconds(3);
  static constexpr absl::Duration kDeadPeerMax = absl::Seconds(20);

  // `host` is a name or an address, without brackets for IPv6.
  TcpTransport(std::string host, int port);
  ~TcpTransport() override { Close(); }

 private:
  absl::StatusOr<int> OpenFd() override;
  void CloseFd(int fd) override;

  const std::string host_;
  const int port_;
};

}  // namespace branchline
