#include "devices/payment/payment_desk.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

PaymentOrder Pay(const char* id, int64_t amount_minor,
                 int64_t due_minor = 1'000) {
  PaymentOrder order;
  order.id = id;
  order.sale_id = "sale";
  order.device = "card1";
  order.amount_minor = amount_minor;
  order.currency = "EUR";
  order.due_minor = due_minor;
  return order;
}

PaymentOrder Back(const char* id, const char* of, int64_t amount_minor,
                  PaymentKind kind) {
  PaymentOrder order = Pay(id, amount_minor);
  order.kind = kind;
  order.original_id = of;
  return order;
}

class PaymentDeskTest : public ::testing::Test {
 protected:
  void Put(const PaymentOrder& order, PaymentState state,
           int64_t done_minor = -1) {
    absl::StatusOr<PaymentAttempt> attempt = desk_.Begin(order, kNow);
    ASSERT_THAT(attempt, IsOk());
    desk_.Put(*attempt);
    attempt->state = state;
    if (state == PaymentState::kDone) {
      attempt->done_minor = done_minor < 0 ? order.amount_minor : done_minor;
    }
    desk_.Put(*attempt);
  }
  absl::StatusCode CodeOf(const PaymentOrder& order) {
    return desk_.Begin(order, kNow).status().code();
  }
  PaymentDesk desk_{{}};
};

TEST_F(PaymentDeskTest, WrongOrdersBeginNothing) {
  using absl::StatusCode;
  PaymentOrder bad = Pay("", 100);
  EXPECT_EQ(CodeOf(bad), StatusCode::kInvalidArgument);
  bad = Pay("p", 0);
  EXPECT_EQ(CodeOf(bad), StatusCode::kInvalidArgument);
  bad = Pay("p", -5);
  EXPECT_EQ(CodeOf(bad), StatusCode::kInvalidArgument);
  bad = Pay("p", kPaymentMaxMinor + 1, kPaymentMaxMinor + 1);
  EXPECT_EQ(CodeOf(bad), StatusCode::kInvalidArgument);
  bad = Pay("p", 100);
  bad.sale_id = std::string(65, 's');
  EXPECT_EQ(CodeOf(bad), StatusCode::kInvalidArgument);
  bad = Pay("p", 100);
  bad.currency = "euro";
  EXPECT_EQ(CodeOf(bad), StatusCode::kInvalidArgument);
  bad = Pay("p", 100);
  bad.device = "";
  EXPECT_EQ(CodeOf(bad), StatusCode::kInvalidArgument);
  EXPECT_THAT(desk_.Begin(Pay("p", 1'001), kNow),
              StatusIs(StatusCode::kInvalidArgument,
                       HasSubstr("the sale still lacks 10.00 EUR")));
}

TEST_F(PaymentDeskTest, TheSameOrderTwiceIsOne) {
  Put(Pay("p1", 400), PaymentState::kDone);
  const absl::StatusOr<PaymentAttempt> again =
      desk_.Begin(Pay("p1", 400), kNow);
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->state, PaymentState::kDone);
  EXPECT_EQ(CodeOf(Pay("p1", 500)), absl::StatusCode::kAlreadyExists);
}

// The heart of it: while nobody knows what became of one, no other begins.
TEST_F(PaymentDeskTest, AnUnsettledAttemptHoldsItsSale) {
  for (const PaymentState state :
       {PaymentState::kStarted, PaymentState::kApproved,
        PaymentState::kReversing, PaymentState::kOpen}) {
    desk_ = PaymentDesk({});
    Put(Pay("p1", 400), state);
    EXPECT_THAT(desk_.Begin(Pay("p2", 400), kNow),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         HasSubstr("p1 (card terminal, ")));
    EXPECT_THAT(desk_.MoneyOf("sale").unsettled_ids, ElementsAre("p1"));
    EXPECT_EQ(desk_.MoneyOf("sale").paid_minor, 0);
    PaymentOrder other = Pay("p2", 400);
    other.sale_id = "another";
    EXPECT_EQ(CodeOf(other), absl::StatusCode::kOk);
  }
}

