#include <fcntl.h>
#include <pty.h>
#include <termios.h>
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

absl::Status PtyError(absl::string_view doing) {
  return absl::UnavailableError(
      absl::StrCat(doing, ": ", std::strerror(errno)));
}

// The master side as a transport, for its reads and writes.
class MasterSide final : public FdTransport {
 public:
  explicit MasterSide(std::string link_path)
      : FdTransport(std::move(link_path)) {}
  ~MasterSide() override { Close(); }

 private:
  absl::StatusOr<int> OpenFd() override {
    termios raw = {};
    cfmakeraw(&raw);
    raw.c_cflag |= CS8 | CREAD | CLOCAL;
    int master = -1;
    char path[128] = {};
    if (openpty(&master, &slave_, path, &raw, nullptr) != 0) {
      return PtyError("open a pseudo-terminal");
    }
    fcntl(master, F_SETFL, O_NONBLOCK);
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(slave_, F_SETFD, FD_CLOEXEC);
    // Replaced in one step: a driver never finds a link to nowhere.
    const std::string next = absl::StrCat(name(), ".next");
    unlink(next.c_str());
    if (symlink(path, next.c_str()) != 0 ||
        rename(next.c_str(), name().c_str()) != 0) {
      const absl::Status status = PtyError(absl::StrCat("link ", name()));
      CloseFd(master);
      return status;
    }
    return master;
  }

  void CloseFd(int fd) override {
    close(fd);
    close(slave_);
  }

  // Kept open, or the master would get an error while no driver is there.
  int slave_ = -1;
};

class PtyPort final : public EmulatorPort {
 public:
  explicit PtyPort(const std::string& link_path) : master_(link_path) {}
  ~PtyPort() override { unlink(master_.name().c_str()); }

  absl::Status Open() { return master_.Open(); }

  std::string address() const override {
    return absl::StrCat("tty:", master_.name());
  }
  absl::StatusOr<size_t> Read(char* buffer, size_t size,
                              absl::Duration timeout) override {
    return master_.Read(buffer, size, timeout);
  }
  void Write(absl::string_view bytes, absl::Duration timeout) override {
    (void)master_.Write(bytes, timeout);
  }
  void HangUp() override {
    master_.Close();
    (void)master_.Open();
  }

 private:
  MasterSide master_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<EmulatorPort>> OpenPtyPort(
    const std::string& link_path) {
  auto port = std::make_unique<PtyPort>(link_path);
  BL_RETURN_IF_ERROR(port->Open());
  return port;
}

}  // namespace branchline
