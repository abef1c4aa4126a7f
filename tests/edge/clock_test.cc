// The box's wall clock jumps: NTP steps it, people set it, a flat battery
// resets it. It labels; nothing is ordered or refused by it.

#include "edge/line/edge_sync_port.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class ClockTest : public EdgeFixture {
 protected:
  void Jump(int days) {
    clock_.SetWall(clock_.WallNow() + absl::Hours(24 * days));
  }
};

TEST_F(ClockTest, SalesGoOnAndTheirRecordedTimeNeverRunsBack) {
  ASSERT_THAT(OpenDay(), IsOk());
  int64_t recorded = 0;
  uint64_t receipts = 0;
  for (const int days : {0, 3, -6, -20'000, 20'001, 3}) {
    Jump(days);
    CrashAndOpen();  // and what it knows of the time is read back
    const auto sold = Run(Sale());
    ASSERT_THAT(sold, IsOk()) << days;
    EXPECT_EQ(sold->event.sale().receipt_counter(), ++receipts);
    EXPECT_EQ(sold->event.business_date(), 20261121u);
    EXPECT_GE(sold->event.recorded_at_unix_micros(), recorded);
    recorded = sold->event.recorded_at_unix_micros();
    // When it happened is what the clock said, right or wrong.
    EXPECT_EQ(sold->event.business_at_unix_micros(),
              absl::ToUnixMicros(clock_.WallNow()));
  }
  ASSERT_THAT(CloseDay(), IsOk());
}

TEST_F(ClockTest, ADayThatIsOpenStaysTheDay) {
  ASSERT_THAT(OpenDay(0), IsOk());
  for (const int days : {2, -5}) {
    Jump(days);
    EXPECT_EQ(Run(Sale())->event.business_date(), 20261121u);
  }
  EXPECT_EQ(CloseDay()->event.business_date(), 20261121u);
}

// Opened by a clock that was three days ahead, and found out the next morning.
TEST_F(ClockTest, AfterAWrongDayTheDateIsGivenByHand) {
  Jump(3);
  ASSERT_EQ(OpenDay(0)->event.business_date(), 20261124u);
  ASSERT_THAT(CloseDay(), IsOk());
  Jump(-2);
  EXPECT_THAT(OpenDay(0),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("day 2026-11-22 cannot be opened: S014 has "
                                 "sealed its days up to 2026-11-24")));
  EXPECT_THAT(OpenDay(20261125), IsOk());
}

TEST_F(ClockTest, TheHubsTimeIsNotTouchedByOurClock) {
  DirectCommitter committer(core_.get());
  EdgeSyncPort port(core_.get(), &committer, &clock_, "test");
  EXPECT_EQ(port.HubNow(), clock_.WallNow());  // nothing better is known
  const absl::Time hub_now = clock_.WallNow() + absl::Hours(72);
  v1::Welcome welcome;
  welcome.set_now_unix_micros(absl::ToUnixMicros(hub_now));
  port.OnWelcome(welcome);
  EXPECT_EQ(port.Heard().drift, absl::Hours(-72));
  clock_.Advance(absl::Minutes(7));
  Jump(-20'000);
  EXPECT_EQ(port.HubNow(), hub_now + absl::Minutes(7));
}

}  // namespace
}  // namespace branchline
