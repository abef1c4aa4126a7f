// Cash control: shifts, X and Z, the drawer and the safe.
// Over 400 lines: they share one way of moving and counting cash.
#include "edge/till/shift_report.h"
#include "sync/journal/verify.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void AddCash(google::protobuf::RepeatedPtrField<v1::CashAmount>* cashes,
             int64_t amount_minor, const char* currency = "GBP") {
  v1::CashAmount* cash = cashes->Add();
  cash->set_currency(currency);
  cash->set_amount_minor(amount_minor);
}

class ShiftTest : public EdgeFixture {
 protected:
  ShiftTest() { BL_CHECK(OpenDay().ok(), "the day opens"); }

  absl::StatusOr<Outcome> OpenShift(int64_t float_minor = 10'000,
                                    const std::string& till = "T1") {
    v1::OpenShiftRequest request;
    if (float_minor != 0) AddCash(request.mutable_floats(), float_minor);
    return Run(request, till);
  }
  absl::StatusOr<Outcome> CloseShift(int64_t counted_minor,
                                     int64_t leave_minor = -1) {
    v1::CloseShiftRequest request;
    AddCash(request.mutable_counts(), counted_minor);
    if (leave_minor >= 0) AddCash(request.mutable_leave(), leave_minor);
    return Run(request);
  }
  absl::StatusOr<Outcome> Uncounted() { return Run(v1::CloseShiftRequest()); }
  absl::StatusOr<Outcome> Move(v1::CashMoveKind kind, int64_t amount_minor,
                               const char* reason = "r") {
    v1::MoveCashRequest request;
    request.set_kind(kind);
    request.mutable_cash()->set_amount_minor(amount_minor);
    request.set_reason(reason);
    request.set_reference("BAG7");
    return Run(request);
  }
  absl::StatusOr<Outcome> Count(v1::CashPlace place, int64_t amount_minor) {
    v1::CountCashRequest request;
    request.set_place(place);
    AddCash(request.mutable_counts(), amount_minor);
    return Run(request);
  }
  // What the Z would say now.
  v1::ShiftClosed X(absl::string_view till = "T1") {
    v1::ShiftClosed x;
    EXPECT_THAT(core_->Look([&](const DecideView& view) -> absl::Status {
      auto made = MakeZ(view, till);
      if (made.ok()) x = *std::move(made);
      return made.status();
    }),
                IsOk());
    return x;
  }
  int64_t Drawer() {
    return Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "cash:T1");
  }
  int64_t Safe() { return Balance(v1::ACCOUNT_KIND_SAFE, "GBP"); }
  int64_t OverShort(const char* place = "till:T1") {
    return Balance(v1::ACCOUNT_KIND_OVER_SHORT, "GBP", place);
  }
  static const v1::ShiftMoney& Money(const v1::ShiftClosed& z) {
    BL_CHECK(z.money_size() == 1, "one currency");
    return z.money(0);
  }
  static int64_t Moved(const v1::ShiftClosed& z, v1::CashMoveKind kind) {
    for (const v1::MoveFigure& move : Money(z).figures().moves()) {
      if (move.kind() == kind) return move.amount_minor();
    }
    return 0;
  }
  // An independent reader comes to the same books and registers.
  void ExpectVerified() {
    BL_CHECK(core_->WriteBooks().ok(), "the books are written");
    const auto report = VerifyJournal(
        store_, {.hub_public_key = SeededKey('h').public_key(), .stream = ""});
    ASSERT_THAT(report, IsOk());
    EXPECT_EQ(report->books.faults.first, "");
    EXPECT_EQ(report->docs.faults.first, "");
    EXPECT_EQ(report->docs.rows_of_unknown_kind, 0u);
    EXPECT_TRUE(report->ok());
  }
};

