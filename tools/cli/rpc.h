#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline::cli {

// A channel to the daemon that listens at DIR/admin.sock.
//   NOT_FOUND         no such socket: it does not run, or in another directory
//   UNAVAILABLE       there is one, and nobody answers
//   INVALID_ARGUMENT  the path is too long for a Unix socket
absl::StatusOr<std::shared_ptr<grpc::Channel>> ConnectToDaemon(
    absl::string_view data_dir);

// For every channel of the command: reports of a large chain by SKU are larger
// than gRPC's 4 MiB.
grpc::ChannelArguments LocalChannelArguments();

// `status` of a call; its own deadline counts as a daemon that does not answer.
absl::Status FromGrpc(const grpc::Status& status);

// Makes `context` give up after `seconds`.
void SetDeadline(grpc::ClientContext* context, int seconds);

inline constexpr int kCallSeconds = 120;

// Calls `method` of a stub: Call(stub, &Stub::AddBranch, request).
template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> Call(Stub& stub,
                              grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                           const Request&,
                                                           Response*),
                              const Request& request) {
  grpc::ClientContext context;
  SetDeadline(&context, kCallSeconds);
  Response response;
  const absl::Status status =
      FromGrpc((stub.*method)(&context, request, &response));
  if (!status.ok()) return status;
  return response;
}

}  // namespace branchline::cli
