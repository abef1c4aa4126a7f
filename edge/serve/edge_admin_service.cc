#include "edge/serve/edge_admin_service.h"

#include <algorithm>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "edge/enrol/late_suffix.h"
#include "edge/till/decide_sale.h"
#include "sync/base/status_macros.h"
#include "sync/identity/api_key.h"
#include "sync/identity/branch_code.h"
#include "sync/journal/rocks_store.h"
#include "sync/ledger/keys.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {
namespace {

constexpr uint32_t kTestWaitMaxMs = 60'000;

bool IsPaired(const CoreSnapshot& snapshot, absl::string_view till) {
  for (const auto& [hash, paired] : *snapshot.till_of_key_hash) {
    if (paired == till) return true;
  }
  return false;
}

}  // namespace

grpc::Status EdgeAdminService::GetStatus(grpc::ServerContext*,
                                         const v1::GetStatusRequest*,
                                         v1::EdgeStatus* response) {
  o_.status(response);
  return grpc::Status::OK;
}

grpc::Status EdgeAdminService::PairTill(grpc::ServerContext*,
                                        const v1::PairTillRequest* request,
                                        v1::PairTillResponse* response) {
  return ToGrpc(Pair(*request, response));
}

absl::Status EdgeAdminService::Pair(const v1::PairTillRequest& request,
                                    v1::PairTillResponse* response) {
  // A till's name follows the rule of a branch's: it stands in receipt numbers.
  BL_RETURN_IF_ERROR(Annotate(ValidateBranchCode(request.till()), "till"));
  if (absl::StrContains(request.till(), '-')) {
    // "S-1-T1-1-000001" must be one branch's and one till's.
    return absl::InvalidArgumentError(absl::StrCat(
        "till '", request.till(), "' has a dash; want A-Z and 0-9 only"));
  }
  if (IsPaired(o_.queue->Snapshot(), request.till()) && !request.replace()) {
    return absl::AlreadyExistsError(absl::StrCat(
        "till ", request.till(),
        " is paired already; with --replace it gets a new key, and the old one "
        "is worth nothing"));
  }
  BL_ASSIGN_OR_RETURN(const std::string key, GenerateApiKey());
  BL_RETURN_IF_ERROR(
      o_.queue
          ->Execute({"", o_.clock->WallNow(),
                     PairTillCommand{request.till(), ApiKeyHash(key)}})
          .status());
  response->set_api_key(key);
  o_.on_paired();
  return absl::OkStatus();
}

grpc::Status EdgeAdminService::UnpairTill(grpc::ServerContext*,
                                          const v1::UnpairTillRequest* request,
                                          v1::UnpairTillResponse*) {
  return ToGrpc(Unpair(request->till()));
}

absl::Status EdgeAdminService::Unpair(const std::string& till) {
  if (!IsPaired(o_.queue->Snapshot(), till)) {
    return absl::NotFoundError(absl::StrCat(
        "no till '", till, "' is paired with ", o_.identity->node.branch()));
  }
  return o_.queue->Execute({"", o_.clock->WallNow(), PairTillCommand{till, ""}})
      .status();
}

grpc::Status EdgeAdminService::ListTills(grpc::ServerContext*,
                                         const v1::ListTillsRequest*,
                                         v1::ListTillsResponse* response) {
  const CoreSnapshot snapshot = o_.queue->Snapshot();
  const v1::NodeIdentity& node = o_.identity->node;
  for (const auto& [till, receipts] : snapshot.receipts) {
    if (!IsPaired(snapshot, till)) continue;
    v1::TillInfo* info = response->add_tills();
    info->set_till(till);
    info->set_receipts(receipts);
    if (receipts > 0) {
      info->set_last_receipt_no(
          ReceiptNo(node.branch(), till, node.epoch(), receipts));
    }
  }
  return grpc::Status::OK;
}

grpc::Status EdgeAdminService::TestDevice(grpc::ServerContext*,
                                          const v1::TestDeviceRequest* request,
                                          v1::TestDeviceResponse* response) {
  const std::string user =
      request->user().empty() ? "technician" : request->user();
  return ToGrpc(o_.test_device(
      request->device(), user,
      absl::Milliseconds(std::min(request->wait_ms(), kTestWaitMaxMs)),
      response));
}

grpc::Status EdgeAdminService::ListPayments(
    grpc::ServerContext*, const v1::ListPaymentsRequest* request,
    v1::ListPaymentsResponse* response) {
  return ToGrpc(o_.list_payments(*request, response));
}

grpc::Status EdgeAdminService::CompareBill(
    grpc::ServerContext*, const v1::CompareBillRequest* request,
    v1::CompareBillResponse* response) {
  return ToGrpc(o_.compare_bill(*request, response));
}

grpc::Status EdgeAdminService::OfferLate(grpc::ServerContext*,
                                         const v1::OfferLateRequest* request,
                                         v1::OfferLateResponse* response) {
  return ToGrpc(Offer(request->old_data_dir(), response));
}

absl::Status EdgeAdminService::Offer(const std::string& old_data_dir,
                                     v1::OfferLateResponse* response) {
  RocksStoreOptions options;
  options.read_only = true;
  options.dir = old_data_dir + "/ledger";
  absl::StatusOr<std::unique_ptr<Store>> old = OpenRocksStore(options);
  if (absl::IsNotFound(old.status())) {
    options.dir = old_data_dir;
    old = OpenRocksStore(options);
  }
  BL_RETURN_IF_ERROR(old.status());
  const std::string stream = EdgeStream(o_.identity->node.branch());
  BL_ASSIGN_OR_RETURN(const LateSuffix suffix,
                      FindLateSuffix(*o_.store, **old, stream));
  v1::LateSuffixFound found;
  BL_RETURN_IF_ERROR(o_.queue->Run([&](EdgeCore& core) -> absl::Status {
    BL_ASSIGN_OR_RETURN(found, core.OfferLate(suffix.common, suffix.records));
    return absl::OkStatus();
  }));
  response->set_epoch(found.epoch());
  response->set_first_seq(found.first_seq());
  response->set_last_seq(found.last().seq());
  for (const v1::Record& record : suffix.records) {
    response->add_lines(DescribeRecord(record));
  }
  return absl::OkStatus();
}

}  // namespace branchline
