#pragma once

#include "branchline/v1/report.grpc.pb.h"
#include "hub/report/reports.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {

// Reports over gRPC, beside ChainService. Thin.
class ReportService final : public v1::Report::Service {
 public:
  explicit ReportService(const Reports* reports) : reports_(*reports) {}

  grpc::Status Sales(grpc::ServerContext*,
                     const v1::SalesReportRequest* request,
                     v1::SalesReport* response) override {
    absl::StatusOr<v1::SalesReport> report = reports_.Sales(*request);
    if (!report.ok()) return ToGrpc(report.status());
    *response = *std::move(report);
    return grpc::Status::OK;
  }

  grpc::Status Stock(grpc::ServerContext*,
                     const v1::StockReportRequest* request,
                     v1::StockReport* response) override {
    absl::StatusOr<v1::StockReport> report = reports_.Stock(*request);
    if (!report.ok()) return ToGrpc(report.status());
    *response = *std::move(report);
    return grpc::Status::OK;
  }

 private:
  const Reports& reports_;
};

}  // namespace branchline
