#pragma once

#include <functional>

#include "absl/strings/string_view.h"
#include "branchline/v1/chain.grpc.pb.h"
#include "hub/hub_books.h"
#include "hub/intake/presence.h"

namespace branchline {

// What an operator does at the hub, over gRPC: on the Unix socket of the data
// directory, and in the command's own process. Never on a network port: whoever
// reaches it runs the chain. Thin: every rule is in what it calls.
class ChainService final : public v1::Chain::Service {
 public:
  struct Options {
    HubBooks* books;  // not owned
    std::function<Presence::Seen(absl::string_view)> presence =
        [](absl::string_view) { return Presence::Seen(); };
    // Adds what only the daemon knows: addresses, who is on the line.
    std::function<void(v1::HubStatus*)> complete_status = [](auto*) {};
  };

  explicit ChainService(Options options) : options_(std::move(options)) {}

  grpc::Status AddBranch(grpc::ServerContext*, const v1::AddBranchRequest*,
                         v1::AddBranchResponse*) override;
  grpc::Status SetBranch(grpc::ServerContext*, const v1::SetBranchRequest*,
                         v1::SetBranchResponse*) override;
  grpc::Status ListBranches(grpc::ServerContext*,
                            const v1::ListBranchesRequest*,
                            v1::ListBranchesResponse*) override;
  grpc::Status RetireBranch(grpc::ServerContext*,
                            const v1::RetireBranchRequest*,
                            v1::RetireBranchResponse*) override;
  grpc::Status IssueToken(grpc::ServerContext*, const v1::IssueTokenRequest*,
                          v1::IssueTokenResponse*) override;
  grpc::Status ImportCatalogue(grpc::ServerContext*,
                               const v1::ImportCatalogueRequest*,
                               v1::ImportCatalogueResponse*) override;
  grpc::Status ListItems(grpc::ServerContext* context,
                         const v1::ListItemsRequest* request,
                         v1::ListItemsResponse* response) override;
  grpc::Status GetPriceHistory(grpc::ServerContext* context,
                               const v1::GetPriceHistoryRequest* request,
                               v1::GetPriceHistoryResponse* response) override;
  grpc::Status ListUnknownCodes(
      grpc::ServerContext* context, const v1::ListUnknownCodesRequest* request,
      v1::ListUnknownCodesResponse* response) override;
  grpc::Status SetStaff(grpc::ServerContext*, const v1::SetStaffRequest*,
                        v1::SetStaffResponse*) override;
  grpc::Status ListStaff(grpc::ServerContext*, const v1::ListStaffRequest*,
                         v1::ListStaffResponse*) override;
  grpc::Status Publish(grpc::ServerContext*, const v1::PublishRequest*,
                       v1::PublishResponse*) override;
  grpc::Status GetPublished(grpc::ServerContext*,
                            const v1::GetPublishedRequest*,
                            v1::PublishRequest*) override;
  grpc::Status SetDevices(grpc::ServerContext*, const v1::SetDevicesRequest*,
                          v1::SetDevicesResponse*) override;
  grpc::Status GetDevices(grpc::ServerContext*, const v1::GetDevicesRequest*,
                          v1::DevicesSet*) override;
  grpc::Status ListExceptions(grpc::ServerContext*,
                              const v1::ListExceptionsRequest*,
                              v1::ListExceptionsResponse*) override;
  grpc::Status ApproveLate(grpc::ServerContext*, const v1::ApproveLateRequest*,
                           v1::ApproveLateResponse*) override;
  grpc::Status GetHubStatus(grpc::ServerContext*,
                            const v1::GetHubStatusRequest*,
                            v1::HubStatus*) override;

 private:
  const Options options_;
};

}  // namespace branchline
