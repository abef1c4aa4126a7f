#include "devices/drawer/cash_drawer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = DrawerEvent::Kind;

constexpr bool kHigh = true;
constexpr bool kLow = false;

absl::Duration At(int seconds) { return absl::Seconds(seconds); }

std::vector<Kind> KindsOf(CashDrawer* drawer) {
  std::vector<Kind> kinds;
  for (const DrawerEvent& event : drawer->TakeEvents()) {
    kinds.push_back(event.kind);
  }
  return kinds;
}

// Both ways in which drawers are wired.
class CashDrawerTest : public ::testing::TestWithParam<bool> {
 protected:
  void Pin(bool open, int seconds) {
    drawer_.OnPin(open == GetParam(), At(seconds));
  }
  CashDrawer drawer_{{.open_is_high = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(Polarity, CashDrawerTest, ::testing::Bool(),
                         [](const auto& param) {
                           return param.param ? "high" : "low";
                         });

TEST_P(CashDrawerTest, RecordsWhoOpenedItAndWhy) {
  Pin(false, 1);
  ASSERT_THAT(drawer_.OnCommand(DrawerReason::kNoSale, "7", At(2)), IsOk());
  Pin(true, 3);
  EXPECT_EQ(drawer_.state(), DrawerState::kOpen);
  Pin(false, 9);
  EXPECT_THAT(
      drawer_.TakeEvents(),
      ElementsAre(
          DrawerEvent{Kind::kCommanded, At(2), DrawerReason::kNoSale, "7"},
          DrawerEvent{Kind::kOpened, At(3), DrawerReason::kNoSale, "7"},
          DrawerEvent{Kind::kClosed, At(9), std::nullopt, ""}));
}

TEST_P(CashDrawerTest, AnOpeningThatNobodyCommandedIsByHand) {
  Pin(false, 1);
  Pin(true, 2);
  Pin(false, 3);
  // A command of long ago explains nothing.
  ASSERT_THAT(drawer_.OnCommand(DrawerReason::kSale, "7", At(4)), IsOk());
  drawer_.OnTick(At(8));
  Pin(true, 9);
  EXPECT_THAT(KindsOf(&drawer_),
              ElementsAre(Kind::kOpenedByHand, Kind::kClosed, Kind::kCommanded,
                          Kind::kStuck, Kind::kOpenedByHand));
}

TEST_P(CashDrawerTest, OneThatStaysOpenIsToldOnce) {
  Pin(false, 0);
  ASSERT_THAT(drawer_.OnCommand(DrawerReason::kSale, "7", At(1)), IsOk());
  Pin(true, 1);
  drawer_.OnTick(At(60));
  drawer_.TakeEvents();
  drawer_.OnTick(At(61));
  drawer_.OnTick(At(600));
  const auto events = drawer_.TakeEvents();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, Kind::kOpenTooLong);
  EXPECT_EQ(events[0].user, "7");
}

TEST_P(CashDrawerTest, OpenAtTheStartIsNobodysDoing) {
  Pin(true, 1);
  EXPECT_THAT(KindsOf(&drawer_), ElementsAre());
  drawer_.OnTick(At(70));
  EXPECT_THAT(KindsOf(&drawer_), ElementsAre(Kind::kOpenTooLong));
}

TEST_P(CashDrawerTest, ALostPrinterIsNoClosedDrawer) {
  Pin(true, 1);
  drawer_.OnLost();
  EXPECT_EQ(drawer_.state(), DrawerState::kUnknown);
  Pin(false, 2);
  EXPECT_THAT(KindsOf(&drawer_), ElementsAre());
}

TEST(CashDrawerWithoutASwitchTest, RecordsCommandsAlone) {
  CashDrawer drawer({});
  ASSERT_THAT(drawer.OnCommand(DrawerReason::kSale, "7", At(1)), IsOk());
  drawer.OnPin(kHigh, At(2));
  drawer.OnPin(kLow, At(3));
  drawer.OnTick(At(100));
  EXPECT_EQ(drawer.state(), DrawerState::kUnknown);
  EXPECT_THAT(KindsOf(&drawer), ElementsAre(Kind::kCommanded));
}

TEST(CashDrawerRulesTest, NobodyOpensItUnnamed) {
  CashDrawer drawer({});
  EXPECT_THAT(
      drawer.OnCommand(DrawerReason::kSale, "", At(1)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("0 characters")));
  EXPECT_THAT(
      drawer.OnCommand(DrawerReason::kSale, std::string(65, 'x'), At(1)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("65")));
  for (size_t i = 0; i < CashDrawer::kEventsMax; ++i) {
    ASSERT_THAT(drawer.OnCommand(DrawerReason::kSale, "7", At(1)), IsOk());
  }
  EXPECT_THAT(drawer.OnCommand(DrawerReason::kSale, "7", At(1)),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("not recorded")));
}

TEST(CashDrawerRulesTest, LearnsItsLevels) {
  EXPECT_EQ(CashDrawer::LearnOpenIsHigh(kLow, kHigh), true);
  EXPECT_EQ(CashDrawer::LearnOpenIsHigh(kHigh, kLow), false);
  EXPECT_EQ(CashDrawer::LearnOpenIsHigh(kHigh, kHigh), std::nullopt);
}

}  // namespace
}  // namespace branchline
