#include "tools/drill/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline::drill {
namespace {

constexpr int kBacklog = 64;

absl::Status Failure(absl::string_view doing) {
  return absl::UnavailableError(
      absl::StrCat(doing, " on 127.0.0.1: ", std::strerror(errno)));
}

sockaddr_in Address(uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

Fd NewSocket() {
  return Fd(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

// With SO_REUSEADDR a port can be bound twice as long as one of the two does
// not listen; that is what keeps it ours while nobody listens.
absl::StatusOr<Fd> Bind(uint16_t port) {
  Fd fd = NewSocket();
  const int on = 1;
  const sockaddr_in address = Address(port);
  if (!fd.valid() ||
      setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
      bind(fd.get(), reinterpret_cast<const sockaddr*>(&address),
           sizeof(address)) != 0) {
    return Failure(absl::StrCat("bind port ", port));
  }
  return fd;
}

// Small messages must not wait for each other: the proxy delays what it wants
// delayed.
void SendAtOnce(const Fd& fd) {
  const int on = 1;
  setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace

absl::StatusOr<ReservedPort> ReservePort() {
  ReservedPort reserved;
  BL_ASSIGN_OR_RETURN(reserved.holder, Bind(0));
  sockaddr_in address = {};
  socklen_t size = sizeof(address);
  if (getsockname(reserved.holder.get(), reinterpret_cast<sockaddr*>(&address),
                  &size) != 0) {
    return Failure("find out a reserved port");
  }
  reserved.port = ntohs(address.sin_port);
  return reserved;
}

absl::StatusOr<Fd> Listen(uint16_t port) {
  BL_ASSIGN_OR_RETURN(Fd fd, Bind(port));
  if (listen(fd.get(), kBacklog) != 0) {
    return Failure(absl::StrCat("listen at port ", port));
  }
  return fd;
}

void StopListening(Fd* listener) {
  shutdown(listener->get(), SHUT_RDWR);
  listener->Reset();
}

Fd Accept(const Fd& listener) {
  Fd fd(
      accept4(listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd.valid()) SendAtOnce(fd);
  return fd;
}

absl::StatusOr<Fd> StartConnect(uint16_t port) {
  Fd fd = NewSocket();
  const sockaddr_in address = Address(port);
  if (!fd.valid() ||
      (connect(fd.get(), reinterpret_cast<const sockaddr*>(&address),
               sizeof(address)) != 0 &&
       errno != EINPROGRESS)) {
    return Failure(absl::StrCat("connect to port ", port));
  }
  SendAtOnce(fd);
  return fd;
}

int ConnectError(const Fd& socket) {
  int error = 0;
  socklen_t size = sizeof(error);
  if (getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
    return errno;
  }
  return error;
}

void CloseWithReset(Fd* socket) {
  const linger now = {.l_onoff = 1, .l_linger = 0};
  setsockopt(socket->get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  socket->Reset();
}

}  // namespace branchline::drill
