#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "devices/transport/fd_transport.h"

namespace branchline {

// A Linux input device, grabbed: its keys come here and nowhere else, so that a
// scan never lands in whatever has the focus. Reading gives whole struct
// input_event records; writing does not work.
class InputTransport final : public FdTransport {
 public:
  explicit InputTransport(std::string path) : FdTransport(std::move(path)) {}
  ~InputTransport() override { Close(); }

 private:
  absl::StatusOr<int> OpenFd() override;
  void CloseFd(int fd) override;
};

}  // namespace branchline
