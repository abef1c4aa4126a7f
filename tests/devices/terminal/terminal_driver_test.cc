// What a till does at a card terminal.

#include "devices/terminal/terminal_driver.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/devices/terminal/terminal_world.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using Fault = TerminalEmulator::Fault;
using Phase = ZvtMachine::Phase;

TEST(TerminalDriverTest, TakesAPayment) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  EXPECT_EQ(shop.driver->Report().terminal_id, "12345678");
  const PaymentAttempt paid = shop.Pay("p1", 1'250);
  EXPECT_EQ(paid.state, PaymentState::kDone);
  EXPECT_EQ(paid.done_minor, 1'250);
  EXPECT_EQ(paid.receipt, 1);
  EXPECT_EQ(paid.card_name, "girocard");
  EXPECT_EQ(shop.terminal.taken_minor(), 1'250);
  shop.Run(20);
  EXPECT_THAT(shop.driver->Slip(), Contains("Kartenzahlung"));
  EXPECT_EQ(shop.Pay("p2", 700).state, PaymentState::kDone);
  EXPECT_EQ(shop.terminal.taken_minor(), 1'950);
}

TEST(TerminalDriverTest, WithoutALineNothingBeginsAndSaysWhatElse) {
  TerminalShop shop;
  shop.wire->is_cut = true;
  shop.Run(20);
  EXPECT_THAT(shop.Begin(shop.Order("p1", 100)),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("take cash")));
  EXPECT_TRUE(shop.store.attempts.empty());
  shop.wire->is_cut = false;
  ASSERT_TRUE(shop.Greet());
  EXPECT_EQ(shop.Pay("p1", 100).state, PaymentState::kDone);
}

TEST(TerminalDriverTest, OneAtATime) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  shop.terminal.AddFault(Fault::kLateStatus);
  ASSERT_THAT(shop.Begin(shop.Order("p1", 100)), IsOk());
  shop.Run(5);
  PaymentOrder other = shop.Order("p2", 100);
  other.sale_id = "another";
  EXPECT_THAT(shop.Begin(other), StatusIs(absl::StatusCode::kFailedPrecondition,
                                          HasSubstr("wait for it")));
  EXPECT_EQ(shop.driver->Run(TerminalTask::kDiagnosis).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(shop.Await("p1").state, PaymentState::kDone);
}

TEST(TerminalDriverTest, SomebodyElsesReceiptIsNotOurs) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  shop.terminal.AddFault(Fault::kDropAfterCommand);
  ASSERT_THAT(shop.Begin(shop.Order("p1", 1'000)), IsOk());
  shop.Step();
  shop.terminal.PayBeside(400);
  const PaymentAttempt attempt = shop.Await("p1");
  EXPECT_EQ(attempt.state, PaymentState::kOpen);
  EXPECT_EQ(attempt.why, PaymentWhy::kTerminalShowsOther);
  EXPECT_THAT(attempt.detail, HasSubstr("400 minor units"));
}

TEST(TerminalDriverTest, IsAskedAgainWhenAPersonWantsIt) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  shop.terminal.AddFault(Fault::kDropAfterAck);
  shop.terminal.AddAskFault(Fault::kForget);
  ASSERT_EQ(shop.Pay("p1", 1'000).state, PaymentState::kOpen);
  ASSERT_TRUE(shop.Greet());
  ASSERT_THAT(shop.driver->AskAgain(*shop.book->Find("p1")), IsOk());
  shop.Run(20);
  EXPECT_EQ(shop.book->Find("p1")->state, PaymentState::kDone);
}

TEST(TerminalDriverTest, TheCashierGivesUp) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  shop.terminal.AddFault(Fault::kLateStatus);
  ASSERT_THAT(shop.Begin(shop.Order("p1", 1'000)), IsOk());
  shop.Run(5);
  shop.driver->GiveUp("p1");
  const PaymentAttempt attempt = shop.Await("p1");
  EXPECT_EQ(attempt.state, PaymentState::kFailed);
  EXPECT_EQ(attempt.why, PaymentWhy::kAborted);
  EXPECT_EQ(shop.terminal.taken_minor(), 0);
}

TEST(TerminalDriverTest, ReversesAndRefunds) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  ASSERT_EQ(shop.Pay("p1", 1'000).state, PaymentState::kDone);
  PaymentOrder reversal = shop.Order("r1", 1'000);
  reversal.kind = PaymentKind::kReversal;
  reversal.original_id = "p1";
  EXPECT_EQ(shop.Carry(reversal).state, PaymentState::kDone);
  EXPECT_EQ(shop.terminal.taken_minor(), 0);
  EXPECT_EQ(shop.book->MoneyOf("sale").returned_minor, 1'000);

  ASSERT_EQ(shop.Pay("p2", 900).state, PaymentState::kDone);
  PaymentOrder refund = shop.Order("r2", 250);
  refund.kind = PaymentKind::kRefund;
  refund.original_id = "p2";
  EXPECT_EQ(shop.Carry(refund).state, PaymentState::kDone);
  EXPECT_EQ(shop.terminal.taken_minor(), 650);
}

TEST(TerminalDriverTest, AReversalWhoseAnswerWasLostIsFoundAgain) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  ASSERT_EQ(shop.Pay("p1", 1'000).state, PaymentState::kDone);
  shop.terminal.SetTakesBack(false);
  shop.terminal.AddFault(Fault::kDropBeforeStatus);
  PaymentOrder reversal = shop.Order("r1", 1'000);
  reversal.kind = PaymentKind::kReversal;
  reversal.original_id = "p1";
  EXPECT_EQ(shop.Carry(reversal).state, PaymentState::kDone);
  EXPECT_EQ(shop.terminal.taken_minor(), 0);
}

TEST(TerminalDriverTest, WhatWasReversedBeforeIsReversed) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  ASSERT_EQ(shop.Pay("p1", 1'000).state, PaymentState::kDone);
  shop.terminal.SetTakesBack(false);
  shop.terminal.AddFault(Fault::kDropBeforeStatus);
  shop.terminal.AddAskFault(Fault::kForget);
  PaymentOrder reversal = shop.Order("r1", 1'000);
  reversal.kind = PaymentKind::kReversal;
  reversal.original_id = "p1";
  ASSERT_EQ(shop.Carry(reversal).state, PaymentState::kOpen);
  ASSERT_THAT(shop.book->SettleByHand("r1", 0, "Ann", "no slip"), IsOk());
  ASSERT_TRUE(shop.Greet());
  reversal.id = "r2";
  const PaymentAttempt again = shop.Carry(reversal);
  EXPECT_EQ(again.state, PaymentState::kDone);
  EXPECT_EQ(again.why, PaymentWhy::kReversedAlready);
  EXPECT_EQ(shop.terminal.taken_minor(), 0);
}

TEST(TerminalDriverTest, EndsTheDayCallsItsHostAndPrintsAgain) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  ASSERT_EQ(shop.Pay("p1", 1'000).state, PaymentState::kDone);
  shop.Run(20);
  const auto run = [&shop](TerminalTask task) {
    EXPECT_THAT(shop.driver->Run(task), IsOk());
    shop.Run(40);
    return shop.driver->TakeTaskReport();
  };
  auto report = run(TerminalTask::kEndOfDay);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->status, IsOk());
  EXPECT_EQ(report->total_minor, 1'000);
  EXPECT_THAT(report->slip, Contains("End of day"));
  report = run(TerminalTask::kDiagnosis);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->status, IsOk());
  report = run(TerminalTask::kRepeatReceipt);
  ASSERT_TRUE(report.has_value());
  EXPECT_THAT(report->slip, Contains("Kopie"));
  EXPECT_FALSE(shop.driver->TakeTaskReport().has_value());
}

TEST(TerminalDriverTest, AFullDiskAcknowledgesNothing) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  ASSERT_THAT(shop.Begin(shop.Order("p1", 1'000)), IsOk());
  shop.store.next_save = absl::ResourceExhaustedError("disk full");
  const PaymentAttempt attempt = shop.Await("p1");
  // The terminal took it back, and says so.
  EXPECT_EQ(attempt.state, PaymentState::kReversed);
  EXPECT_EQ(shop.terminal.taken_minor(), 0);
}

TEST(TerminalDriverTest, ALostLineIsFoundAgainForEver) {
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  for (int i = 0; i < 5; ++i) {
    shop.wire->is_cut = true;
    shop.wire->Close();
    shop.Run(100);
    EXPECT_EQ(shop.driver->Report().phase, Phase::kDown);
    shop.wire->is_cut = false;
    ASSERT_TRUE(shop.Greet());
  }
  EXPECT_EQ(shop.Pay("p1", 100).state, PaymentState::kDone);
}

TEST(TerminalSettingsTest, AreChecked) {
  TerminalSettings settings;
  EXPECT_THAT(TerminalDriver::Check(settings), IsOk());
  settings.password = "12345";
  EXPECT_EQ(TerminalDriver::Check(settings).code(),
            absl::StatusCode::kInvalidArgument);
  settings.password = "12345a";
  EXPECT_EQ(TerminalDriver::Check(settings).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace branchline
