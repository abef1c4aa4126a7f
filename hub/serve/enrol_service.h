#pragma once

#include "branchline/v1/enrolment.grpc.pb.h"
#include "hub/enrol/enroller.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {

// Enrolment over gRPC, for a port with EnrolServerCredentials(). Thin.
class EnrolService final : public v1::Enrolment::Service {
 public:
  explicit EnrolService(Enroller* enroller) : enroller_(*enroller) {}

  grpc::Status Join(grpc::ServerContext*, const v1::JoinRequest* request,
                    v1::JoinResponse* response) override {
    absl::StatusOr<v1::JoinResponse> joined = enroller_.Join(*request);
    if (!joined.ok()) return ToGrpc(joined.status());
    *response = *std::move(joined);
    return grpc::Status::OK;
  }

  grpc::Status Renew(grpc::ServerContext*, const v1::RenewRequest* request,
                     v1::RenewResponse* response) override {
    absl::StatusOr<v1::RenewResponse> renewed = enroller_.Renew(*request);
    if (!renewed.ok()) return ToGrpc(renewed.status());
    *response = *std::move(renewed);
    return grpc::Status::OK;
  }

 private:
  Enroller& enroller_;
};

}  // namespace branchline
