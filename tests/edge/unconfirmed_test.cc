// Payments to a static code, taken on the customer's word: found on a bill,
// voided, given up, and found after all.
#include "edge/till/match_tenders.h"
#include "tests/edge/shop_fixture.h"

namespace branchline {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class UnconfirmedTest : public ShopFixture {
 protected:
  UnconfirmedTest() {
    v1::TillPolicy policy;
    policy.set_unconfirmed_max_minor(10'000);
    PublishPolicy(policy);
  }
  std::string TakeUnconfirmed(const char* digits, const char* sku = "PEN") {
    v1::RingRequest request = Priced(sku);
    Pay(&request, v1::TENDER_KIND_WALLET, sku[0] == 'P' ? 199 : 333);
    request.mutable_tenders(0)->set_reference(digits);
    request.mutable_tenders(0)->set_unconfirmed(true);
    return Rung(request).receipt_no();
  }
  static void AddEntry(v1::MatchTendersRequest* bill, const char* id,
                       int64_t amount_minor, int64_t paid_at_micros = 0) {
    v1::BillEntry* entry = bill->add_entries();
    entry->set_transaction_id(id);
    entry->set_amount_minor(amount_minor);
    entry->set_paid_at_unix_micros(paid_at_micros);
  }
  std::vector<v1::UnconfirmedTender> StillOpen() {
    return ReadUnconfirmed(store_, "S014")->open;
  }
  std::vector<v1::UnconfirmedTender> Lost() {
    return ReadUnconfirmed(store_, "S014")->written_off;
  }
  absl::StatusOr<Outcome> Match(v1::MatchTendersRequest bill) {
    bill.set_channel("alipay");
    std::vector<Command> commands;
    commands.push_back({"T1", clock_.WallNow(), WithId(bill)});
    commands[0].matches =
        MatchBill(ReadUnconfirmed(store_, "S014")->Findable(), bill, "GBP");
    return std::move(core_->Execute(commands)[0]);
  }
  v1::WriteOffTenderRequest WriteOffOf(const std::string& receipt_no,
                                       const char* reason = "never paid") {
    v1::WriteOffTenderRequest request;
    request.set_receipt_no(receipt_no);
    request.set_reason(reason);
    return WithId(request);
  }
  int64_t LossHeld() {
    return Balance(v1::ACCOUNT_KIND_WRITTEN_OFF, "GBP", "code:T1");
  }
  int64_t Held(const char* detail) {
    return Balance(v1::ACCOUNT_KIND_TENDER, "GBP", detail);
  }
};

TEST_F(UnconfirmedTest, WhatStandsOnTheBillIsConfirmedOnce) {
  const std::string found = TakeUnconfirmed("4711");
  const std::string missing = TakeUnconfirmed("0815", "INK");
  EXPECT_EQ(Held("code:T1"), 532);
  EXPECT_EQ(Held("wallet:T1"), 0);

  v1::MatchTendersRequest bill;
  AddEntry(&bill, "20261121220014711", 199);
  AddEntry(&bill, "20261121220019999", 333);  // other digits
  const auto matched = Match(bill);
  ASSERT_THAT(matched, IsOk());
  ASSERT_THAT(matched->event.tenders_matched().tenders(), SizeIs(1));
  EXPECT_EQ(matched->event.tenders_matched().tenders(0).receipt_no(), found);
  EXPECT_EQ(Held("code:T1"), 333);
  EXPECT_EQ(Held("wallet:T1"), 199);
  ASSERT_THAT(StillOpen(), SizeIs(1));
  EXPECT_EQ(StillOpen()[0].receipt_no(), missing);
  CrashAndOpen();
  EXPECT_THAT(Match(bill), StatusIs(absl::StatusCode::kNotFound,
                                    HasSubstr("none of the 2 entries")));
  EXPECT_EQ(Held("wallet:T1"), 199);
  ExpectVerified();
}

TEST_F(UnconfirmedTest, TwoThatCouldBeMeantAreLeftToAPerson) {
  TakeUnconfirmed("4711");
  TakeUnconfirmed("4711");
  v1::MatchTendersRequest bill;
  AddEntry(&bill, "A4711", 199);
  EXPECT_THAT(MatchBill(StillOpen(), bill, "GBP"), IsEmpty());
  AddEntry(&bill, "B4711", 199);
  EXPECT_THAT(MatchBill(StillOpen(), bill, "GBP"), IsEmpty());
}

TEST_F(UnconfirmedTest, AmountCurrencyAndDayMustFit) {
  TakeUnconfirmed("4711");
  const int64_t at = StillOpen()[0].at_unix_micros();
  const int64_t hour = int64_t{3'600} * 1'000'000;
  v1::MatchTendersRequest bill;
  AddEntry(&bill, "A4711", 200);
  AddEntry(&bill, "A4711", 199, at + 25 * hour);
  bill.add_entries()->set_transaction_id("A4711");
  bill.mutable_entries(2)->set_amount_minor(199);
  bill.mutable_entries(2)->set_currency("EUR");
  EXPECT_THAT(MatchBill(StillOpen(), bill, "GBP"), IsEmpty());
  AddEntry(&bill, "A4711", 199, at - 23 * hour);
  EXPECT_THAT(MatchBill(StillOpen(), bill, "GBP"), SizeIs(1));
}

TEST_F(UnconfirmedTest, AVoidedSaleWaitsForNothing) {
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  v1::VoidReceiptRequest request;
  request.set_receipt_no(TakeUnconfirmed("4711"));
  request.set_reason("not paid after all");
  ASSERT_THAT(Run(request), IsOk());
  EXPECT_THAT(StillOpen(), IsEmpty());
  EXPECT_EQ(Held("code:T1"), 0);
  ExpectVerified();
}

TEST_F(UnconfirmedTest, AVoidOfWhatWasFoundGivesBackFromTheWallet) {
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  const std::string found = TakeUnconfirmed("4711");
  v1::MatchTendersRequest bill;
  AddEntry(&bill, "A4711", 199);
  ASSERT_THAT(Match(bill), IsOk());
  v1::VoidReceiptRequest request;
  request.set_receipt_no(found);
  request.set_reason("wrong goods");
  ASSERT_THAT(Run(request), IsOk());
  EXPECT_EQ(Held("code:T1"), 0);
  EXPECT_EQ(Held("wallet:T1"), 0);
  ExpectVerified();
}

// ----- what never turns up

TEST_F(UnconfirmedTest, WhatNeverTurnsUpIsALossOnce) {
  const std::string lost = TakeUnconfirmed("4711");
  TakeUnconfirmed("0815", "INK");
  const v1::WriteOffTenderRequest request = WriteOffOf(lost);
  const auto written_off = Run(request);
  ASSERT_THAT(written_off, IsOk());
  EXPECT_EQ(written_off->event.tender_written_off().amount_minor(), 199);
  EXPECT_EQ(written_off->event.tender_written_off().date(), 20261121u);
  EXPECT_EQ(Held("code:T1"), 333);
  EXPECT_EQ(LossHeld(), 199);
  EXPECT_THAT(StillOpen(), SizeIs(1));
  ASSERT_THAT(Lost(), SizeIs(1));
  EXPECT_EQ(Lost()[0].receipt_no(), lost);
  // Asked again, it is the first answer; decided again, it is refused.
  CrashAndOpen();
  const auto again = Run(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->repeated);
  EXPECT_THAT(Run(WriteOffOf(lost)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("written off already: never paid")));
  EXPECT_EQ(LossHeld(), 199);
  // The goods went out, and nobody paid: nothing to be undone.
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  ExpectVerified();
}

TEST_F(UnconfirmedTest, WhatTurnsUpAfterAllIsTakenOutOfTheLoss) {
  const std::string lost = TakeUnconfirmed("4711");
  ASSERT_THAT(Run(WriteOffOf(lost)), IsOk());
  v1::MatchTendersRequest bill;
  AddEntry(&bill, "A4711", 199);
  const auto matched = Match(bill);
  ASSERT_THAT(matched, IsOk());
  EXPECT_TRUE(matched->event.tenders_matched().tenders(0).was_written_off());
  EXPECT_EQ(Held("code:T1"), 0);
  EXPECT_EQ(LossHeld(), 0);
  EXPECT_EQ(Held("wallet:T1"), 199);
  EXPECT_THAT(Lost(), IsEmpty());
  EXPECT_THAT(Match(bill), StatusIs(absl::StatusCode::kNotFound, _));
  EXPECT_THAT(Run(WriteOffOf(lost)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is on a bill, as A4711")));
  ExpectVerified();
}

TEST_F(UnconfirmedTest, WhatCannotBeWrittenOff) {
  const std::string lost = TakeUnconfirmed("4711");
  const std::string paid = Rung(Sale()).receipt_no();
  EXPECT_THAT(Run(WriteOffOf(lost, "")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the reason has 0 bytes")));
  EXPECT_THAT(Run(WriteOffOf(paid)),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("was not taken unconfirmed")));
  EXPECT_THAT(Run(WriteOffOf("S014-T1-1-000999")),
              StatusIs(absl::StatusCode::kNotFound, _));
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  const std::string voided = TakeUnconfirmed("0815");
  v1::VoidReceiptRequest undo;
  undo.set_receipt_no(voided);
  undo.set_reason("wrong goods");
  ASSERT_THAT(Run(undo), IsOk());
  EXPECT_THAT(Run(WriteOffOf(voided)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("was voided by S014-T1-1-")));
  ExpectVerified();
}

// ----- the goods of what never turned up come back after all

TEST_F(UnconfirmedTest, AVoidEndsTheLoss) {
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  const std::string gone = TakeUnconfirmed("1234");
  ASSERT_THAT(Run(WriteOffOf(gone)), IsOk());
  v1::VoidReceiptRequest undo;
  undo.set_receipt_no(gone);
  undo.set_reason("brought back");
  ASSERT_THAT(Run(undo), IsOk());
  EXPECT_EQ(LossHeld(), 0);
  EXPECT_EQ(Held("code:T1"), 0);
  EXPECT_EQ(Held("wallet:T1"), 0);
  EXPECT_EQ(Drawer(), 0);
  EXPECT_THAT(Lost(), IsEmpty());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_REVENUE, "GBP") +
                Balance(v1::ACCOUNT_KIND_RETURNS, "GBP"),
            0);
  ExpectVerified();
}

// Half of it was paid in cash: that goes back, and of the rest nothing.
TEST_F(UnconfirmedTest, AReturnGivesNothingBackOfWhatWasNeverPaid) {
  v1::RingRequest request = Priced("PEN", 2'000);
  Pay(&request, v1::TENDER_KIND_WALLET, 199);
  request.mutable_tenders(0)->set_reference("4711");
  request.mutable_tenders(0)->set_unconfirmed(true);
  Pay(&request, v1::TENDER_KIND_CASH, 199);
  const std::string sold = Rung(request).receipt_no();
  ASSERT_THAT(Run(WriteOffOf(sold)), IsOk());
  CrashAndOpen();
  const auto first = Run(ReturnOf(sold, 1'000));
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(first->warnings,
              ElementsAre(HasSubstr("nothing of it is given back")));
  EXPECT_TRUE(first->event.return_().tenders(0).unconfirmed());
  EXPECT_EQ(LossHeld(), 0);
  EXPECT_EQ(Held("code:T1"), 0);
  EXPECT_EQ(Held("wallet:T1"), 0);
  EXPECT_EQ(Drawer(), 199);
  const auto second = Run(ReturnOf(sold, 1'000));
  ASSERT_THAT(second, IsOk());
  EXPECT_THAT(second->warnings, IsEmpty());
  EXPECT_EQ(Drawer(), 0);
  EXPECT_EQ(LossHeld(), 0);
  ExpectVerified();
}

TEST_F(UnconfirmedTest, AReturnSaysThatNobodyHasConfirmedThePayment) {
  const auto back = Run(ReturnOf(TakeUnconfirmed("4711"), 1'000));
  ASSERT_THAT(back, IsOk());
  EXPECT_THAT(back->warnings, ElementsAre(HasSubstr("look in the wallet")));
  EXPECT_EQ(Held("wallet:T1"), -199);
  const std::string paid = TakeUnconfirmed("0815");
  v1::MatchTendersRequest bill;
  AddEntry(&bill, "A0815", 199);
  ASSERT_THAT(Match(bill), IsOk());
  EXPECT_THAT(Run(ReturnOf(paid, 1'000))->warnings, IsEmpty());
  ExpectVerified();
}

TEST_F(UnconfirmedTest, WantsTheRightThatAccountantsHave) {
  const std::string lost = TakeUnconfirmed("4711");
  v1::TillPolicy policy;
  policy.set_sign_on_required(true);
  PublishPolicy(policy);
  AddStaff("7", "cashier");
  AddStaff("8", "supervisor");
  AddStaff("9", "accountant");
  for (const char* staff : {"7", "8"}) {
    ASSERT_THAT(SignOn(staff), IsOk());
    EXPECT_THAT(Run(WriteOffOf(lost)),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         HasSubstr("write a payment off")));
  }
  ASSERT_THAT(SignOn("9"), IsOk());
  const auto written_off = Run(WriteOffOf(lost));
  ASSERT_THAT(written_off, IsOk());
  EXPECT_EQ(written_off->event.staff(), "9");
}

TEST_F(UnconfirmedTest, ADayThatIsSealedStaysAsItWas) {
  const std::string lost = TakeUnconfirmed("4711");
  const auto seal = CloseDay();
  ASSERT_THAT(seal, IsOk());
  EXPECT_EQ(seal->event.day_closed().totals(0).net_minor(), 199);
  EXPECT_THAT(Run(WriteOffOf(lost)),
              StatusIs(absl::StatusCode::kFailedPrecondition, _));
  ASSERT_THAT(OpenDay(20261122), IsOk());
  const auto written_off = Run(WriteOffOf(lost));
  ASSERT_THAT(written_off, IsOk());
  // It is a decision of today about a payment of that day.
  EXPECT_EQ(written_off->event.business_date(), 20261122u);
  EXPECT_EQ(written_off->event.tender_written_off().date(), 20261121u);
  const Cell day = *core_->books().Read(books::Day("S014", 20261121));
  EXPECT_EQ(day.Get(books::Field(books::kNet, "GBP")), 199);
  EXPECT_EQ(core_->books()
                .Read(books::Restated("S014", 20261121, 20261122))
                ->Get(books::Field(books::kNet, "GBP")),
            0);
  EXPECT_EQ(LossHeld(), 199);
  ExpectVerified();
}

}  // namespace
}  // namespace branchline
