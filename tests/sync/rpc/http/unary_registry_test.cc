#include "sync/rpc/http/unary_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sync/rpc/http/fake_till.h"

namespace branchline {
namespace {

using testing::EchoRing;
using testing::FakeTill;

TEST(UnaryRegistryTest, FindsWhatWasRegistered) {
  const UnaryRegistry till = FakeTill();
  EXPECT_THAT(till.Names(), ::testing::ElementsAre("branchline.v1.Till/Ring"));
  EXPECT_NE(till.Find("branchline.v1.Till/Ring"), nullptr);
  EXPECT_EQ(till.Find("branchline.v1.Till/OpenDay"), nullptr);
  EXPECT_EQ(till.Find("branchline.v1.Till.Ring"), nullptr);
  EXPECT_EQ(till.Find(""), nullptr);
}

TEST(UnaryRegistryTest, CallsThroughThePrototypes) {
  const UnaryRegistry till = FakeTill();
  const UnaryMethod& ring = *till.Find("branchline.v1.Till/Ring");
  EXPECT_EQ(ring.request_prototype->GetTypeName(), "branchline.v1.RingRequest");
  v1::RingRequest request;
  request.mutable_header()->set_command_id("sale-1");
  v1::RingResponse response;
  ASSERT_EQ(ring.handler({}, request, &response), absl::OkStatus());
  EXPECT_EQ(response.sale().receipt_no(), "sale-1");
}

TEST(UnaryRegistryDeathTest, RefusesWhatIsNotTheContract) {
  UnaryRegistry till = FakeTill();
  const auto ring = [&till](absl::string_view name) {
    till.Register<v1::RingRequest, v1::RingResponse>(name, EchoRing);
  };
  EXPECT_DEATH(ring("branchline.v1.Till/Wring"),
               "Wring is not in the contract");
  EXPECT_DEATH(ring("branchline.v1.Till/OpenDay"), "takes another request");
  EXPECT_DEATH(ring("branchline.v1.Till/Ring"), "registered twice");
  const auto no_op = [](const CallContext&, const v1::OpenDayRequest&,
                        v1::RingResponse*) { return absl::OkStatus(); };
  EXPECT_DEATH((till.Register<v1::OpenDayRequest, v1::RingResponse>(
                   "branchline.v1.Till/OpenDay", no_op)),
               "gives another response");
}

TEST(UnaryRegistryDeathTest, RefusesMessagesOfAnotherType) {
  const UnaryRegistry till = FakeTill();
  const UnaryMethod& ring = *till.Find("branchline.v1.Till/Ring");
  v1::OpenDayRequest wrong;
  v1::RingResponse response;
  EXPECT_DEATH(ring.handler({}, wrong, &response).IgnoreError(),
               "request of another type");
}

}  // namespace
}  // namespace branchline
