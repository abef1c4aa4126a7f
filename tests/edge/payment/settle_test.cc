// Payments in the ledger: what is written, what is refused, what people may do.

#include <limits>

#include "tests/edge/payment/paid_fixture.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PaymentEvents : public PaidFixture {
 protected:
  static v1::PaymentAttempt Attempt(const std::string& id,
                                    v1::PaymentState state,
                                    int64_t done_minor = 0) {
    v1::PaymentAttempt attempt;
    attempt.set_id(id);
    attempt.set_sale_id("sale");
    attempt.set_means(v1::PAYMENT_MEANS_TERMINAL);
    attempt.set_kind(v1::PAYMENT_KIND_PAYMENT);
    attempt.set_state(state);
    attempt.set_device("card1");
    attempt.set_amount_minor(500);
    attempt.set_done_minor(done_minor);
    attempt.set_currency("GBP");
    attempt.set_terminal_id("52500041");
    attempt.set_receipt(77);
    return attempt;
  }
  absl::Status Record(const v1::PaymentAttempt& attempt) {
    return Run(RecordPaymentCommand{attempt, "ada"}, "").status();
  }
  static v1::SettlePaymentRequest Settle(const std::string& id,
                                         int64_t done_minor) {
    v1::SettlePaymentRequest request;
    request.mutable_header()->set_staff("bo");
    request.set_payment_id(id);
    request.set_done_minor(done_minor);
    request.set_ground("slip 77 shows it");
    return request;
  }
};

TEST_F(PaymentEvents, AnAttemptIsOpenUntilAReceiptSaysForWhat) {
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_STARTED)), IsOk());
  EXPECT_THAT(OpenSales(), ElementsAre("sale"));
  EXPECT_TRUE(Standing("sale").unsettled);
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_DONE, 500)), IsOk());
  CrashAndOpen();
  EXPECT_THAT(OpenSales(), ElementsAre("sale"));
  EXPECT_EQ(Standing("sale").unsold_minor, 500);
  const auto sold = Run(PaidSale("GBP", v1::TENDER_KIND_CARD, 500, 500, "p1"));
  ASSERT_THAT(sold, IsOk());
  EXPECT_THAT(OpenSales(), IsEmpty());
  EXPECT_EQ(Standing("sale").receipt_no, sold->event.sale().receipt_no());
  // The slip's number is on the receipt.
  EXPECT_EQ(sold->event.sale().tenders(0).reference(), "52500041-77");
}

TEST_F(PaymentEvents, AFailedOneLeavesNothingOpen) {
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_STARTED)), IsOk());
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_FAILED)), IsOk());
  EXPECT_THAT(OpenSales(), IsEmpty());
}

TEST_F(PaymentEvents, WhatIsFinalDoesNotChange) {
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_FAILED)), IsOk());
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_FAILED)), IsOk());
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_DONE, 500)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("does not change any more")));
}

TEST_F(PaymentEvents, ATenderIsWhatStayedAndNothingElse) {
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_DONE, 500)), IsOk());
  const auto refuses = [&](v1::RingRequest request, absl::StatusCode code,
                           const char* words) {
    EXPECT_THAT(Run(request), StatusIs(code, HasSubstr(words)));
  };
  const auto invalid = absl::StatusCode::kInvalidArgument;
  refuses(PaidSale("GBP", v1::TENDER_KIND_CARD, 499, 499, "p1"), invalid,
          "brought 5.00 GBP");
  refuses(PaidSale("GBP", v1::TENDER_KIND_WALLET, 500, 500, "p1"), invalid,
          "by TENDER_KIND_CARD");
  refuses(PaidSale("EUR", v1::TENDER_KIND_CARD, 500, 500, "p1"), invalid,
          "5.00 GBP by");
  refuses(PaidSale("GBP", v1::TENDER_KIND_CARD, 500, 500, "p2"),
          absl::StatusCode::kNotFound, "brought no money");
  v1::RingRequest twice =
      PaidSale("GBP", v1::TENDER_KIND_CARD, 1'000, 500, "p1");
  *twice.mutable_tenders(1) = twice.tenders(0);
  refuses(twice, absl::StatusCode::kNotFound, "a tender of it already");
  v1::RingRequest nameless =
      PaidSale("GBP", v1::TENDER_KIND_CARD, 500, 500, "p1");
  nameless.clear_payment_sale_id();
  refuses(nameless, invalid, "the request no payment_sale_id");
  v1::RingRequest on_his_word =
      PaidSale("GBP", v1::TENDER_KIND_CARD, 500, 500, "p1");
  on_his_word.mutable_tenders(0)->set_unconfirmed(true);
  EXPECT_FALSE(Run(on_his_word).ok());
}

TEST_F(PaymentEvents, NothingMoreIsPaidForWhatWasRungUp) {
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_DONE, 500)), IsOk());
  ASSERT_THAT(Run(PaidSale("GBP", v1::TENDER_KIND_CARD, 500, 500, "p1")),
              IsOk());
  EXPECT_THAT(Record(Attempt("p2", v1::PAYMENT_STATE_STARTED)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("nothing more is paid for it")));
}

