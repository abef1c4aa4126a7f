#include "tools/cli/hub_channel.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "tools/cli/rpc.h"

namespace branchline::cli {

absl::StatusOr<HubChannel> HubChannel::Open(absl::string_view data_dir,
                                            Access access) {
  HubChannel hub;
  auto channel = ConnectToDaemon(data_dir);
  if (!channel.ok()) {
    auto local = OpenLocalHub(data_dir, access);
    if (!local.ok()) {
      // A daemon that holds the directory and does not answer is what a person
      // has to see to, not that the directory is in use.
      const bool hangs = absl::IsUnavailable(channel.status()) &&
                         absl::IsFailedPrecondition(local.status());
      return hangs ? Annotate(channel.status(), "the hub hangs")
                   : local.status();
    }
    hub.local_ = *std::move(local);
    channel = hub.local_->channel();
  }
  hub.chain_ = v1::Chain::NewStub(*channel);
  hub.report_ = v1::Report::NewStub(*channel);
  return hub;
}

}  // namespace branchline::cli
