#include "devices/transport/tty_transport.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <optional>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

std::optional<speed_t> SpeedOf(int baud) {
  switch (baud) {
    case 1200:
      return B1200;
    case 2400:
      return B2400;
    case 4800:
      return B4800;
    case 9600:
      return B9600;
    case 19200:
      return B19200;
    case 38400:
      return B38400;
    case 57600:
      return B57600;
    case 115200:
      return B115200;
    case 230400:
      return B230400;
    default:
      return std::nullopt;
  }
}

absl::Status MakeRaw(const std::string& name, int fd,
                     const SerialSettings& settings) {
  const std::optional<speed_t> speed = SpeedOf(settings.baud);
  if (!speed.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("open ", name,
                     ": a raw tty knows 1200 to 230400 baud in "
                     "the usual steps, not ",
                     settings.baud, "; use serial: for others"));
  }
  termios mode = {};
  if (tcgetattr(fd, &mode) != 0) return OpenError(name, errno);
  cfmakeraw(&mode);
  mode.c_cflag |= CLOCAL | CREAD;
  mode.c_cflag &= ~(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS);
  mode.c_cflag |= settings.data_bits == 7 ? CS7 : CS8;
  if (settings.parity != Parity::kNone) mode.c_cflag |= PARENB;
  if (settings.parity == Parity::kOdd) mode.c_cflag |= PARODD;
  if (settings.stop_bits == 2) mode.c_cflag |= CSTOPB;
  if (settings.flow == FlowControl::kRtsCts) mode.c_cflag |= CRTSCTS;
  if (settings.flow == FlowControl::kXonXoff) mode.c_iflag |= IXON | IXOFF;
  mode.c_cc[VMIN] = 1;  // so that a read of 0 bytes means the end
  mode.c_cc[VTIME] = 0;
  cfsetispeed(&mode, *speed);
  cfsetospeed(&mode, *speed);
  // EINVAL is how a pseudo-terminal refuses 7 bits or parity. It has no wire to
  // lose a bit on; drivers of 7-bit devices mask the eighth themselves.
  if (tcsetattr(fd, TCSANOW, &mode) != 0 && errno != EINVAL) {
    return OpenError(name, errno);
  }
  tcflush(fd, TCIFLUSH);
  return absl::OkStatus();
}

absl::Status Prepare(const std::string& name, int fd,
                     const SerialSettings& settings) {
  struct stat info = {};
  if (fstat(fd, &info) != 0) return OpenError(name, errno);
  if (!S_ISCHR(info.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("open ", name,
                     ": it is not a character device, so no device is there"));
  }
  BL_RETURN_IF_ERROR(LockDevice(name, fd));
  return isatty(fd) == 1 ? MakeRaw(name, fd, settings) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> TtyTransport::OpenFd() {
  const int fd =
      open(name().c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return OpenError(name(), errno);
  if (const absl::Status status = Prepare(name(), fd, settings_);
      !status.ok()) {
    close(fd);
    return status;
  }
  return fd;
}

void TtyTransport::CloseFd(int fd) { close(fd); }

}  // namespace branchline
