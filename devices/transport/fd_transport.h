#pragma once

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/transport/transport.h"

namespace branchline {

// What the three backends have in common: reading and writing a non-blocking
// file descriptor against a deadline. A backend adds how it is opened and
// closed. Threads: see Transport.
class FdTransport : public Transport {
 public:
  absl::Status Open() final;
  absl::StatusOr<size_t> Read(char* buffer, size_t size,
                              absl::Duration timeout) final;
  using Transport::Write;
  absl::Status Write(absl::string_view bytes, absl::Duration timeout,
                     size_t* written) final;
  void Close() final;
  bool IsOpen() const final { return fd_ >= 0; }
  std::string name() const final { return name_; }

 protected:
  explicit FdTransport(std::string name) : name_(std::move(name)) {}

  // The descriptor, open, non-blocking and close-on-exec. Errors as Open().
  virtual absl::StatusOr<int> OpenFd() = 0;
  // Ends what OpenFd() began.
  virtual void CloseFd(int fd) = 0;

 private:
  absl::Status Gone(absl::string_view doing, absl::string_view why) const;

  const std::string name_;
  int fd_ = -1;
};

// `errno` of a failed open or connect of `name`, in the codes of Open().
absl::Status OpenError(absl::string_view name, int error);

// Takes the advisory lock of an open device node.
//   FAILED_PRECONDITION  another process, or another transport, has it
absl::Status LockDevice(absl::string_view name, int fd);

}  // namespace branchline
