// Which till has what, as the hub hands it to a branch.

#include <string>

#include "hub/merge/chain_admin.h"
#include "sync/journal/journal.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

v1::AddBranchRequest Branch(const std::string& code) {
  v1::AddBranchRequest request;
  request.mutable_branch()->set_code(code);
  request.mutable_branch()->set_name("Branch");
  request.mutable_branch()->set_time_zone("Asia/Shanghai");
  request.mutable_branch()->set_currency("CNY");
  return request;
}

TEST(DevicesSetTest, TheDevicesOfABranchGoToItsOwnStreamOnce) {
  TestHub hub;
  ASSERT_THAT(hub.admin->AddBranch(Branch("S001")), IsOk());
  EXPECT_THAT(hub.admin->Devices("S009").status(),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("this chain has no branch S009")));
  EXPECT_EQ(hub.admin->Devices("S001")->devices_size(), 0);

  v1::DevicesSet devices;
  devices.set_branch("S001");
  devices.add_devices()->set_name("p1");
  EXPECT_EQ(hub.admin->SetDevices(devices).value(), true);
  EXPECT_EQ(hub.admin->Devices("S001")->devices(0).name(), "p1");
  const int before = hub.disk.commits();
  EXPECT_EQ(hub.admin->SetDevices(devices).value(), false);
  EXPECT_EQ(hub.disk.commits(), before);

  const auto record = ReadRecord(hub.disk, "branch:S001", 1, 1);
  ASSERT_THAT(record, IsOk());
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(record->payload()));
  EXPECT_EQ(event.devices_set().devices(0).name(), "p1");

  for (int i = 0; i < kDevicesMax; ++i) devices.add_devices();
  EXPECT_THAT(hub.admin->SetDevices(devices).status(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("is given 65 devices")));
}

}  // namespace
}  // namespace branchline
