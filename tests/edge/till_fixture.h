#pragma once

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <memory>
#include <string>

#include "branchline/v1/till.grpc.pb.h"
#include "edge/commit/commit_queue.h"
#include "edge/serve/till_api.h"
#include "edge/serve/till_service.h"
#include "sync/identity/api_key.h"
#include "sync/identity/pin.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {

// The till service of branch S014, whole, on a channel inside this process.
class TillFixture : public EdgeFixture {
 protected:
  static constexpr char kKey[] = "the key of T1";

  TillFixture() {
    BL_CHECK(Run(PairTillCommand{"T1", ApiKeyHash(kKey)}, "").ok(),
             "the till has a key");
  }
  ~TillFixture() override {
    if (server_ != nullptr) server_->Shutdown();
  }

  // From here on the core belongs to the queue.
  void Serve() {
    queue_ = std::make_unique<CommitQueue>(core_.get(), &clock_,
                                           CommitQueue::Options());
    identity_ = std::make_unique<EdgeIdentity>(Identity());
    api_ = std::make_unique<TillApi>(queue_.get(), &store_, &core_->books(),
                                     identity_.get(), &clock_, &metrics_,
                                     [](v1::EdgeStatus*) {});
    service_ = std::make_unique<TillService>(api_.get());
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ =
        v1::Till::NewStub(server_->InProcessChannel(grpc::ChannelArguments()));
  }

  void Publish(const v1::Event& event) {
    BL_CHECK(core_->TakeRecords(chain_.Append(event)).ok(), "it is taken");
  }
  void AddStaff(const char* id, const char* role, const char* pin) {
    v1::Event event;
    event.mutable_staff_set()->mutable_staff()->set_id(id);
    event.mutable_staff_set()->mutable_staff()->set_role(role);
    BL_CHECK(core_
                 ->TakeRecords(chain_.Append(
                     event, {{"name", absl::StrCat("Name of ", id)},
                             {"pin", *HashPin(pin)}}))
                 .ok(),
             "the staff is taken");
  }

  CallContext WithKey() const {
    CallContext context;
    context.bearer = kKey;
    return context;
  }

  Metrics metrics_;
  std::unique_ptr<CommitQueue> queue_;
  std::unique_ptr<EdgeIdentity> identity_;
  std::unique_ptr<TillApi> api_;
  std::unique_ptr<TillService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::Till::Stub> stub_;
};

}  // namespace branchline