TEST_F(PaymentEvents, AReversedOneAndCash) {
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_DONE, 500)), IsOk());
  v1::PaymentAttempt back = Attempt("p2", v1::PAYMENT_STATE_DONE, 500);
  back.set_kind(v1::PAYMENT_KIND_REVERSAL);
  back.set_original_id("p1");
  EXPECT_THAT(Record(back), IsOk());
  EXPECT_THAT(OpenSales(), IsEmpty());
  EXPECT_THAT(Run(PaidSale("GBP", v1::TENDER_KIND_CARD, 500, 0, "")), IsOk());
}

TEST_F(PaymentEvents, APersonSettlesAnOpenOneOnceAndIsNamed) {
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_OPEN)), IsOk());
  v1::SettlePaymentRequest nobody = Settle("p1", 500);
  nobody.mutable_header()->clear_staff();
  EXPECT_THAT(Run(nobody), StatusIs(absl::StatusCode::kInvalidArgument,
                                    HasSubstr("must name who does it")));
  v1::SettlePaymentRequest groundless = Settle("p1", 500);
  groundless.clear_ground();
  EXPECT_THAT(Run(groundless), StatusIs(absl::StatusCode::kInvalidArgument,
                                        HasSubstr("what was seen")));
  EXPECT_THAT(
      Run(Settle("p1", -1)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("want 0 to")));
  EXPECT_THAT(
      Run(Settle("p9", 1)),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("no sale that is open")));
  const v1::SettlePaymentRequest right = WithId(Settle("p1", 500));
  const auto settled = Run(right);
  ASSERT_THAT(settled, IsOk());
  const v1::PaymentAttempt& now =
      settled->event.payment_recorded().sale().attempts(0);
  EXPECT_EQ(now.state(), v1::PAYMENT_STATE_DONE);
  EXPECT_EQ(now.settled_by(), "bo: slip 77 shows it");
  EXPECT_EQ(settled->event.staff(), "bo");
  // The same again is the same answer; another is too late.
  EXPECT_TRUE(Run(right)->repeated);
  EXPECT_THAT(Run(Settle("p1", 0)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("only an open one")));
}

TEST_F(PaymentEvents, ASealNamesWhatIsOpen) {
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_OPEN)), IsOk());
  const auto sealed = CloseDay();
  ASSERT_THAT(sealed, IsOk());
  EXPECT_THAT(sealed->event.day_closed().open_payments().sale_ids(),
              ElementsAre("sale"));
  // The money moves whether the shop is open or not.
  EXPECT_THAT(Record(Attempt("p1", v1::PAYMENT_STATE_DONE, 500)), IsOk());
}

TEST_F(PaymentEvents, ThereAreLimits) {
  for (int i = 0; i < kSaleAttemptsMax; ++i) {
    EXPECT_THAT(Record(Attempt(absl::StrCat("p", i), v1::PAYMENT_STATE_FAILED)),
                IsOk());
  }
  EXPECT_THAT(Record(Attempt("more", v1::PAYMENT_STATE_STARTED)),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("begin a new sale")));
  for (int i = 0; i < kOpenSalesMax; ++i) {
    v1::PaymentAttempt attempt = Attempt("p", v1::PAYMENT_STATE_STARTED);
    attempt.set_sale_id(absl::StrCat("sale", i));
    EXPECT_THAT(Record(attempt), IsOk());
  }
  v1::PaymentAttempt attempt = Attempt("p", v1::PAYMENT_STATE_STARTED);
  attempt.set_sale_id("one more");
  EXPECT_THAT(Record(attempt), StatusIs(absl::StatusCode::kResourceExhausted,
                                        HasSubstr("settle them first")));
}

TEST_F(PaymentEvents, AnAttemptComesBackFromTheLedgerAsItWas) {
  PaymentAttempt attempt;
  attempt.id = "p1";
  attempt.sale_id = "sale";
  attempt.means = PaymentMeans::kAlipay;
  attempt.kind = PaymentKind::kRefund;
  attempt.state = PaymentState::kReversing;
  attempt.why = PaymentWhy::kDark;
  attempt.device = "alipay";
  attempt.original_id = "p0";
  attempt.amount_minor = 1;
  attempt.done_minor = 2;
  attempt.currency = "CNY";
  attempt.started_at = absl::FromUnixSeconds(1'790'000'000);
  attempt.detail = "d";
  attempt.settled_by = "s";
  attempt.original_minor = 3;
  attempt.original_number = "n";
  attempt.original_receipt = 0;
  attempt.original_trace = 5;
  attempt.terminal_id = "t";
  attempt.receipt = 6;
  attempt.trace = std::numeric_limits<int64_t>::max();
  attempt.earlier_receipt = 7;
  attempt.earlier_trace = 8;
  attempt.card_name = "c";
  attempt.number = "u";
  attempt.trade_no = "v";
  attempt.code_hash = "w";
  EXPECT_EQ(FromProto(ToProto(attempt)), attempt);
  v1::PaymentAttempt newer = ToProto(attempt);
  newer.set_state(static_cast<v1::PaymentState>(99));
  EXPECT_EQ(FromProto(newer).state, PaymentState::kOpen);
}

}  // namespace
}  // namespace branchline
