#include "hub/serve/chain_service.h"

#include <utility>

#include "hub/merge/catalogue_import.h"
#include "hub/merge/catalogue_list.h"
#include "hub/merge/publish.h"
#include "hub/report/branch_overview.h"
#include "sync/base/status_macros.h"
#include "sync/base/version.h"
#include "sync/journal/record.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {
namespace {

template <typename T>
grpc::Status Answer(absl::StatusOr<T> result, T* response) {
  if (!result.ok()) return ToGrpc(result.status());
  *response = *std::move(result);
  return grpc::Status::OK;
}

absl::StatusOr<v1::HubStatus> DescribeHub(HubBooks* books) {
  v1::HubStatus status;
  status.set_chain_name(books->identity().chain_name);
  status.set_ca_hash(books->identity().ca.hash());
  status.set_version(kVersion);
  for (const std::string& line : books->verified()) status.add_verified(line);
  const absl::Status decides = books->ledger().MayDecide();
  if (!decides.ok()) status.add_verified(std::string(decides.message()));
  BL_ASSIGN_OR_RETURN(const auto branches, books->store().ReadBranches());
  status.set_branches(static_cast<uint32_t>(branches.size()));
  BL_ASSIGN_OR_RETURN(const auto streams, books->store().ListStreams());
  BL_ASSIGN_OR_RETURN(const auto heads, books->store().ReadCursors(streams));
  for (size_t i = 0; i < streams.size(); ++i) {
    v1::StreamHead* head = status.add_streams();
    head->set_stream(streams[i]);
    *head->mutable_head() = ToProto(heads[i]);
  }
  return status;
}

}  // namespace

grpc::Status ChainService::AddBranch(grpc::ServerContext*,
                                     const v1::AddBranchRequest* request,
                                     v1::AddBranchResponse*) {
  return ToGrpc(options_.books->admin().AddBranch(*request));
}

grpc::Status ChainService::SetBranch(grpc::ServerContext*,
                                     const v1::SetBranchRequest* request,
                                     v1::SetBranchResponse* response) {
  const auto changed = options_.books->admin().SetBranch(*request);
  if (changed.ok()) response->set_changed(*changed);
  return ToGrpc(changed.status());
}

grpc::Status ChainService::ListBranches(grpc::ServerContext*,
                                        const v1::ListBranchesRequest* request,
                                        v1::ListBranchesResponse* response) {
  return Answer(BranchOverview(options_.books->store(), request->code(),
                               options_.presence),
                response);
}

grpc::Status ChainService::RetireBranch(grpc::ServerContext*,
                                        const v1::RetireBranchRequest* request,
                                        v1::RetireBranchResponse*) {
  return ToGrpc(options_.books->admin().RetireBranch(*request));
}

grpc::Status ChainService::IssueToken(grpc::ServerContext*,
                                      const v1::IssueTokenRequest* request,
                                      v1::IssueTokenResponse* response) {
  return Answer(options_.books->enroller().IssueToken(*request), response);
}

grpc::Status ChainService::ImportCatalogue(
    grpc::ServerContext*, const v1::ImportCatalogueRequest* request,
    v1::ImportCatalogueResponse* response) {
  return Answer(
      branchline::ImportCatalogue(&options_.books->store(),
                                  &options_.books->ledger(), *request),
      response);
}

grpc::Status ChainService::ListItems(grpc::ServerContext*,
                                     const v1::ListItemsRequest* request,
                                     v1::ListItemsResponse* response) {
  return Answer(branchline::ListItems(options_.books->store(), *request),
                response);
}

grpc::Status ChainService::GetPriceHistory(
    grpc::ServerContext*, const v1::GetPriceHistoryRequest* request,
    v1::GetPriceHistoryResponse* response) {
  return Answer(PriceHistory(options_.books->store(), *request), response);
}

grpc::Status ChainService::ListUnknownCodes(
    grpc::ServerContext*, const v1::ListUnknownCodesRequest* request,
    v1::ListUnknownCodesResponse* response) {
  return Answer(UnknownCodes(options_.books->store(), *request), response);
}

grpc::Status ChainService::SetStaff(grpc::ServerContext*,
                                    const v1::SetStaffRequest* request,
                                    v1::SetStaffResponse*) {
  return ToGrpc(options_.books->admin().SetStaff(*request));
}

grpc::Status ChainService::ListStaff(grpc::ServerContext*,
                                     const v1::ListStaffRequest* request,
                                     v1::ListStaffResponse* response) {
  return Answer(options_.books->admin().ListStaff(*request), response);
}

grpc::Status ChainService::Publish(grpc::ServerContext*,
                                   const v1::PublishRequest* request,
                                   v1::PublishResponse* response) {
  return Answer(branchline::Publish(&options_.books->store(),
                                    &options_.books->ledger(), *request),
                response);
}

grpc::Status ChainService::GetPublished(grpc::ServerContext*,
                                        const v1::GetPublishedRequest*,
                                        v1::PublishRequest* response) {
  return Answer(options_.books->store().ReadPublished(), response);
}

grpc::Status ChainService::SetDevices(grpc::ServerContext*,
                                      const v1::SetDevicesRequest* request,
                                      v1::SetDevicesResponse* response) {
  const absl::StatusOr<bool> changed =
      options_.books->admin().SetDevices(request->devices());
  response->set_changed(changed.value_or(false));
  return ToGrpc(changed.status());
}

grpc::Status ChainService::GetDevices(grpc::ServerContext*,
                                      const v1::GetDevicesRequest* request,
                                      v1::DevicesSet* response) {
  return Answer(options_.books->admin().Devices(request->branch()), response);
}

grpc::Status ChainService::ListExceptions(
    grpc::ServerContext*, const v1::ListExceptionsRequest* request,
    v1::ListExceptionsResponse* response) {
  return Answer(
      branchline::ListExceptions(options_.books->store(), request->branch()),
      response);
}

grpc::Status ChainService::ApproveLate(grpc::ServerContext*,
                                       const v1::ApproveLateRequest* request,
                                       v1::ApproveLateResponse* response) {
  return Answer(options_.books->admin().ApproveLate(*request), response);
}

grpc::Status ChainService::GetHubStatus(grpc::ServerContext*,
                                        const v1::GetHubStatusRequest*,
                                        v1::HubStatus* response) {
  const grpc::Status status = Answer(DescribeHub(options_.books), response);
  if (status.ok()) options_.complete_status(response);
  return status;
}

}  // namespace branchline
