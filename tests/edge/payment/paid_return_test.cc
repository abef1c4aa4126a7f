// Goods come back: what was paid through the edge is owed until it has gone
// back, once, and never more.

#include "tests/edge/payment/paid_fixture.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class PaidReturn : public PaidFixture {
 protected:
  PaidReturn() {
    EXPECT_THAT(Record(Attempt("p1", 800)), IsOk());
    const auto sold =
        Run(PaidSale("GBP", v1::TENDER_KIND_WALLET, 1'000, 800, "p1"));
    EXPECT_THAT(sold, IsOk());
    if (sold.ok()) receipt_no_ = sold->event.sale().receipt_no();
  }
  static v1::PaymentAttempt Attempt(const std::string& id, int64_t done_minor) {
    v1::PaymentAttempt attempt;
    attempt.set_id(id);
    attempt.set_sale_id("sale");
    attempt.set_means(v1::PAYMENT_MEANS_WECHAT_PAY);
    attempt.set_kind(v1::PAYMENT_KIND_PAYMENT);
    attempt.set_state(v1::PAYMENT_STATE_DONE);
    attempt.set_device("wx");
    attempt.set_amount_minor(done_minor);
    attempt.set_done_minor(done_minor);
    attempt.set_currency("GBP");
    attempt.set_trade_no("42000");
    return attempt;
  }
  static v1::PaymentAttempt Refund(const std::string& id, int64_t minor,
                                   v1::PaymentState state) {
    v1::PaymentAttempt attempt = Attempt(id, minor);
    attempt.set_kind(v1::PAYMENT_KIND_REFUND);
    attempt.set_original_id("p1");
    attempt.set_state(state);
    if (state != v1::PAYMENT_STATE_DONE) attempt.clear_done_minor();
    return attempt;
  }
  absl::Status Record(const v1::PaymentAttempt& attempt) {
    return Run(RecordPaymentCommand{attempt, ""}, "").status();
  }
  absl::StatusOr<Outcome> BringBack() {
    v1::ReturnGoodsRequest request;
    request.set_original_receipt_no(receipt_no_);
    request.add_lines()->set_quantity_milli(1'000);
    return Run(request);
  }

  std::string receipt_no_;
};

TEST_F(PaidReturn, IsOwedUntilItHasGoneBack) {
  EXPECT_THAT(OpenSales(), IsEmpty());
  const auto back = BringBack();
  ASSERT_THAT(back, IsOk());
  EXPECT_THAT(OpenSales(), ElementsAre("sale"));
  EXPECT_EQ(Standing("sale").owed_minor, 800);
  CrashAndOpen();
  EXPECT_EQ(Standing("sale").owed_minor, 800);
  EXPECT_THAT(Record(Refund("r1", 300, v1::PAYMENT_STATE_STARTED)), IsOk());
  EXPECT_EQ(Standing("sale").owed_minor, 800);
  EXPECT_THAT(Record(Refund("r1", 300, v1::PAYMENT_STATE_DONE)), IsOk());
  EXPECT_EQ(Standing("sale").owed_minor, 500);
  EXPECT_THAT(OpenSales(), ElementsAre("sale"));
  EXPECT_THAT(Record(Refund("r2", 501, v1::PAYMENT_STATE_STARTED)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("give back 5.00 GBP")));
  EXPECT_THAT(Record(Refund("r2", 500, v1::PAYMENT_STATE_FAILED)), IsOk());
  EXPECT_EQ(Standing("sale").owed_minor, 500);
  EXPECT_THAT(Record(Refund("r3", 500, v1::PAYMENT_STATE_DONE)), IsOk());
  EXPECT_EQ(Standing("sale").owed_minor, 0);
  EXPECT_THAT(OpenSales(), IsEmpty());
  EXPECT_THAT(Record(Refund("r4", 1, v1::PAYMENT_STATE_STARTED)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("give back 0")));
}

TEST_F(PaidReturn, NothingGoesBackOfWhatWasKept) {
  EXPECT_THAT(Record(Refund("r1", 1, v1::PAYMENT_STATE_STARTED)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("take the goods back first")));
  v1::PaymentAttempt other = Refund("r1", 1, v1::PAYMENT_STATE_STARTED);
  other.set_original_id("p9");
  EXPECT_THAT(Record(other), StatusIs(absl::StatusCode::kNotFound,
                                      HasSubstr("has no payment p9")));
}

TEST_F(PaidReturn, AnotherTenderOwesTheWalletNothing) {
  v1::ReturnGoodsRequest request;
  request.set_original_receipt_no(receipt_no_);
  request.add_lines()->set_quantity_milli(1'000);
  request.set_tender(v1::TENDER_KIND_CASH);
  ASSERT_THAT(Run(request), IsOk());
  EXPECT_THAT(OpenSales(), IsEmpty());
}

// An exchange that gives money back gives it where it came from.
TEST_F(PaidReturn, AnExchangeOwesItToTheWallet) {
  ASSERT_THAT(Run(v1::OpenShiftRequest()), IsOk());
  v1::RingRequest exchange = Sale("INK");  // 3.33
  exchange.mutable_pricing();
  v1::RingLine* back = exchange.add_lines();
  back->set_kind(v1::LINE_KIND_RETURN);
  back->set_quantity_milli(-1'000);
  back->set_returns_receipt_no(receipt_no_);
  const auto exchanged = Run(exchange);
  ASSERT_THAT(exchanged, IsOk());
  EXPECT_EQ(exchanged->event.sale().total_minor(), 333 - 1'000);
  ASSERT_EQ(exchanged->event.sale().tenders_size(), 1);
  EXPECT_EQ(exchanged->event.sale().tenders(0).kind(), v1::TENDER_KIND_WALLET);
  EXPECT_EQ(exchanged->event.sale().tenders(0).amount_minor(), -667);
  CrashAndOpen();
  EXPECT_THAT(OpenSales(), ElementsAre("sale"));
  EXPECT_EQ(Standing("sale").owed_minor, 667);
  EXPECT_EQ(Standing("sale").receipt_no, receipt_no_);
  // It is on its way out of the shop: no void brings it back.
  v1::VoidReceiptRequest undo;
  undo.set_receipt_no(exchanged->event.sale().receipt_no());
  undo.set_reason("wrong colour");
  EXPECT_THAT(Run(undo), StatusIs(absl::StatusCode::kFailedPrecondition,
                                  HasSubstr("gave money back by card")));
  EXPECT_THAT(Record(Refund("r1", 667, v1::PAYMENT_STATE_DONE)), IsOk());
  EXPECT_THAT(OpenSales(), IsEmpty());
}

TEST_F(PaidReturn, AVoidedReceiptOwesAllOfIt) {
  v1::OpenShiftRequest shift;
  ASSERT_THAT(Run(shift), IsOk());
  v1::PaymentAttempt second = Attempt("p2", 700);
  second.set_sale_id("other");
  ASSERT_THAT(Record(second), IsOk());
  v1::RingRequest sale =
      PaidSale("GBP", v1::TENDER_KIND_WALLET, 700, 700, "p2");
  sale.set_payment_sale_id("other");
  const auto sold = Run(sale);
  ASSERT_THAT(sold, IsOk());
  v1::VoidReceiptRequest undo;
  undo.set_receipt_no(sold->event.sale().receipt_no());
  undo.set_reason("wrong customer");
  const auto undone = Run(undo);
  ASSERT_THAT(undone, IsOk());
  EXPECT_THAT(OpenSales(), ElementsAre("other"));
  EXPECT_EQ(Standing("other").owed_minor, 700);
  EXPECT_EQ(Standing("other").receipt_no, sold->event.sale().receipt_no());
}

TEST_F(PaidReturn, WhatWentBackBeforeTheSaleIsNotOwed) {
  v1::PaymentAttempt paid = Attempt("p5", 600);
  paid.set_sale_id("third");
  ASSERT_THAT(Record(paid), IsOk());
  v1::PaymentAttempt back = Refund("r5", 200, v1::PAYMENT_STATE_DONE);
  back.set_sale_id("third");
  back.set_original_id("p5");
  ASSERT_THAT(Record(back), IsOk());
  v1::RingRequest sale =
      PaidSale("GBP", v1::TENDER_KIND_WALLET, 400, 400, "p5");
  sale.set_payment_sale_id("third");
  ASSERT_THAT(Run(sale), IsOk());
  EXPECT_THAT(OpenSales(), IsEmpty());
}

}  // namespace
}  // namespace branchline
