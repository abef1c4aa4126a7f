// A hub that answers what a test tells it to, on the socket of a directory.

#pragma once

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <memory>
#include <string>
#include <vector>

#include "branchline/v1/chain.grpc.pb.h"
#include "branchline/v1/report.grpc.pb.h"

namespace branchline::cli {

class FakeHub final : public v1::Chain::Service, public v1::Report::Service {
 public:
  explicit FakeHub(const std::string& data_dir) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + data_dir + "/admin.sock",
                             grpc::InsecureServerCredentials());
    builder.RegisterService(static_cast<v1::Chain::Service*>(this));
    builder.RegisterService(static_cast<v1::Report::Service*>(this));
    server_ = builder.BuildAndStart();
  }

  // What it was asked, and what it answers.
  std::vector<v1::ImportCatalogueRequest> imports;
  v1::AddBranchRequest added;
  v1::DevicesSet devices;
  v1::SalesReportRequest sales_asked;
  v1::ListBranchesResponse branches;
  v1::SalesReport sales;
  grpc::Status refusal;  // of everything, if not OK

  grpc::Status AddBranch(grpc::ServerContext*, const v1::AddBranchRequest* r,
                         v1::AddBranchResponse*) override {
    added = *r;
    return refusal;
  }
  grpc::Status ListBranches(grpc::ServerContext*,
                            const v1::ListBranchesRequest*,
                            v1::ListBranchesResponse* response) override {
    *response = branches;
    return refusal;
  }
  grpc::Status SetDevices(grpc::ServerContext*, const v1::SetDevicesRequest* r,
                          v1::SetDevicesResponse* response) override {
    devices = r->devices();
    response->set_changed(true);
    return refusal;
  }
  grpc::Status GetDevices(grpc::ServerContext*, const v1::GetDevicesRequest*,
                          v1::DevicesSet* response) override {
    *response = devices;
    return refusal;
  }
  grpc::Status IssueToken(grpc::ServerContext*, const v1::IssueTokenRequest* r,
                          v1::IssueTokenResponse* response) override {
    response->set_token("BL1.hash." + r->branch() + ".secret");
    return refusal;
  }
  grpc::Status ImportCatalogue(grpc::ServerContext*,
                               const v1::ImportCatalogueRequest* r,
                               v1::ImportCatalogueResponse* response) override {
    imports.push_back(*r);
    response->set_items_changed(static_cast<uint32_t>(r->items_size()));
    response->set_prices_changed(static_cast<uint32_t>(r->prices_size()));
    return refusal;
  }
  grpc::Status Sales(grpc::ServerContext*, const v1::SalesReportRequest* r,
                     v1::SalesReport* response) override {
    sales_asked = *r;
    *response = sales;
    return refusal;
  }

 private:
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace branchline::cli
