#include "devices/transport/fd_transport.h"

#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/clock.h"

namespace branchline {
namespace {

// A ready tty that gives nothing: this often in a row counts as unplugged.
constexpr int kEmptyReadsMax = 3;

enum class Ready { kYes, kTimedOut, kGone };

// Waits for `events` on `fd` until `deadline` (monotonic).
Ready WaitFor(int fd, short events, absl::Duration deadline) {
  for (;;) {
    const absl::Duration left =
        std::max(deadline - SystemClock().MonotonicNow(), absl::ZeroDuration());
    // Rounded up: a wait of 0.4 ms must not become a busy loop of zeros.
    const int64_t left_ms = std::min<int64_t>(
        absl::ToInt64Milliseconds(left + absl::Microseconds(999)), 3'600'000);
    pollfd entry = {fd, events, 0};
    const int count = poll(&entry, 1, static_cast<int>(left_ms));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Ready::kGone;
    if (count == 0) return Ready::kTimedOut;
    // Bytes that came before the hang-up are still read.
    if ((entry.revents & events) != 0) return Ready::kYes;
    return Ready::kGone;
  }
}

}  // namespace

absl::Status OpenError(absl::string_view name, int error) {
  const std::string message =
      absl::StrCat("open ", name, ": ", std::strerror(error));
  switch (error) {
    case EACCES:
    case EPERM:
      return absl::FailedPreconditionError(
          absl::StrCat(message, "; give this user the right by a udev rule"));
    case EBUSY:
      return absl::FailedPreconditionError(
          absl::StrCat(message, "; another program has it"));
    default:
      return absl::UnavailableError(message);
  }
}

absl::Status LockDevice(absl::string_view name, int fd) {
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno == EWOULDBLOCK) {
    return absl::FailedPreconditionError(
        absl::StrCat("open ", name, ": another program has it locked"));
  }
  return OpenError(name, errno);
}

absl::Status FdTransport::Open() {
  if (fd_ >= 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("open ", name_, ": it is open already"));
  }
  absl::StatusOr<int> fd = OpenFd();
  if (!fd.ok()) return std::move(fd).status();
  fd_ = *fd;
  return absl::OkStatus();
}

void FdTransport::Close() {
  if (fd_ < 0) return;
  CloseFd(std::exchange(fd_, -1));
}

absl::Status FdTransport::Gone(absl::string_view doing,
                               absl::string_view why) const {
  return absl::UnavailableError(absl::StrCat(doing, " ", name_, ": ", why,
                                             "; close it and open it again"));
}

absl::StatusOr<size_t> FdTransport::Read(char* buffer, size_t size,
                                         absl::Duration timeout) {
  if (fd_ < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("read ", name_, ": it is not open"));
  }
  const absl::Duration deadline = SystemClock().MonotonicNow() + timeout;
  for (int empty_reads = 0;;) {
    switch (WaitFor(fd_, POLLIN, deadline)) {
      case Ready::kTimedOut:
        return size_t{0};
      case Ready::kGone:
        return Gone("read", "the device hung up");
      case Ready::kYes:
        break;
    }
    const ssize_t count = read(fd_, buffer, size);
    if (count > 0) return static_cast<size_t>(count);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return Gone("read", std::strerror(errno));
    // A socket says the end so. A tty does after a hang-up, but also when its
    // VMIN is 0 and another wake-up came in between: ask it.
    int waiting = 0;
    const bool is_tty = isatty(fd_) == 1 && ioctl(fd_, FIONREAD, &waiting) == 0;
    if (!is_tty || ++empty_reads >= kEmptyReadsMax) {
      return Gone("read", "the other end closed it");
    }
  }
}

absl::Status FdTransport::Write(absl::string_view bytes, absl::Duration timeout,
                                size_t* written) {
  if (written != nullptr) *written = 0;
  if (fd_ < 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("write ", name_, ": it is not open"));
  }
  const absl::Duration deadline = SystemClock().MonotonicNow() + timeout;
  size_t done = 0;
  while (done < bytes.size()) {
    switch (WaitFor(fd_, POLLOUT, deadline)) {
      case Ready::kTimedOut:
        return absl::DeadlineExceededError(absl::StrCat(
            "write ", name_, ": it took ", done, " of ", bytes.size(),
            " bytes and no more; look at its paper and its lamps"));
      case Ready::kGone:
        return Gone("write", "the device hung up");
      case Ready::kYes:
        break;
    }
    // No signal for a closed socket: an errno, as for every other device.
    const ssize_t count = write(fd_, bytes.data() + done, bytes.size() - done);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return Gone("write", std::strerror(errno));
    done += static_cast<size_t>(count);
    if (written != nullptr) *written = done;
  }
  return absl::OkStatus();
}

}  // namespace branchline
