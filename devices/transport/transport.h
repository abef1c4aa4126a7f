#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

// A byte pipe to one device. Backends: SerialTransport (libserialport),
// TtyTransport (pseudo-terminals, /dev/usb/lp*), TcpTransport. One test suite,
// tests/devices/transport/conformance_test.cc, runs over all of them. Drivers
// take a Transport& and know nothing of what is below.
//
// One thread may Read() while another Write()s. Open() and Close() are called
// while neither is running; any other concurrent use is a bug of the caller.
class Transport {
 public:
  virtual ~Transport() = default;

  // Opens the device, for this process alone where the system can promise that
  // (a network printer cannot). What came in before is thrown away, so that an
  // old scan is never taken for a new one. No byte is written.
  //
  //   UNAVAILABLE          not there, or it does not answer: try again later
  //   FAILED_PRECONDITION  another process has it, or this one has no right to
  //                        it; also if it is open already
  //   INVALID_ARGUMENT     the name or the settings can never work
  virtual absl::Status Open() = 0;

  // Waits until at least one byte is there or `timeout` has passed, then reads
  // up to `size` bytes into `buffer`. Returns how many; 0: it timed out. A
  // `timeout` of zero looks and does not wait.
  //
  //   UNAVAILABLE          the device is gone (unplugged, connection closed).
  //                        Close(), and Open() again when it is back.
  //   FAILED_PRECONDITION  it is not open
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t size,
                                      absl::Duration timeout) = 0;

  // Writes all of `bytes`, or fails and says how many the system had taken.
  // Being taken is not being printed: ask the device.
  //
  //   DEADLINE_EXCEEDED    the device stopped taking bytes (paper out, XOFF).
  //                        `*written`, if given, is how many it took; going on
  //                        from there is right as long as it stays open.
  //   UNAVAILABLE          the device is gone
  //   FAILED_PRECONDITION  it is not open
  virtual absl::Status Write(absl::string_view bytes, absl::Duration timeout,
                             size_t* written) = 0;
  absl::Status Write(absl::string_view bytes, absl::Duration timeout) {
    return Write(bytes, timeout, nullptr);
  }

  // Gives the device back at once, so that the kernel can reuse its name. Does
  // nothing if it is not open.
  virtual void Close() = 0;

  virtual bool IsOpen() const = 0;

  // For people: "/dev/ttyUSB0", "192.168.1.50:9100".
  virtual std::string name() const = 0;
};

}  // namespace branchline
