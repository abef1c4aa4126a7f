#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <utility>

#include "hub/hub_books.h"
#include "hub/serve/chain_service.h"
#include "hub/serve/report_service.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/base/status_macros.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"

namespace branchline::cli {
namespace {

// The hub's own services over its books, on a channel that never leaves this
// process: one way to ask, whether the daemon runs or not.
class InProcessHub final : public LocalHub {
 public:
  explicit InProcessHub(std::unique_ptr<HubBooks> books)
      : books_(std::move(books)),
        chain_({.books = books_.get()}),
        report_(&books_->reports()) {}

  ~InProcessHub() override {
    if (server_ != nullptr) server_->Shutdown();
  }

  bool Start() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&chain_);
    builder.RegisterService(&report_);
    server_ = builder.BuildAndStart();
    return server_ != nullptr;
  }

  std::shared_ptr<grpc::Channel> channel() override {
    return server_->InProcessChannel(LocalChannelArguments());
  }

 private:
  const std::unique_ptr<HubBooks> books_;
  ChainService chain_;
  ReportService report_;
  std::unique_ptr<grpc::Server> server_;  // first to go
};

}  // namespace

absl::StatusOr<std::unique_ptr<LocalHub>> OpenLocalHub(
    absl::string_view data_dir, HubChannel::Access access) {
  HubBooks::Options options;
  options.data_dir = std::string(data_dir);
  options.read_only = access == HubChannel::Access::kRead;
  BL_ASSIGN_OR_RETURN(auto books,
                      HubBooks::Open(options, &SystemClock(), &SystemRandom()));
  auto hub = std::make_unique<InProcessHub>(std::move(books));
  if (!hub->Start()) {
    return absl::InternalError("gRPC did not start inside this process");
  }
  return hub;
}

}  // namespace branchline::cli
