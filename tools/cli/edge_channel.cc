#include "tools/cli/edge_channel.h"

#include "absl/strings/str_cat.h"
#include "tools/cli/rpc.h"

namespace branchline::cli {

absl::StatusOr<std::unique_ptr<v1::EdgeAdmin::Stub>> ConnectToEdge(
    absl::string_view data_dir) {
  const auto channel = ConnectToDaemon(data_dir);
  if (absl::IsNotFound(channel.status()) ||
      absl::IsUnavailable(channel.status())) {
    return absl::UnavailableError(absl::StrCat(
        channel.status().message(), ": start 'branchline-edge --data ",
        data_dir, "', or look at its log if it should run"));
  }
  if (!channel.ok()) return channel.status();
  return v1::EdgeAdmin::NewStub(*channel);
}

}  // namespace branchline::cli