TEST_F(PaymentDeskTest, ASupervisorMayGoOnBesideWhatIsBeingUndone) {
  Put(Pay("p1", 400), PaymentState::kReversing);
  PaymentOrder order = Pay("p2", 400);
  order.override_by = "Ann";
  const absl::StatusOr<PaymentAttempt> attempt = desk_.Begin(order, kNow);
  ASSERT_THAT(attempt, IsOk());
  EXPECT_THAT(attempt->settled_by, HasSubstr("Ann"));
  desk_ = PaymentDesk({});
  Put(Pay("p1", 400), PaymentState::kOpen);
  EXPECT_EQ(CodeOf(order), absl::StatusCode::kFailedPrecondition);
}

TEST_F(PaymentDeskTest, PartsOfASaleAddUp) {
  Put(Pay("p1", 600), PaymentState::kDone, 350);  // approved in part
  EXPECT_EQ(CodeOf(Pay("p2", 651)), absl::StatusCode::kInvalidArgument);
  Put(Pay("p2", 650), PaymentState::kDone);
  EXPECT_EQ(CodeOf(Pay("p3", 1)), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(desk_.MoneyOf("sale").paid_minor, 1'000);
}

TEST_F(PaymentDeskTest, WhatFailedHoldsNothing) {
  Put(Pay("p1", 1'000), PaymentState::kFailed);
  Put(Pay("p2", 1'000), PaymentState::kReversed);
  EXPECT_EQ(CodeOf(Pay("p3", 1'000)), absl::StatusCode::kOk);
}

TEST_F(PaymentDeskTest, NothingIsGivenBackTwice) {
  using absl::StatusCode;
  Put(Pay("p1", 1'000), PaymentState::kDone);
  const auto refund = PaymentKind::kRefund;
  EXPECT_EQ(CodeOf(Back("r1", "p9", 10, refund)), StatusCode::kNotFound);
  EXPECT_EQ(CodeOf(Back("r1", "p1", 1'001, refund)),
            StatusCode::kInvalidArgument);
  Put(Back("r1", "p1", 300, refund), PaymentState::kDone);
  EXPECT_EQ(CodeOf(Back("r2", "p1", 701, refund)),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(Back("r2", "p1", 1'000, PaymentKind::kReversal)),
            StatusCode::kInvalidArgument);
  Put(Back("r2", "p1", 700, refund), PaymentState::kStarted);
  EXPECT_EQ(CodeOf(Back("r3", "p1", 1, refund)),
            StatusCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(Back("r4", "r1", 1, refund)),
            StatusCode::kFailedPrecondition);
}

TEST_F(PaymentDeskTest, AReversalIsOfTheWholeAndCarriesItsOriginal) {
  PaymentAttempt paid = *desk_.Begin(Pay("p1", 1'000), kNow);
  paid.state = PaymentState::kDone;
  paid.done_minor = 600;
  paid.receipt = 7;
  paid.trace = 8;
  desk_.Put(paid);
  const auto reversal = PaymentKind::kReversal;
  EXPECT_EQ(CodeOf(Back("r1", "p1", 500, reversal)),
            absl::StatusCode::kInvalidArgument);
  const absl::StatusOr<PaymentAttempt> back =
      desk_.Begin(Back("r1", "p1", 600, reversal), kNow);
  ASSERT_THAT(back, IsOk());
  EXPECT_EQ(back->original_receipt, 7);
  EXPECT_EQ(back->original_trace, 8);
  EXPECT_EQ(back->original_minor, 1'000);
}

TEST_F(PaymentDeskTest, APersonSettlesWhatIsOpen) {
  using absl::StatusCode;
  Put(Pay("p1", 400), PaymentState::kOpen);
  EXPECT_EQ(desk_.SettleByHand("p1", 400, "", "slip").status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(desk_.SettleByHand("p1", -1, "Ann", "slip").status().code(),
            StatusCode::kInvalidArgument);
  EXPECT_EQ(desk_.SettleByHand("p9", 1, "Ann", "slip").status().code(),
            StatusCode::kNotFound);
  const auto settled = desk_.SettleByHand("p1", 400, "Ann", "saw the slip");
  ASSERT_THAT(settled, IsOk());
  EXPECT_EQ(settled->state, PaymentState::kDone);
  EXPECT_EQ(settled->settled_by, "Ann: saw the slip");
  desk_.Put(*settled);
  EXPECT_EQ(desk_.SettleByHand("p1", 0, "Ann", "no").status().code(),
            StatusCode::kFailedPrecondition);
  EXPECT_EQ(desk_.MoneyOf("sale").paid_minor, 400);
}

}  // namespace
}  // namespace branchline
