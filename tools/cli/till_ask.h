#pragma once

// How TillConsole asks the till service: one template that its files share.

#include <grpcpp/client_context.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/identity/uuid.h"
#include "tools/cli/rpc.h"
#include "tools/cli/till_console.h"

namespace branchline::cli {

inline constexpr int kAskTriesMax = 3;  // of one command, under one id

template <typename Response>
const v1::Position* LandedAt(const Response& response) {
  if constexpr (requires { response.landed(); }) {
    return &response.landed().at();
  } else {
    return nullptr;
  }
}

template <typename Request, typename Response>
absl::StatusOr<Response> TillConsole::Ask(
    grpc::Status (v1::Till::StubInterface::*method)(grpc::ClientContext*,
                                                    const Request&, Response*),
    Request request) {
  return AskOf(till_, method, std::move(request));
}

template <typename Stub, typename Request, typename Response>
absl::StatusOr<Response> TillConsole::AskOf(
    Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                 Response*),
    Request request) {
  if constexpr (requires { request.mutable_header(); }) {
    v1::CommandHeader* header = request.mutable_header();
    header->set_command_id(
        NewUuidV7(clock_.WallNow(), random_.Bytes(kUuidRandomSize)));
    if (last_seen_.epoch() != 0) *header->mutable_last_seen() = last_seen_;
    if (!approval_.staff().empty()) {
      *header->mutable_approval() = std::exchange(approval_, {});
    }
  }
  for (int tries = 1;; ++tries) {
    grpc::ClientContext context;
    SetDeadline(&context, kCallSeconds);
    context.AddMetadata("authorization", absl::StrCat("Bearer ", options_.key));
    Response response;
    const absl::Status status =
        FromGrpc((stub.*method)(&context, request, &response));
    if (status.ok()) {
      if (const v1::Position* at = LandedAt(response);
          at != nullptr && at->epoch() != 0) {
        last_seen_ = *at;
      }
      return response;
    }
    if (!absl::IsUnavailable(status) || tries == kAskTriesMax) return status;
  }
}

}  // namespace branchline::cli
