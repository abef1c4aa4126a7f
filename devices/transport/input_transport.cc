#include "devices/transport/input_transport.h"

#include <fcntl.h>
#include <linux/input.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"

namespace branchline {

absl::StatusOr<int> InputTransport::OpenFd() {
  const int fd = open(name().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return OpenError(name(), errno);
  if (ioctl(fd, EVIOCGRAB, 1) == 0) return fd;
  const int error = errno;
  close(fd);
  if (error == ENOTTY || error == EINVAL) {
    return absl::InvalidArgumentError(
        absl::StrCat("open ", name(),
                     ": it is no input device; look in /dev/input/by-path"));
  }
  return OpenError(name(), error);
}

// Closing lets the keys go where they went before.
void InputTransport::CloseFd(int fd) { close(fd); }

}  // namespace branchline
