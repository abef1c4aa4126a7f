#include "edge/devices/devices_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "sync/ledger/keys.h"
#include "tests/edge/devices/sample_devices.h"
#include "tests/support/memory_store.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(DevicesFileTest, IsReadBackAsItWasWritten) {
  v1::DevicesSet set = SampleDevices();
  // Words that look like kinds, where none is meant.
  set.mutable_devices(0)->set_name("kind");
  set.mutable_receipt()->set_legal_entity("\"kind\": \"printer\"");
  const std::string json = DevicesAsJson(set);
  EXPECT_THAT(json, AllOf(HasSubstr("\"kind\": \"scanner\""),
                          Not(HasSubstr("DEVICE_KIND"))));
  const auto back = ParseDevices(json);
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->SerializeAsString(), set.SerializeAsString());
}

TEST(DevicesFileTest, SaysWhatIsWrongWithIt) {
  EXPECT_THAT(
      ParseDevices("{\"printers\": 1}"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("printers"), HasSubstr("docs/DEVICES.md"))));
  EXPECT_THAT(ParseDevices("{\"devices\": [{\"kind\":\"plotter\"}]}"),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_));
  EXPECT_THAT(ParseDevices("{\"kind\""),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_));
  EXPECT_THAT(
      ParseDevices(std::string(kDevicesFileSizeMax + 1, ' ')),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most")));
  EXPECT_THAT(ReadDevicesFile("/no/such/file"),
              StatusIs(absl::StatusCode::kNotFound, ::testing::_));
}

TEST(DevicesFileTest, TheHubsSettingIsReadFromTheLedger) {
  MemoryStore store;
  EXPECT_EQ(ReadDevices(store, "S014")->devices_size(), 0);
  WriteSet writes;
  writes.Put(Table::kDocs, docs::Devices("S014"), "\xFF\xFF");
  ASSERT_THAT(store.Commit(writes), IsOk());
  EXPECT_THAT(ReadDevices(store, "S014"),
              StatusIs(absl::StatusCode::kDataLoss, ::testing::_));
}

}  // namespace
}  // namespace branchline
