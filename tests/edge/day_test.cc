#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;

class DayTest : public EdgeFixture {};

TEST_F(DayTest, NothingIsSoldBeforeTheDayIsOpen) {
  EXPECT_THAT(Run(Sale()),
              StatusIs(kRefused, HasSubstr("no business day is open in S014")));
}

TEST_F(DayTest, ASealedDayTakesNothingMore) {
  ASSERT_THAT(OpenDay(20261120), IsOk());
  ASSERT_THAT(CloseDay(), IsOk());
  v1::RingRequest late = Sale();
  late.set_date(20261120);
  EXPECT_THAT(Run(late), StatusIs(kRefused, HasSubstr("is sealed")));
  ASSERT_THAT(OpenDay(20261121), IsOk());
  EXPECT_THAT(Run(late), StatusIs(kRefused, HasSubstr("is sealed")));
  EXPECT_THAT(Run(Sale()), IsOk());
}

TEST_F(DayTest, DaysOpenOneAtATimeAndForward) {
  ASSERT_THAT(OpenDay(20261120), IsOk());
  EXPECT_THAT(OpenDay(20261121),
              StatusIs(kRefused, HasSubstr("close it before 2026-11-21")));
  ASSERT_THAT(CloseDay(), IsOk());
  EXPECT_THAT(OpenDay(20261120), StatusIs(kRefused, HasSubstr("has sealed")));
  EXPECT_THAT(OpenDay(20261119), StatusIs(kRefused, HasSubstr("has sealed")));
  EXPECT_THAT(CloseDay(), StatusIs(kRefused, HasSubstr("no business day")));
}

TEST_F(DayTest, WithoutADateItIsTheShopsToday) {
  const auto outcome = OpenDay(0);
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->event.day_opened().date(), 20261121u);
}

TEST_F(DayTest, SealsTileTheJournalAndTotalTheDay) {
  ASSERT_THAT(OpenDay(20261120), IsOk());
  ASSERT_THAT(Run(Sale("PEN", 2'000)), IsOk());
  const auto first = CloseDay();
  ASSERT_THAT(first, IsOk());
  const v1::DayClosed& seal = first->event.day_closed();
  EXPECT_EQ(seal.first().seq(), 1u);
  EXPECT_EQ(seal.last().seq() + 1, first->at.seq);
  EXPECT_EQ(seal.receipts(), 1u);
  ASSERT_EQ(seal.totals_size(), 1);
  EXPECT_EQ(seal.totals(0).currency(), "GBP");
  EXPECT_EQ(seal.totals(0).net_minor(), 398);

  ASSERT_THAT(OpenDay(20261121), IsOk());
  const auto second = CloseDay();
  ASSERT_THAT(second, IsOk());
  EXPECT_EQ(second->event.day_closed().first().seq(), first->at.seq + 1);
  EXPECT_EQ(second->event.day_closed().receipts(), 0u);
}

TEST_F(DayTest, TheOpenDayOutlivesAPowerCut) {
  ASSERT_THAT(OpenDay(20261120), IsOk());
  CrashAndOpen();
  EXPECT_EQ(core_->state().open_date, 20261120u);
  ASSERT_THAT(CloseDay(), IsOk());
  CrashAndOpen();
  EXPECT_EQ(core_->state().open_date, 0u);
  EXPECT_EQ(core_->state().sealed_date, 20261120u);
}

TEST_F(DayTest, AClockSetBackThreeDaysMovesNoDayAndNoRecord) {
  ASSERT_THAT(OpenDay(0), IsOk());
  const auto before = Run(Sale());
  clock_.SetWall(clock_.WallNow() - absl::Hours(72));
  const auto after = Run(Sale());
  ASSERT_THAT(after, IsOk());
  EXPECT_EQ(after->event.business_date(), before->event.business_date());
  EXPECT_GE(after->event.recorded_at_unix_micros(),
            before->event.recorded_at_unix_micros());
}

}  // namespace
}  // namespace branchline
