#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

// The device's end of a wire: where an emulator reads what a driver writes. One
// thread at a time, except as said.
class EmulatorPort {
 public:
  virtual ~EmulatorPort() = default;

  // What a driver opens: "tty:/tmp/x/printer", "tcp:127.0.0.1:41234". Stays the
  // same over HangUp(). Any thread.
  virtual std::string address() const = 0;

  // As Transport::Read(); waits through times when nobody is connected.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t size,
                                      absl::Duration timeout) = 0;

  // Writes what the driver takes within `timeout` and forgets the rest, as a
  // device does that nobody listens to.
  virtual void Write(absl::string_view bytes, absl::Duration timeout) = 0;

  // Cuts the wire: the driver sees the device go. It can open it again at once.
  virtual void HangUp() = 0;
};

// A pseudo-terminal with a link to it at `link_path`, which is replaced. The
// link moves when it hangs up, as a USB adapter's does.
//
//   UNAVAILABLE  the system gives no pseudo-terminal, or the link cannot be
//                made
absl::StatusOr<std::unique_ptr<EmulatorPort>> OpenPtyPort(
    const std::string& link_path);

// Listens on a loopback port of the system's choice. One connection at a time:
// like a real printer's, the next one waits until the first is gone.
//
//   UNAVAILABLE  no socket to be had
absl::StatusOr<std::unique_ptr<EmulatorPort>> OpenTcpPort();

}  // namespace branchline
