#pragma once

// How TillConsole asks the till service: one template that its files share.

#include <grpcpp/client_context.h>

#include <type_traits>
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

// Only looks: a command id means nothing to it, and an approval waits on.
template <typename Response>
inline constexpr bool kOnlyLooks =
    std::is_same_v<Response, v1::QuoteResponse> ||
    std::is_same_v<Response, v1::ExplainResponse>;

template <typename Request, typename Response>
std::string TillConsole::AskedText(const Request& request) {
  return absl::StrCat(Request::descriptor()->full_name(), " ",
                      Response::descriptor()->full_name(), " ",
                      request.SerializeAsString());
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
  constexpr bool kIsCommand = requires { request.mutable_header(); }
  &&!kOnlyLooks<Response>;
  std::string asked;
  v1::ApprovalRequest approval;
  if constexpr (kIsCommand) {
    v1::CommandHeader* header = request.mutable_header();
    approval = std::exchange(approval_, {});
    if (!approval.staff().empty()) *header->mutable_approval() = approval;
    // Only what is recorded can be done twice.
    if constexpr (requires(Response response) { response.landed(); }) {
      asked = AskedText<Request, Response>(request);
    }
    const bool again = !asked.empty() && asked == unanswered_.asked;
    header->set_command_id(
        again ? unanswered_.id
              : NewUuidV7(clock_.WallNow(), random_.Bytes(kUuidRandomSize)));
    if (last_seen_.epoch() != 0) *header->mutable_last_seen() = last_seen_;
  }
  for (int tries = 1;; ++tries) {
    grpc::ClientContext context;
    SetDeadline(&context, kCallSeconds);
    if (tries == kAskTriesMax && options_.patience_seconds > 0) {
      Say("waiting for the daemon");
      out_.flush();
      context.set_wait_for_ready(true);
      SetDeadline(&context, options_.patience_seconds);
    }
    context.AddMetadata("authorization", absl::StrCat("Bearer ", options_.key));
    context.AddMetadata("accept-language",
                        std::string(NameOf(options_.language)));
    Response response;
    const absl::Status status =
        FromGrpc((stub.*method)(&context, request, &response));
    if (absl::IsUnavailable(status) && tries < kAskTriesMax) continue;
    if (!absl::IsUnavailable(status) && asked == unanswered_.asked) {
      unanswered_ = {};
    }
    if (status.ok()) {
      if (const v1::Position* at = LandedAt(response);
          at != nullptr && at->epoch() != 0) {
        last_seen_ = *at;
      }
      return response;
    }
    if (!absl::IsUnavailable(status)) return status;
    if constexpr (kIsCommand) {
      approval_ = std::move(approval);
      if (!asked.empty()) {
        unanswered_ = {std::move(asked), request.header().command_id()};
        return absl::UnavailableError(
            absl::StrCat("no answer, so nobody knows whether it was done: type "
                         "it again as it was, and it is done once (",
                         status.message(), ")"));
      }
    }
    return absl::UnavailableError(absl::StrCat(
        "the till's service does not answer: is branchline-edge at work? Try "
        "again when it is (",
        status.message(), ")"));
  }
}

template <typename Lines>
void TillConsole::LearnNames(const Lines& lines) {
  for (const auto& line : lines) LearnName(line.sku());
}

}  // namespace branchline::cli
