// What a lost disk had sold comes in after its day was sealed: it enters the
// next Z as "late, for D", and the day shows what was sealed and what is now.
#include <functional>

#include "edge/till/match_tenders.h"
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

// Each epoch numbers its own Z from 1; the grand totals go on.
TEST_F(LateZTest, ARebuiltBoxNumbersFromOneAndItsGrandTotalsGoOn) {
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  const std::string sold = Rung(Sale("PEN", 2'000)).receipt_no();
  ASSERT_THAT(Run(ReturnOf(sold, 1'000)), IsOk());
  EXPECT_EQ(CloseShift().z_no(), "S014-T1-1-Z000001");
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  EXPECT_EQ(CloseShift().z_no(), "S014-T1-1-Z000002");
  const Cursor end = core_->state().head;
  core_.reset();
  Open(Identity(2, end));
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  ASSERT_THAT(Run(ReturnOf(sold, 1'000)), IsOk());
  const v1::ShiftClosed z = CloseShift();
  EXPECT_EQ(z.z_no(), "S014-T1-2-Z000001");
  EXPECT_EQ(z.money(0).grand_sales_minor(), 398);
  EXPECT_EQ(z.money(0).grand_returns_minor(), 398);
}

// A payment that the lost box gave up, or found, before it was lost, and that
// this one has ended otherwise since: no account pays twice.
class LateWriteOffTest : public LateZTest {
 protected:
  LateWriteOffTest() {
    v1::TillPolicy policy;
    policy.set_unconfirmed_max_minor(10'000);
    PublishPolicy(policy);
    v1::RingRequest request = Priced();
    Pay(&request, v1::TENDER_KIND_WALLET, 199);
    request.mutable_tenders(0)->set_reference("4711");
    request.mutable_tenders(0)->set_unconfirmed(true);
    sold_ = Run(request)->at;
    lost_.set_receipt_no("S014-T1-1-000001");
    lost_.set_reason("never paid");
    bill_.set_channel("alipay");
    bill_.add_entries()->set_transaction_id("A4711");
    bill_.mutable_entries(0)->set_amount_minor(199);
  }
  absl::StatusOr<Outcome> Match() {
    std::vector<Command> commands;
    commands.push_back({"T1", clock_.WallNow(), WithId(bill_)});
    commands[0].matches =
        MatchBill(ReadUnconfirmed(store_, "S014")->Findable(), bill_, "GBP");
    return std::move(core_->Execute(commands)[0]);
  }
  // What `lost` does on the disk that is lost comes in late, after the day was
  // sealed and `here` was done here.
  void ComesLate(const std::function<Cursor()>& lost,
                 const std::function<void()>& here) {
    const auto image = store_.Image();
    const Cursor late_at = lost();
    const v1::Record late =
        *ReadRecord(store_, "edge:S014", late_at.epoch, late_at.seq);
    core_.reset();
    store_.Restore(image);
    Open(Identity(2, sold_));
    ASSERT_THAT(CloseDay(), IsOk());
    ASSERT_THAT(OpenDay(20261122), IsOk());
    here();
    const auto found = core_->OfferLate(sold_, {late});
    ASSERT_THAT(found, IsOk());
    FakeHubStream own("branch:S014", SeededKey('h'));
    ASSERT_THAT(core_->TakeRecords(own.Append(ApprovalOf(*found))), IsOk());
    v1::Event taken;
    const Cursor head = core_->state().head;
    ASSERT_TRUE(taken.ParseFromString(
        ReadRecord(store_, "edge:S014", head.epoch, head.seq)->payload()));
    ASSERT_TRUE(taken.has_late_record());
    EXPECT_EQ(taken.business_date(), 20261121u);  // late, for that day
    EXPECT_EQ(taken.restated_on_date(), 20261122u);
  }
  void ExpectHeld(int64_t code, int64_t wallet, int64_t loss) {
    EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "code:T1"), code);
    EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "wallet:T1"), wallet);
    EXPECT_EQ(Balance(v1::ACCOUNT_KIND_WRITTEN_OFF, "GBP", "code:T1"), loss);
    ExpectVerified();
  }

  Cursor sold_;
  v1::WriteOffTenderRequest lost_;
  v1::MatchTendersRequest bill_;
};

TEST_F(LateWriteOffTest, ALateWriteOffCountsWhereNothingElseIsKnown) {
  ComesLate([&] { return Run(lost_)->at; }, [] {});
  ExpectHeld(0, 0, 199);
}

TEST_F(LateWriteOffTest, ALateWriteOffOfWhatWasFoundSinceChangesNothing) {
  ComesLate([&] { return Run(lost_)->at; },
            [&] { ASSERT_THAT(Match(), IsOk()); });
  ExpectHeld(0, 199, 0);
  EXPECT_THAT(ReadUnconfirmed(store_, "S014")->Findable(), IsEmpty());
}

TEST_F(LateWriteOffTest, TwoBoxesGiveItUpAndItIsLostOnce) {
  ComesLate([&] { return Run(lost_)->at; },
            [&] { ASSERT_THAT(Run(lost_), IsOk()); });
  ExpectHeld(0, 0, 199);
}

TEST_F(LateWriteOffTest, ALateMatchTakesItOutOfTheLoss) {
  ComesLate([&] { return Match()->at; },
            [&] { ASSERT_THAT(Run(lost_), IsOk()); });
  ExpectHeld(0, 199, 0);
  EXPECT_THAT(ReadUnconfirmed(store_, "S014")->Findable(), IsEmpty());
}

}  // namespace
}  // namespace branchline
