#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/emulator/emulator_port.h"
#include "devices/transport/fd_transport.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// One accepted connection, for its reads and writes.
class Connection final : public FdTransport {
 public:
  explicit Connection(int fd) : FdTransport("connection"), accepted_fd_(fd) {}
  ~Connection() override { Close(); }

 private:
  absl::StatusOr<int> OpenFd() override { return accepted_fd_; }
  void CloseFd(int fd) override { close(fd); }
  const int accepted_fd_;
};

class TcpPort final : public EmulatorPort {
 public:
  ~TcpPort() override {
    if (listener_ >= 0) close(listener_);
  }

  absl::Status Open() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || bind(listener_, any, size) != 0 ||
        listen(listener_, 1) != 0 || getsockname(listener_, any, &size) != 0) {
      return absl::UnavailableError(
          absl::StrCat("listen on a loopback port: ", std::strerror(errno)));
    }
    port_ = ntohs(address.sin_port);
    return absl::OkStatus();
  }

  std::string address() const override {
    return absl::StrCat("tcp:127.0.0.1:", port_);
  }

  absl::StatusOr<size_t> Read(char* buffer, size_t size,
                              absl::Duration timeout) override {
    if (connection_ == nullptr && !Accept(timeout)) return size_t{0};
    absl::StatusOr<size_t> count = connection_->Read(buffer, size, timeout);
    if (count.ok()) return count;
    connection_.reset();
    return size_t{0};
  }

  void Write(absl::string_view bytes, absl::Duration timeout) override {
    if (connection_ != nullptr) (void)connection_->Write(bytes, timeout);
  }

  void HangUp() override {
    // One that has connected but was not served yet is cut off too.
    if (connection_ == nullptr) Accept(absl::ZeroDuration());
    connection_.reset();
  }

 private:
  bool Accept(absl::Duration timeout) {
    pollfd entry = {listener_, POLLIN, 0};
    if (poll(&entry, 1, static_cast<int>(absl::ToInt64Milliseconds(timeout))) <
        1) {
      return false;
    }
    const int fd =
        accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return false;
    connection_ = std::make_unique<Connection>(fd);
    return connection_->Open().ok();
  }

  int listener_ = -1;
  int port_ = 0;
  std::unique_ptr<Connection> connection_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<EmulatorPort>> OpenTcpPort() {
  auto port = std::make_unique<TcpPort>();
  BL_RETURN_IF_ERROR(port->Open());
  return port;
}

}  // namespace branchline
