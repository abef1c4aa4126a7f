#include "sync/rpc/grpc_status.h"

#include <string>

#include "absl/strings/string_view.h"

namespace branchline {
namespace {

// A status travels as an HTTP/2 trailer, and gRPC drops trailers over 8 KiB.
constexpr size_t kMessageBytesMax = 4096;

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::string_view(status.error_message().data(),
                                        status.error_message().size()));
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(
      static_cast<grpc::StatusCode>(status.code()),
      std::string(status.message().substr(0, kMessageBytesMax)));
}

}  // namespace branchline
