#pragma once

#include <sys/socket.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// An address and port as the kernel takes them.
struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;

  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
  int port() const;
  bool is_loopback() const;
  // "127.0.0.1:8080", "[::1]:8080".
  std::string ToString() const;
};

// From "127.0.0.1:8080" or "[::1]:8080". Numbers only: a listener that depends
// on a name server would not start while the line is down.
//   INVALID_ARGUMENT  anything else
absl::StatusOr<SocketAddress> ParseSocketAddress(absl::string_view text);

}  // namespace branchline
