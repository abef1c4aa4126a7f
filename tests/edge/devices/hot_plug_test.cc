#include "edge/devices/hot_plug.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

namespace fs = std::filesystem;

class HotPlugTest : public ::testing::Test {
 protected:
  HotPlugTest() {
    std::string pattern = "/tmp/bl-hotplug-XXXXXX";
    dir_ = mkdtemp(pattern.data());
    plug_ = *HotPlug::Make();
  }
  ~HotPlugTest() override { fs::remove_all(dir_); }

  std::string dir_;
  std::unique_ptr<HotPlug> plug_;
};

TEST_F(HotPlugTest, TellsOfANodeAndOfALink) {
  plug_->Watch(dir_);
  EXPECT_TRUE(plug_->Wait(absl::ZeroDuration()).empty());
  std::ofstream(dir_ + "/ttyUSB0") << "";
  EXPECT_EQ(plug_->Wait(absl::Seconds(10)).count(dir_), 1u);
  while (!plug_->Wait(absl::ZeroDuration()).empty()) {
  }
  fs::create_symlink("ttyUSB0", dir_ + "/scale0");
  EXPECT_EQ(plug_->Wait(absl::Seconds(10)).count(dir_), 1u);
}

TEST_F(HotPlugTest, AFolderMayComeLaterAndGoAndComeBack) {
  const std::string folder = dir_ + "/serial/by-id";
  plug_->Watch(folder);
  for (int round = 0; round < 2; ++round) {
    fs::create_directories(folder);
    std::set<std::string> seen;
    while (seen.count(folder) == 0) seen = plug_->Wait(absl::Seconds(10));
    while (!plug_->Wait(absl::ZeroDuration()).empty()) {
    }
    std::ofstream(folder + "/scanner") << "";
    EXPECT_EQ(plug_->Wait(absl::Seconds(10)).count(folder), 1u) << round;
    fs::remove_all(dir_ + "/serial");
    while (!plug_->Wait(absl::ZeroDuration()).empty()) {
    }
  }
}

TEST_F(HotPlugTest, WakeEndsAWait) {
  plug_->Wake();
  EXPECT_TRUE(plug_->Wait(absl::InfiniteDuration()).empty());
}

}  // namespace
}  // namespace branchline
