#include "edge/devices/drawer_keeper.h"

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class DrawerKeeperTest : public ::testing::Test {
 protected:
  DrawerKeeperTest() {
    device_.set_name("d1");
    device_.set_printer("p1");
    device_.set_open_level("high");
    device_.set_alarm_seconds(30);
    keeper_ = Make();
  }
  std::unique_ptr<DrawerKeeper> Make() {
    return std::make_unique<DrawerKeeper>(device_, &clock_,
                                          [this] { ++told_; });
  }
  std::vector<v1::DrawerEventKind> Kinds() {
    std::vector<v1::DrawerEventKind> kinds;
    for (const v1::DrawerRecorded& event : keeper_->TakeEvents()) {
      EXPECT_EQ(event.drawer(), "d1");
      kinds.push_back(event.kind());
    }
    return kinds;
  }

  FakeClock clock_;
  v1::Device device_;
  int told_ = 0;
  std::unique_ptr<DrawerKeeper> keeper_;
};

TEST_F(DrawerKeeperTest, ASaleOpensItWithItsReceiptAndUser) {
  keeper_->OnPin(false);
  ASSERT_THAT(keeper_->OnCommand(v1::DRAWER_REASON_SALE, "ada", "R1", false),
              IsOk());
  keeper_->OnPin(true);
  keeper_->OnPin(false);
  const auto events = keeper_->TakeEvents();
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].kind(), v1::DRAWER_EVENT_KIND_COMMANDED);
  EXPECT_EQ(events[1].kind(), v1::DRAWER_EVENT_KIND_OPENED);
  EXPECT_EQ(events[2].kind(), v1::DRAWER_EVENT_KIND_CLOSED);
  EXPECT_EQ(events[0].user(), "ada");
  EXPECT_EQ(events[1].receipt_no(), "R1");
  EXPECT_EQ(events[2].receipt_no(), "");
  EXPECT_GE(told_, 3);
}

TEST_F(DrawerKeeperTest, WhatIsInTheJournalAlreadyIsNotRecordedTwice) {
  keeper_->OnPin(false);
  ASSERT_THAT(keeper_->OnCommand(v1::DRAWER_REASON_NO_SALE, "ada", "", true),
              IsOk());
  EXPECT_THAT(Kinds(), IsEmpty());
  keeper_->OnPin(true);
  EXPECT_THAT(Kinds(), ElementsAre(v1::DRAWER_EVENT_KIND_OPENED));
}

TEST_F(DrawerKeeperTest, OpenedByHandAndLeftOpenIsAnAlarmUntilItIsShut) {
  keeper_->OnPin(false);
  keeper_->OnPin(true);
  EXPECT_THAT(Kinds(), ElementsAre(v1::DRAWER_EVENT_KIND_OPENED_BY_HAND));
  EXPECT_EQ(keeper_->State().says(), "open for 0 s");
  clock_.Advance(absl::Seconds(31));
  keeper_->OnPin(true);
  EXPECT_THAT(Kinds(), ElementsAre(v1::DRAWER_EVENT_KIND_OPEN_TOO_LONG));
  EXPECT_TRUE(keeper_->IsOpenTooLong());
  EXPECT_EQ(keeper_->State().says(), "OPEN TOO LONG: 31 s");
  keeper_->OnPin(true);
  EXPECT_THAT(Kinds(), IsEmpty());
  keeper_->OnPin(false);
  EXPECT_THAT(Kinds(), ElementsAre(v1::DRAWER_EVENT_KIND_CLOSED));
  EXPECT_FALSE(keeper_->IsOpenTooLong());
  EXPECT_EQ(keeper_->State().says(), "closed");
}

TEST_F(DrawerKeeperTest, OneThatDoesNotOpenIsStuck) {
  keeper_->OnPin(false);
  ASSERT_THAT(keeper_->OnCommand(v1::DRAWER_REASON_PAID_IN, "ada", "", true),
              IsOk());
  clock_.Advance(absl::Seconds(4));
  keeper_->OnPin(false);
  EXPECT_THAT(Kinds(), ElementsAre(v1::DRAWER_EVENT_KIND_STUCK));
}

TEST_F(DrawerKeeperTest, WithoutASwitchOnlyCommandsAreKnown) {
  device_.clear_open_level();
  keeper_ = Make();
  keeper_->OnPin(true);
  ASSERT_THAT(keeper_->OnCommand(v1::DRAWER_REASON_COUNT, "ada", "", false),
              IsOk());
  EXPECT_THAT(Kinds(), ElementsAre(v1::DRAWER_EVENT_KIND_COMMANDED));
  EXPECT_EQ(keeper_->State().says(), "it has no switch");
}

TEST_F(DrawerKeeperTest, WhatCouldNotBeWrittenComesFirstAgain) {
  keeper_->OnPin(false);
  keeper_->OnPin(true);
  auto events = keeper_->TakeEvents();
  keeper_->OnPin(false);
  keeper_->GiveBack(std::move(events));
  EXPECT_THAT(Kinds(), ElementsAre(v1::DRAWER_EVENT_KIND_OPENED_BY_HAND,
                                   v1::DRAWER_EVENT_KIND_CLOSED));
}

TEST_F(DrawerKeeperTest, ASilentPrinterIsSaid) {
  keeper_->OnPin(false);
  keeper_->OnPin(std::nullopt);
  EXPECT_EQ(keeper_->State().says(), "its printer is silent");
  EXPECT_THAT(Kinds(), IsEmpty());
  EXPECT_THAT(keeper_->OnCommand(v1::DRAWER_REASON_TEST, "", "", false),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::_));
}

}  // namespace
}  // namespace branchline
