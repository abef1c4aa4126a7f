// What a lost disk had sold comes in after its day was sealed: it enters the
// next Z as "late, for D", and the day shows what was sealed and what is now.
#include "edge/till/shift_report.h"
#include "sync/journal/journal.h"
#include "tests/edge/shop_fixture.h"

namespace branchline {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class LateZTest : public ShopFixture {
 protected:
  static v1::Event ApprovalOf(const v1::LateSuffixFound& found) {
    v1::Event event;
    v1::LateSuffixApproved* approved = event.mutable_late_suffix_approved();
    approved->set_branch("S014");
    approved->set_epoch(found.epoch());
    approved->set_first_seq(found.first_seq());
    *approved->mutable_last() = found.last();
    return event;
  }
  v1::ShiftClosed CloseShift() {
    const auto closed = Run(v1::CloseShiftRequest());
    EXPECT_THAT(closed, IsOk());
    return closed.ok() ? closed->event.shift_closed() : v1::ShiftClosed();
  }
  int64_t Net(const std::string& key) {
    return *Narrow(
        core_->books().Read(key)->Get(books::Field(books::kNet, "GBP")), "net");
  }
};

TEST_F(LateZTest, EntersTheNextZAndRestatesItsDay) {
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  const Cursor sealed = Run(Sale())->at;
  const auto image = store_.Image();
  // The disk that was lost sold an INK more.
  const Cursor late_at = Run(Sale("INK"))->at;
  const v1::Record late =
      *ReadRecord(store_, "edge:S014", late_at.epoch, late_at.seq);
  core_.reset();
  store_.Restore(image);
  Open(Identity(2, sealed));

  const v1::ShiftClosed day_z = CloseShift();
  EXPECT_EQ(day_z.money(0).figures().sales_minor(), 199);
  EXPECT_THAT(day_z.late(), IsEmpty());
  const auto seal = CloseDay();
  ASSERT_THAT(seal, IsOk());
  EXPECT_EQ(seal->event.day_closed().totals(0).net_minor(), 199);
  ASSERT_THAT(OpenDay(20261122), IsOk());
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  ASSERT_THAT(Run(Sale("PEN", 2'000)), IsOk());

  const auto found = core_->OfferLate(sealed, {late});
  ASSERT_THAT(found, IsOk());
  FakeHubStream own("branch:S014", SeededKey('h'));
  ASSERT_THAT(core_->TakeRecords(own.Append(ApprovalOf(*found))), IsOk());

  const v1::ShiftClosed z = CloseShift();
  ASSERT_THAT(z.late(), SizeIs(1));
  EXPECT_EQ(z.late(0).date(), 20261121u);
  EXPECT_EQ(z.late(0).net_minor(), 333);
  EXPECT_EQ(z.late(0).receipts(), 1);
  // Its cash is in this Z, and in what the drawer should hold.
  EXPECT_EQ(z.money(0).figures().sales_minor(), 398 + 333);
  EXPECT_EQ(z.money(0).expected_minor(), 199 + 398 + 333);
  EXPECT_EQ(z.money(0).grand_sales_minor(), 199 + 398 + 333);
  // The Z of the day stays as it was made; the day shows both.
  EXPECT_EQ(day_z.money(0).grand_sales_minor(), 199);
  EXPECT_EQ(Net(books::Day("S014", 20261121)), 199 + 333);
  EXPECT_EQ(Net(books::Restated("S014", 20261121, 20261122)), 333);
  EXPECT_EQ(Net(books::Day("S014", 20261122)), 398);
  // The next one has nothing late any more.
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  EXPECT_THAT(CloseShift().late(), IsEmpty());
}

}  // namespace
}  // namespace branchline
