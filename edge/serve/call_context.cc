#include "edge/serve/call_context.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace branchline {

CallContext ContextOf(const grpc::ServerContext& context) {
  CallContext call;
  call.peer = context.peer();
  call.is_loopback = absl::StartsWith(call.peer, "ipv4:127.") ||
                     absl::StartsWith(call.peer, "ipv6:%5B::1%5D");
  const auto& metadata = context.client_metadata();
  if (const auto it = metadata.find("accept-language"); it != metadata.end()) {
    call.accept_language.assign(it->second.data(), it->second.size());
  }
  const auto it = metadata.find("authorization");
  if (it != metadata.end()) {
    const absl::string_view value(it->second.data(), it->second.size());
    constexpr absl::string_view kBearer = "Bearer ";
    if (absl::StartsWith(value, kBearer)) {
      call.bearer = std::string(value.substr(kBearer.size()));
    }
  }
  return call;
}

}  // namespace branchline
