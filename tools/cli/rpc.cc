#include "tools/cli/rpc.h"

#include <grpc/support/time.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "absl/strings/str_cat.h"

namespace branchline::cli {
namespace {

constexpr int kConnectSeconds = 3;
constexpr int kMessageBytesMax = 256 << 20;
// A daemon of this machine that comes back is found at once, not after the
// minutes that are right for a line across the country.
constexpr int kReconnectFirstMs = 100;
constexpr int kReconnectMaxMs = 1'000;

gpr_timespec In(int seconds) {
  return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC),
                      gpr_time_from_seconds(seconds, GPR_TIMESPAN));
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> ConnectToDaemon(
    absl::string_view data_dir) {
  const std::string path = absl::StrCat(data_dir, "/admin.sock");
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the socket ", path, " has a path of ", path.size(),
        " bytes, and Unix sockets allow ", sizeof(sockaddr_un::sun_path) - 1,
        ": use a shorter data directory"));
  }
  struct stat found;
  if (stat(path.c_str(), &found) != 0) {
    return absl::NotFoundError(absl::StrCat("there is no socket ", path));
  }
  auto channel = grpc::CreateCustomChannel(absl::StrCat("unix:", path),
                                           grpc::InsecureChannelCredentials(),
                                           LocalChannelArguments());
  if (!channel->WaitForConnected(In(kConnectSeconds))) {
    return absl::UnavailableError(absl::StrCat("nobody answers at ", path));
  }
  return channel;
}

grpc::ChannelArguments LocalChannelArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, kReconnectFirstMs);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMaxMs);
  return arguments;
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return absl::UnavailableError(absl::StrCat(
        "no answer within ", kCallSeconds, " s: ", status.error_message()));
  }
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    return absl::UnimplementedError(
        "the daemon does not know this call: it is older than this command, "
        "update it and start it again");
  }
  // The codes are the same numbers.
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      status.error_message());
}

void SetDeadline(grpc::ClientContext* context, int seconds) {
  context->set_deadline(In(seconds));
}

}  // namespace branchline::cli
