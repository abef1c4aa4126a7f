#include "devices/transport/tcp_transport.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

void SetOption(int fd, int level, int option, int value) {
  // None of them is needed to work; without one we only notice a loss later.
  (void)setsockopt(fd, level, option, &value, sizeof(value));
}

// Connects `fd`, non-blocking, or says by errno why not.
int Connect(int fd, const addrinfo& address) {
  if (connect(fd, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd entry = {fd, POLLOUT, 0};
  const int count = poll(&entry, 1,
                         static_cast<int>(absl::ToInt64Milliseconds(
                             TcpTransport::kConnectTimeout)));
  if (count < 0) return errno;
  if (count == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

}  // namespace

TcpTransport::TcpTransport(std::string host, int port)
    : FdTransport(absl::StrCat(host, ":", port)),
      host_(std::move(host)),
      port_(port) {
  // A write to a closed socket is an errno for us, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}

absl::StatusOr<int> TcpTransport::OpenFd() {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* raw_found = nullptr;
  const int looked_up = getaddrinfo(host_.c_str(), absl::StrCat(port_).c_str(),
                                    &hints, &raw_found);
  if (looked_up != 0) {
    return absl::UnavailableError(
        absl::StrCat("open ", name(), ": ", gai_strerror(looked_up)));
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> found(raw_found,
                                                                 &freeaddrinfo);
  int error = EHOSTUNREACH;
  for (const addrinfo* at = found.get(); at != nullptr; at = at->ai_next) {
    const int fd = socket(at->ai_family,
                          at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      error = errno;
      continue;
    }
    error = Connect(fd, *at);
    if (error == 0) {
      SetOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
      SetOption(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
      SetOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, 15);
      SetOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, 5);
      SetOption(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
      SetOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT,
                static_cast<int>(absl::ToInt64Milliseconds(kDeadPeerMax)));
      return fd;
    }
    close(fd);
  }
  return OpenError(name(), error);
}

void TcpTransport::CloseFd(int fd) { close(fd); }

}  // namespace branchline
