#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>

#include "branchline/v1/edge_admin.grpc.pb.h"
#include "edge/commit/commit_queue.h"
#include "sync/base/clock.h"

namespace branchline {

// What a technician does on the box, over the Unix socket of the data
// directory: who may open that file may pair tills. Safe for concurrent use.
class EdgeAdminService final : public v1::EdgeAdmin::Service {
 public:
  struct Options {
    CommitQueue* queue;  // all outlive the service
    const Store* store;
    const EdgeIdentity* identity;
    const Clock* clock;
    std::function<void(v1::EdgeStatus*)> status;
    std::function<void()> on_paired;  // a till has a key: it may call in
    // See DeviceManager::Test().
    std::function<absl::Status(const std::string& device,
                               const std::string& user, absl::Duration wait,
                               v1::TestDeviceResponse* response)>
        test_device;
    std::function<absl::Status(const v1::ListPaymentsRequest& request,
                               v1::ListPaymentsResponse* response)>
        list_payments;
    // See CompareBill().
    std::function<absl::Status(const v1::CompareBillRequest& request,
                               v1::CompareBillResponse* response)>
        compare_bill;
  };
  explicit EdgeAdminService(Options options) : o_(std::move(options)) {}

  grpc::Status GetStatus(grpc::ServerContext* context,
                         const v1::GetStatusRequest* request,
                         v1::EdgeStatus* response) override;
  grpc::Status PairTill(grpc::ServerContext* context,
                        const v1::PairTillRequest* request,
                        v1::PairTillResponse* response) override;
  grpc::Status UnpairTill(grpc::ServerContext* context,
                          const v1::UnpairTillRequest* request,
                          v1::UnpairTillResponse* response) override;
  grpc::Status ListTills(grpc::ServerContext* context,
                         const v1::ListTillsRequest* request,
                         v1::ListTillsResponse* response) override;
  grpc::Status OfferLate(grpc::ServerContext* context,
                         const v1::OfferLateRequest* request,
                         v1::OfferLateResponse* response) override;
  grpc::Status TestDevice(grpc::ServerContext* context,
                          const v1::TestDeviceRequest* request,
                          v1::TestDeviceResponse* response) override;
  grpc::Status ListPayments(grpc::ServerContext* context,
                            const v1::ListPaymentsRequest* request,
                            v1::ListPaymentsResponse* response) override;
  grpc::Status CompareBill(grpc::ServerContext* context,
                           const v1::CompareBillRequest* request,
                           v1::CompareBillResponse* response) override;

 private:
  absl::Status Pair(const v1::PairTillRequest& request,
                    v1::PairTillResponse* response);
  absl::Status Unpair(const std::string& till);
  absl::Status Offer(const std::string& old_data_dir,
                     v1::OfferLateResponse* response);

  const Options o_;
};

}  // namespace branchline
