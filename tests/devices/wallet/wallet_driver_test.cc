// Both wallets: what goes well, everything that a gateway does wrong, and a
// till that is killed at every step.

#include "devices/wallet/wallet_driver.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/devices/wallet/wallet_world.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using Fault = WalletEmulator::Fault;
using Kind = WalletCallKind;
using State = PaymentState;

std::string NameOf(PaymentMeans means) {
  return means == PaymentMeans::kAlipay ? "Alipay" : "WeChat";
}

class WalletTest : public ::testing::TestWithParam<PaymentMeans> {
 protected:
  WalletShop shop_{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(Wallets, WalletTest,
                         ::testing::Values(PaymentMeans::kWeChatPay,
                                           PaymentMeans::kAlipay),
                         [](const auto& param) { return NameOf(param.param); });

TEST_P(WalletTest, TakesAPayment) {
  const PaymentAttempt paid = shop_.Pay("p1", 1'250);
  EXPECT_EQ(paid.state, State::kDone) << paid.detail;
  EXPECT_EQ(paid.done_minor, 1'250);
  EXPECT_FALSE(paid.trade_no.empty());
  EXPECT_EQ(paid.number.size(), 32u);
  EXPECT_EQ(shop_.wallet.TakenBy(paid.number), 1'250);
}

TEST_P(WalletTest, TheCodeIsNeverWrittenDown) {
  (void)shop_.Pay("p1", 1'250);
  const PaymentAttempt& kept = shop_.store.attempts.at("p1");
  EXPECT_EQ(EncodePaymentAttempt(kept).find(shop_.Code()), std::string::npos);
  EXPECT_EQ(kept.code_hash.size(), 32u);
}

TEST_P(WalletTest, InTheDarkNothingBeginsAndSaysWhatElse) {
  shop_.wallet.SetConnected(false);
  shop_.Run(absl::Minutes(2));
  EXPECT_EQ(shop_.driver->Report().line, WalletReport::Line::kDark);
  EXPECT_THAT(shop_.Begin(shop_.Order("p1", 100)),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("Take cash or a card")));
  EXPECT_TRUE(shop_.store.attempts.empty());
  shop_.wallet.SetConnected(true);
  shop_.Run(absl::Seconds(10));
  EXPECT_EQ(shop_.Pay("p1", 100).state, State::kDone);
}

TEST_P(WalletTest, ALineThatGoesBeforeTheCallTakesNothing) {
  shop_.wallet.SetConnected(false);
  const PaymentAttempt attempt = shop_.Pay("p1", 100);
  EXPECT_EQ(attempt.state, State::kFailed);
  EXPECT_EQ(attempt.why, PaymentWhy::kNotSent);
  EXPECT_TRUE(shop_.wallet.orders().empty());
}

TEST_P(WalletTest, AWrongCodeBeginsNothing) {
  for (const char* code :
       {"", "123", "994512345678901234", "13451234567890123x",
        shop_.merchant.means == PaymentMeans::kAlipay ? "134512345678901234"
                                                      : "285012345678901234"}) {
    EXPECT_EQ(
        shop_.book->Begin(shop_.Order("p1", 100), {code}, shop_.driver.get())
            .status()
            .code(),
        absl::StatusCode::kInvalidArgument)
        << code;
  }
}

struct FaultCase {
  const char* name;
  Kind call;
  std::vector<Fault> faults;
  State state;
  PaymentWhy why;
};

std::vector<FaultCase> Faults() {
  using F = Fault;
  using W = PaymentWhy;
  return {
      {"Paying", Kind::kPay, {F::kPaying}, State::kDone, W::kNone},
      {"PayingNever",
       Kind::kPay,
       {F::kPayingNever},
       State::kReversed,
       W::kTimeUp},
      {"AnswerLost", Kind::kPay, {F::kLoseAnswer}, State::kDone, W::kNone},
      {"CallLost", Kind::kPay, {F::kLoseCall}, State::kReversed, W::kTimeUp},
      {"CallLate", Kind::kPay, {F::kLateCall}, State::kReversed, W::kTimeUp},
      {"ErrorDone", Kind::kPay, {F::kErrorDone}, State::kDone, W::kNone},
      {"ErrorNotDone",
       Kind::kPay,
       {F::kErrorNotDone},
       State::kReversed,
       W::kTimeUp},
      {"BadSignature", Kind::kPay, {F::kBadSignature}, State::kDone, W::kNone},
      {"OtherNumber", Kind::kPay, {F::kOtherNumber}, State::kDone, W::kNone},
      {"WrongAmount",
       Kind::kPay,
       {F::kWrongAmount},
       State::kOpen,
       W::kAmountDiffers},
      {"DeliveredTwice", Kind::kPay, {F::kTwice}, State::kDone, W::kNone},
      {"CodeRefused",
       Kind::kPay,
       {F::kCodeRefused},
       State::kFailed,
       W::kCodeRefused},
      {"NotEnough", Kind::kPay, {F::kNotEnough}, State::kFailed, W::kNotEnough},
  };
}

class WalletFault
    : public ::testing::TestWithParam<std::tuple<PaymentMeans, FaultCase>> {};

// Each fault of the pay call, by itself and with a query that loses its answer,
// errs, lies, or says "not paid" of what is paid.
TEST_P(WalletFault, EndsAsItMust) {
  const auto& [means, row] = GetParam();
  for (const Fault query : {Fault::kNone, Fault::kLoseAnswer, Fault::kErrorDone,
                            Fault::kBadSignature, Fault::kOtherNumber,
                            Fault::kNotPaidYet, Fault::kNoConnection}) {
    WalletShop shop(means);
    for (const Fault fault : row.faults) shop.wallet.AddFault(row.call, fault);
    shop.wallet.AddFault(Kind::kQuery, query);
    const PaymentAttempt attempt = shop.Pay("p1", 1'000);
    EXPECT_EQ(attempt.state, row.state)
        << static_cast<int>(query) << attempt.detail;
    EXPECT_EQ(attempt.why, row.why) << attempt.detail;
    shop.Run(absl::Minutes(5));
    EXPECT_EQ(shop.wallet.taken_minor(), attempt.done_minor);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, WalletFault,
    ::testing::Combine(::testing::Values(PaymentMeans::kWeChatPay,
                                         PaymentMeans::kAlipay),
                       ::testing::ValuesIn(Faults())),
    [](const auto& param) {
      return NameOf(std::get<0>(param.param)) + std::get<1>(param.param).name;
    });

TEST_P(WalletTest, WhatIsUndoneIsUndoneForEverAndNeverPaid) {
  shop_.wallet.AddFault(Kind::kPay, Fault::kPayingNever);
  for (int i = 0; i < 4; ++i) {
    for (const Fault fault :
         {Fault::kAgain, Fault::kLoseCall, Fault::kErrorNotDone,
          Fault::kBadSignature, Fault::kNoConnection}) {
      shop_.wallet.AddFault(Kind::kReverse, fault);
    }
  }
  ASSERT_THAT(shop_.Begin(shop_.Order("p1", 1'000)), IsOk());
  shop_.Run(absl::Minutes(3));
  ASSERT_EQ(shop_.book->Find("p1")->state, State::kReversing);
  // Only a supervisor goes on beside it, and it is recorded.
  EXPECT_EQ(shop_.Begin(shop_.Order("p2", 500)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  PaymentOrder override = shop_.Order("p2", 500);
  override.override_by = "Ann";
  while (shop_.driver->Report().line != WalletReport::Line::kUp) {
    shop_.Run(absl::Seconds(1));
  }
  EXPECT_EQ(shop_.Carry(override).state, State::kDone);
  for (int i = 0; i < 5; ++i) {
    shop_.Boot();
    shop_.Run(absl::Minutes(20));
  }
  EXPECT_EQ(shop_.book->Find("p1")->state, State::kReversed);
  EXPECT_EQ(shop_.wallet.taken_minor(), 500);
}

TEST_P(WalletTest, ACashierWhoGivesUpGetsTheMoneyBackToTheCustomer) {
  shop_.wallet.AddFault(Kind::kPay, Fault::kPaying);
  ASSERT_THAT(shop_.Begin(shop_.Order("p1", 1'000)), IsOk());
  shop_.Run(absl::Seconds(5));
  EXPECT_EQ(shop_.book->Find("p1")->why, PaymentWhy::kCustomerPaying);
  shop_.driver->GiveUp("p1");
  const PaymentAttempt attempt = shop_.Await("p1");
  EXPECT_EQ(attempt.state, State::kReversed);
  EXPECT_EQ(attempt.why, PaymentWhy::kGivenUp);
  shop_.Run(absl::Minutes(2));
  EXPECT_EQ(shop_.wallet.taken_minor(), 0);
}

// WeChat Pay refuses to undo what is younger than fifteen seconds.
TEST(WeChatTest, UndoesNothingTooSoon) {
  WalletShop shop(PaymentMeans::kWeChatPay);
  shop.wallet.AddFault(Kind::kPay, Fault::kPayingNever);
  ASSERT_THAT(shop.Begin(shop.Order("p1", 1'000)), IsOk());
  const absl::Duration began = shop.clock.MonotonicNow();
  shop.Run(absl::Seconds(1));
  shop.driver->GiveUp("p1");
  EXPECT_EQ(shop.Await("p1").state, State::kReversed);
  EXPECT_GE(shop.clock.MonotonicNow() - began, absl::Seconds(15));
}

TEST_P(WalletTest, RefundsInPartsWithNumbersOfTheirOwn) {
  const PaymentAttempt paid = shop_.Pay("p1", 1'000);
  ASSERT_EQ(paid.state, State::kDone);
  const PaymentAttempt first = shop_.Carry(shop_.Refund("r1", "p1", 300));
  EXPECT_EQ(first.state, State::kDone) << first.detail;
  shop_.wallet.AddFault(Kind::kRefund, Fault::kPendingRefund);
  const PaymentAttempt second = shop_.Carry(shop_.Refund("r2", "p1", 700));
  EXPECT_EQ(second.state, State::kDone) << second.detail;
  EXPECT_NE(first.number, second.number);
  EXPECT_EQ(shop_.wallet.TakenBy(paid.number), 0);
  EXPECT_EQ(shop_.Begin(shop_.Refund("r3", "p1", 1)).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_P(WalletTest, ARefundIsOneHoweverOftenItIsAskedFor) {
  const PaymentAttempt paid = shop_.Pay("p1", 1'000);
  for (const Fault fault :
       {Fault::kLoseAnswer, Fault::kErrorDone, Fault::kTwice,
        Fault::kBadSignature, Fault::kOtherNumber, Fault::kLateCall}) {
    shop_.wallet.AddFault(Kind::kRefund, fault);
    shop_.wallet.AddFault(Kind::kQueryRefund, Fault::kLoseAnswer);
    const std::string id = absl::StrCat("r", static_cast<int>(fault));
    EXPECT_EQ(shop_.Carry(shop_.Refund(id, "p1", 100)).state, State::kDone);
  }
  shop_.Run(absl::Minutes(5));
  EXPECT_EQ(shop_.wallet.TakenBy(paid.number), 400);
}

TEST_P(WalletTest, ARefundWaitsForTheLineAcrossRestarts) {
  ASSERT_EQ(shop_.Pay("p1", 1'000).state, State::kDone);
  shop_.wallet.SetConnected(false);
  shop_.Run(absl::Minutes(5));
  ASSERT_THAT(shop_.Begin(shop_.Refund("r1", "p1", 400)), IsOk());
  shop_.Run(absl::Minutes(40));
  EXPECT_EQ(shop_.book->Find("r1")->state, State::kStarted);
  EXPECT_EQ(shop_.book->Find("r1")->why, PaymentWhy::kDark);
  shop_.Boot();
  shop_.Run(absl::Minutes(10));
  shop_.wallet.SetConnected(true);
  // Not the back-off but the line's return sets it going.
  shop_.Run(absl::Seconds(15));
  EXPECT_EQ(shop_.book->Find("r1")->state, State::kDone);
  EXPECT_EQ(shop_.wallet.taken_minor(), 600);
}

TEST_P(WalletTest, ALineLostInTheMiddleLeavesItPending) {
  shop_.wallet.AddFault(Kind::kPay, Fault::kLoseAnswer);
  ASSERT_THAT(shop_.Begin(shop_.Order("p1", 1'000)), IsOk());
  shop_.driver->Step(absl::ZeroDuration());
  shop_.wallet.SetConnected(false);
  shop_.Run(absl::Seconds(20));
  EXPECT_EQ(shop_.book->Find("p1")->why, PaymentWhy::kDark);
  EXPECT_EQ(shop_.book->MoneyOf("sale").paid_minor, 0);
  EXPECT_EQ(shop_.Begin(shop_.Order("p2", 100)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  shop_.wallet.SetConnected(true);
  EXPECT_EQ(shop_.Await("p1").state, State::kDone);
}

TEST_P(WalletTest, AShopThatIsNotKnownBeginsNothing) {
  WalletMerchant wrong = TestMerchant(GetParam());
  wrong.key = "another key";
  wrong.our_key = RsaKey::Generate();
  FakeClock clock;
  SeededRandom random(1);
  Process process;
  WalletWire wire(&shop_.wallet, &clock, &process);
  MemoryPaymentStore store;
  PaymentBook book({}, &store, &clock);
  WalletDriver driver(wrong, {}, &wire, &book, &clock, &random);
  driver.Step(absl::ZeroDuration());
  EXPECT_EQ(driver.Report().line, WalletReport::Line::kSetUpWrong);
  EXPECT_THAT(
      book.Begin(shop_.Order("p1", 5), {shop_.Code()}, &driver),
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("call a technician")));
}

TEST_P(WalletTest, AFullDiskPaysNothingOut) {
  ASSERT_THAT(shop_.Begin(shop_.Order("p1", 1'000)), IsOk());
  shop_.store.next_save = absl::ResourceExhaustedError("disk full");
  EXPECT_EQ(shop_.Await("p1").state, State::kDone);
}

// Killed before and after every save and every call, of a payment that goes
// well, one that is pending, and one that is undone.
class WalletKill
    : public ::testing::TestWithParam<std::tuple<PaymentMeans, Fault>> {};

TEST_P(WalletKill, TheSaleAndItsPaymentAgree) {
  const auto [means, fault] = GetParam();
  for (int where = 0; where < 4; ++where) {
    for (int n = 1; n <= 9; ++n) {
      WalletShop shop(means);
      shop.wallet.AddFault(Kind::kPay, fault);
      shop.store.die_before_save = where == 0 ? shop.store.saves + n : 0;
      shop.store.die_after_save = where == 1 ? shop.store.saves + n : 0;
      shop.wire.die_before_call = where == 2 ? shop.wire.calls + n : 0;
      shop.wire.die_after_call = where == 3 ? shop.wire.calls + n : 0;
      (void)shop.Pay("p1", 1'000);
      shop.Boot();
      const PaymentAttempt attempt = shop.Await("p1");
      shop.Run(absl::Minutes(5));
      SCOPED_TRACE(testing::Message() << "where " << where << " n " << n);
      if (attempt.id.empty()) {
        EXPECT_TRUE(shop.wallet.orders().empty());
        continue;
      }
      EXPECT_TRUE(IsFinal(attempt.state)) << static_cast<int>(attempt.state);
      EXPECT_EQ(shop.wallet.taken_minor(),
                attempt.state == State::kDone ? 1'000 : 0);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kills, WalletKill,
    ::testing::Combine(
        ::testing::Values(PaymentMeans::kWeChatPay, PaymentMeans::kAlipay),
        ::testing::Values(Fault::kNone, Fault::kPaying, Fault::kPayingNever,
                          Fault::kLateCall)),
    [](const auto& param) {
      return NameOf(std::get<0>(param.param)) +
             std::to_string(static_cast<int>(std::get<1>(param.param)));
    });

}  // namespace
}  // namespace branchline