TEST_F(ShiftTest, ADayAtTheDrawer) {
  ASSERT_THAT(Count(v1::CASH_PLACE_SAFE, 50'000), IsOk());
  ASSERT_THAT(OpenShift(10'000), IsOk());
  EXPECT_EQ(Safe(), 40'000);
  EXPECT_EQ(Drawer(), 10'000);
  ASSERT_THAT(Run(Sale("PEN", 3'000)), IsOk());  // 5.97
  ASSERT_THAT(Move(v1::CASH_MOVE_KIND_SAFE_DROP, 2'000), IsOk());
  ASSERT_THAT(Move(v1::CASH_MOVE_KIND_PAID_OUT, 250, "window"), IsOk());
  ASSERT_THAT(Move(v1::CASH_MOVE_KIND_PAID_IN, 100, "found"), IsOk());
  ASSERT_THAT(Move(v1::CASH_MOVE_KIND_NO_SALE, 0, "change"), IsOk());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_PAID, "GBP", "window"), 250);

  const v1::ShiftClosed x = X();
  EXPECT_EQ(Money(x).opening_minor(), 0);
  EXPECT_EQ(Money(x).expected_minor(), 10'000 + 597 - 2'000 - 250 + 100);
  EXPECT_EQ(Moved(x, v1::CASH_MOVE_KIND_FLOAT), 10'000);

  const auto closed = CloseShift(8'400, 8'000);
  ASSERT_THAT(closed, IsOk());
  const v1::ShiftClosed& z = closed->event.shift_closed();
  EXPECT_EQ(z.z_no(), "S014-T1-1-Z000001");
  EXPECT_TRUE(z.counted());
  EXPECT_EQ(Money(z).expected_minor(), 8'447);
  EXPECT_EQ(Money(z).over_short_minor(), -47);
  EXPECT_EQ(Money(z).to_safe_minor(), 400);
  EXPECT_EQ(Money(z).left_minor(), 8'000);
  EXPECT_EQ(Money(z).figures().receipts(), 1);
  EXPECT_EQ(Money(z).figures().sales_minor(), 597);
  EXPECT_EQ(Moved(z, v1::CASH_MOVE_KIND_SAFE_DROP), 2'000);
  EXPECT_EQ(Drawer(), 8'000);
  EXPECT_EQ(OverShort(), 47);
  EXPECT_EQ(Safe(), 40'000 + 2'000 + 400);
  ExpectVerified();
}

TEST_F(ShiftTest, TheNextZStartsWhereTheLastEnded) {
  ASSERT_THAT(OpenShift(), IsOk());
  ASSERT_THAT(Run(Sale()), IsOk());
  ASSERT_THAT(CloseShift(10'199, 5'000), IsOk());
  ASSERT_THAT(OpenShift(0), IsOk());
  v1::RingRequest back = Sale("INK", -1'000);
  back.mutable_lines(0)->set_kind(v1::LINE_KIND_RETURN);
  ASSERT_THAT(Run(back), IsOk());
  ASSERT_THAT(Run(Sale("PEN", 2'000)), IsOk());
  const auto closed = CloseShift(5'000 - 333 + 398);
  ASSERT_THAT(closed, IsOk());
  const v1::ShiftClosed& z = closed->event.shift_closed();
  EXPECT_EQ(z.number(), 2u);
  EXPECT_EQ(Money(z).opening_minor(), 5'000);
  EXPECT_EQ(Money(z).over_short_minor(), 0);
  EXPECT_EQ(Money(z).figures().sales_minor(), 398);
  EXPECT_EQ(Money(z).figures().returns_minor(), 333);
  // The grand totals never fall, whatever comes back.
  EXPECT_EQ(Money(z).grand_sales_minor(), 199 + 398);
  EXPECT_EQ(Money(z).grand_returns_minor(), 333);
}

TEST_F(ShiftTest, GrandTotalsAndNumbersGoOnOverDaysAndACrash) {
  int64_t sales_minor = 0;
  for (uint64_t day = 1; day <= 3; ++day) {
    ASSERT_THAT(OpenShift(0), IsOk());
    ASSERT_THAT(Run(Sale()), IsOk());
    CrashAndOpen();
    EXPECT_EQ(core_->state().open_shifts.size(), 1u);
    ASSERT_THAT(Run(Sale()), IsOk());
    sales_minor += 398;
    const auto closed = CloseShift(sales_minor);
    ASSERT_THAT(closed, IsOk());
    EXPECT_EQ(closed->event.shift_closed().number(), day);
    EXPECT_EQ(Money(closed->event.shift_closed()).figures().sales_minor(), 398);
    EXPECT_EQ(Money(closed->event.shift_closed()).grand_sales_minor(),
              sales_minor);
    ASSERT_THAT(CloseDay(), IsOk());
    ASSERT_THAT(OpenDay(20261121 + static_cast<Date>(day)), IsOk());
  }
  ExpectVerified();
}

TEST_F(ShiftTest, TillsHaveShiftsOfTheirOwn) {
  ASSERT_THAT(Run(PairTillCommand{"T2", "hash of T2's key"}, ""), IsOk());
  ASSERT_THAT(OpenShift(10'000, "T1"), IsOk());
  ASSERT_THAT(OpenShift(5'000, "T2"), IsOk());
  ASSERT_THAT(Run(Sale(), "T2"), IsOk());
  EXPECT_EQ(Money(X("T1")).figures().receipts(), 0);
  EXPECT_EQ(Money(X("T1")).expected_minor(), 10'000);
  EXPECT_EQ(Money(X("T2")).figures().receipts(), 1);
  EXPECT_EQ(Money(X("T2")).expected_minor(), 5'199);
}

// Nothing blocks a close: a dead till's shift is closed with the day.
TEST_F(ShiftTest, TheDayClosesWhatIsOpenUncounted) {
  ASSERT_THAT(OpenShift(), IsOk());
  ASSERT_THAT(Run(Sale()), IsOk());
  const auto sealed = CloseDay();
  ASSERT_THAT(sealed, IsOk());
  ASSERT_THAT(sealed->event.day_closed().closed_shifts(), SizeIs(1));
  const v1::ShiftClosed& z = sealed->event.day_closed().closed_shifts(0);
  EXPECT_EQ(z.z_no(), "S014-T1-1-Z000001");
  EXPECT_FALSE(z.counted());
  EXPECT_EQ(Money(z).left_minor(), 10'199);
  EXPECT_EQ(Drawer(), 10'199);
  EXPECT_THAT(core_->state().open_shifts, IsEmpty());
  ExpectVerified();

  // Counted the next morning: a slip of its own, the Z stays as it is.
  ASSERT_THAT(OpenDay(20261122), IsOk());
  const auto settled = Count(v1::CASH_PLACE_LAST_Z, 10'150);
  ASSERT_THAT(settled, IsOk());
  EXPECT_EQ(settled->event.cash_counted().z_no(), z.z_no());
  EXPECT_EQ(settled->event.cash_counted().cash(0).over_short_minor(), -49);
  EXPECT_EQ(Drawer(), 10'150);
  EXPECT_EQ(OverShort(), 49);
  // A second one would post the difference twice.
  EXPECT_THAT(Count(v1::CASH_PLACE_LAST_Z, 10'150),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("counted since S014-T1-1-Z000001")));
  ASSERT_THAT(OpenShift(0), IsOk());
  const auto next = CloseShift(10'150);
  ASSERT_THAT(next, IsOk());
  EXPECT_EQ(Money(next->event.shift_closed()).over_short_minor(), 0);
  EXPECT_EQ(Money(next->event.shift_closed()).opening_minor(), 10'199);
  EXPECT_EQ(Moved(next->event.shift_closed(), v1::CASH_MOVE_KIND_COUNTED), -49);
  ExpectVerified();
}

TEST_F(ShiftTest, AParkedBasketMovesOnThroughTheClose) {
  v1::SaveBasketRequest save;
  save.mutable_basket()->set_basket_id("B1");
  *save.mutable_basket()->add_lines() = Sale().lines(0);
  ASSERT_THAT(Run(save), IsOk());
  ASSERT_THAT(OpenShift(0), IsOk());
  ASSERT_THAT(CloseDay(), IsOk());
  ASSERT_THAT(OpenDay(20261122), IsOk());
  v1::RingRequest ring;
  ring.set_basket_id("B1");
  const auto rung = Run(ring);
  ASSERT_THAT(rung, IsOk());
  EXPECT_EQ(rung->event.sale().receipt_no(), "S014-T1-1-000001");
}

TEST_F(ShiftTest, DenominationsComeToTheCount) {
  ASSERT_THAT(OpenShift(0), IsOk());
  v1::CloseShiftRequest request;
  v1::CashAmount* cash = request.add_counts();
  const std::pair<int64_t, int64_t> pieces[] = {{500, 3}, {10, 7}, {1, 4}};
  for (const auto& [value, count] : pieces) {
    v1::Denomination* denomination = cash->add_denominations();
    denomination->set_value_minor(value);
    denomination->set_count(count);
  }
  cash->set_amount_minor(1'575);
  EXPECT_THAT(Run(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the denominations come to 15.74 GBP, the "
                                 "amount says 15.75 GBP")));
  cash->clear_amount_minor();
  const auto closed = Run(request);
  ASSERT_THAT(closed, IsOk());
  EXPECT_EQ(Money(closed->event.shift_closed()).counted_minor(), 1'574);
  EXPECT_THAT(Money(closed->event.shift_closed()).denominations(), SizeIs(3));
}

TEST_F(ShiftTest, ForeignCashIsCountedToo) {
  ASSERT_THAT(OpenShift(0), IsOk());
  v1::RingRequest euro = Sale();
  euro.set_currency("EUR");
  euro.mutable_lines(0)->set_unit_price_minor_e4(250 * 10'000);
  ASSERT_THAT(Run(euro), IsOk());
  EXPECT_THAT(CloseShift(0), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr("has taken EUR too")));
  v1::CloseShiftRequest request;
  AddCash(request.mutable_counts(), 0);
  AddCash(request.mutable_counts(), 240, "EUR");
  const auto closed = Run(request);
  ASSERT_THAT(closed, IsOk());
  ASSERT_THAT(closed->event.shift_closed().money(), SizeIs(2));
  EXPECT_EQ(closed->event.shift_closed().money(0).currency(), "EUR");
  EXPECT_EQ(closed->event.shift_closed().money(0).over_short_minor(), -10);
}

TEST_F(ShiftTest, TheSafeAndTheBank) {
  ASSERT_THAT(Count(v1::CASH_PLACE_SAFE, 90'000), IsOk());
  ASSERT_THAT(Move(v1::CASH_MOVE_KIND_BANK_SENT, 60'000), IsOk());
  EXPECT_EQ(Safe(), 30'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_BANK_TRANSIT, "GBP", "BAG7"), 60'000);
  EXPECT_THAT(Move(v1::CASH_MOVE_KIND_BANK_SENT, 1),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is on its way already")));
  const auto confirmed = Move(v1::CASH_MOVE_KIND_BANK_CONFIRMED, 59'980);
  ASSERT_THAT(confirmed, IsOk());
  EXPECT_EQ(confirmed->event.cash_moved().difference_minor(), -20);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_BANK, "GBP"), 59'980);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_BANK_TRANSIT, "GBP", "BAG7"), 0);
  EXPECT_EQ(OverShort("bank"), 20);
  EXPECT_THAT(
      Move(v1::CASH_MOVE_KIND_BANK_CONFIRMED, 1),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("no deposit BAG7")));
  // None of it is a till's.
  EXPECT_THAT(Money(X()).figures().moves(), IsEmpty());
  ExpectVerified();
}

TEST_F(ShiftTest, VoidsAndCancelledBasketsAreCounted) {
  ASSERT_THAT(OpenShift(0), IsOk());
  v1::RingRequest request = Sale("PEN", 2'000);
  *request.add_lines() = Sale("INK").lines(0);
  request.mutable_lines(1)->set_voided(true);
  request.mutable_lines(0)->set_unit_price_minor_e4(100 * 10'000);
  ASSERT_THAT(Run(request), IsOk());
  v1::CancelBasketRequest cancel;
  *cancel.add_lines() = Sale("PEN", 3'000).lines(0);
  cancel.set_reason("no money");
  const auto cancelled = Run(cancel);
  ASSERT_THAT(cancelled, IsOk());
  EXPECT_EQ(cancelled->event.basket_cancelled().total_minor(), 597);
  const v1::TillFigures figures = Money(X()).figures();
  EXPECT_EQ(figures.voided_lines(), 1);
  EXPECT_EQ(figures.overridden_lines(), 1);
  EXPECT_EQ(figures.cancelled_baskets(), 1);
  EXPECT_EQ(figures.cancelled_minor(), 597);
  EXPECT_EQ(figures.lines(), 1);
  EXPECT_EQ(figures.receipts(), 1);
  ExpectVerified();
}

TEST_F(ShiftTest, ACancelledBasketIsGone) {
  v1::SaveBasketRequest save;
  save.mutable_basket()->set_basket_id("B1");
  *save.mutable_basket()->add_lines() = Sale().lines(0);
  ASSERT_THAT(Run(save), IsOk());
  v1::CancelBasketRequest cancel;
  cancel.set_basket_id("B1");
  ASSERT_THAT(Run(cancel), IsOk());
  EXPECT_THAT(Run(cancel), StatusIs(absl::StatusCode::kNotFound,
                                    HasSubstr("there is no basket 'B1'")));
}

TEST_F(ShiftTest, TendersAreToldApart) {
  ASSERT_THAT(OpenShift(0), IsOk());
  v1::RingRequest request = Sale("PEN", 2'000);
  v1::Tender* card = request.add_tenders();
  card->set_kind(v1::TENDER_KIND_CARD);
  card->set_amount_minor(300);
  card->set_reference("slip 1234");
  v1::Tender* cash = request.add_tenders();
  cash->set_kind(v1::TENDER_KIND_CASH);
  cash->set_amount_minor(98);
  ASSERT_THAT(Run(request), IsOk());
  const v1::ShiftClosed x = X();
  ASSERT_THAT(Money(x).figures().tenders(), SizeIs(2));
  EXPECT_EQ(Money(x).figures().tenders(0).kind(), v1::TENDER_KIND_CASH);
  EXPECT_EQ(Money(x).figures().tenders(0).taken_minor(), 98);
  EXPECT_EQ(Money(x).figures().tenders(1).taken_minor(), 300);
  EXPECT_EQ(Money(x).expected_minor(), 98);
}

TEST_F(ShiftTest, BlindShowsNothingThatTellsTheCash) {
  ASSERT_THAT(OpenShift(), IsOk());
  ASSERT_THAT(Run(Sale()), IsOk());
  v1::ShiftReport report;
  *report.mutable_shift() = CloseShift(10'000)->event.shift_closed();
  MakeBlind(&report);
  const std::string text = report.DebugString();
  for (const char* figure : {"10199", "199", "-199", "expected", "over_short",
                             "grand", "tenders", "moves", "day_figures"}) {
    EXPECT_THAT(text, ::testing::Not(HasSubstr(figure))) << text;
  }
  EXPECT_EQ(report.shift().money(0).counted_minor(), 10'000);
  EXPECT_EQ(report.shift().money(0).figures().receipts(), 1);
}

TEST_F(ShiftTest, AShiftIsWantedWhereThePolicySaysSo) {
  v1::Event event;
  event.mutable_till_policy_set()->mutable_policy()->set_branch("S014");
  event.mutable_till_policy_set()->mutable_policy()->set_shift_required(true);
  ASSERT_THAT(core_->TakeRecords(chain_.Append(event)), IsOk());
  EXPECT_THAT(Run(Sale()), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("no shift is open on till T1")));
  EXPECT_THAT(Move(v1::CASH_MOVE_KIND_NO_SALE, 0),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("T1")));
  ASSERT_THAT(OpenShift(), IsOk());
  EXPECT_THAT(Run(Sale()), IsOk());
}

TEST_F(ShiftTest, Refusals) {
  const Cursor before = core_->state().head;
  EXPECT_THAT(CloseShift(0), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("no shift is open on till")));
  EXPECT_THAT(Count(v1::CASH_PLACE_LAST_Z, 0),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("made no Z")));
  EXPECT_THAT(OpenShift(-1), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr("-0.01 GBP is not between")));
  EXPECT_THAT(Move(v1::CASH_MOVE_KIND_PAID_OUT, 5, ""),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the reason has 0 bytes")));
  EXPECT_THAT(Move(v1::CASH_MOVE_KIND_SAFE_DROP, 0),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("must be above 0")));
  EXPECT_THAT(
      Move(v1::CASH_MOVE_KIND_NO_SALE, 1),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("moves nothing")));
  EXPECT_THAT(Move(v1::CASH_MOVE_KIND_COUNTED, 1),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("kind 8 is not known")));
  EXPECT_THAT(Count(v1::CASH_PLACE_UNSPECIFIED, 1),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("say what is counted")));
  EXPECT_EQ(core_->state().head, before);
  ASSERT_THAT(OpenShift(), IsOk());
  EXPECT_THAT(OpenShift(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("is open already")));
  EXPECT_THAT(CloseShift(100, 101),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("1.01 GBP cannot stay in the drawer")));
  v1::CloseShiftRequest twice;
  AddCash(twice.mutable_counts(), 1);
  AddCash(twice.mutable_counts(), 2);
  EXPECT_THAT(Run(twice), StatusIs(absl::StatusCode::kInvalidArgument,
                                   HasSubstr("GBP is given twice")));
  ASSERT_THAT(CloseDay(), IsOk());
  EXPECT_THAT(OpenShift(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("no business day is open")));
}

// A repeated command makes no second Z.
TEST_F(ShiftTest, ACloseThatIsAskedAgainGivesTheSameZ) {
  ASSERT_THAT(OpenShift(), IsOk());
  v1::CloseShiftRequest request;
  AddCash(request.mutable_counts(), 9'000);
  request = WithId(request);
  const auto first = Run(request);
  ASSERT_THAT(first, IsOk());
  CrashAndOpen();
  const auto again = Run(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->event.shift_closed().z_no(),
            first->event.shift_closed().z_no());
  EXPECT_EQ(Drawer(), 9'000);
}

// Books and registers are the same when they are made again of the journal.
TEST_F(ShiftTest, ARebuildComesToTheSame) {
  ASSERT_THAT(OpenShift(), IsOk());
  ASSERT_THAT(Run(Sale()), IsOk());
  ASSERT_THAT(CloseShift(10'000, 5'000), IsOk());
  ASSERT_THAT(OpenShift(0), IsOk());
  ASSERT_THAT(Run(Sale()), IsOk());
  const v1::ShiftClosed before = X();
  core_.reset();
  ASSERT_THAT(Rebuild(&store_), IsOk());
  Open();
  EXPECT_EQ(X().SerializeAsString(), before.SerializeAsString());
}

}  // namespace
}  // namespace branchline
