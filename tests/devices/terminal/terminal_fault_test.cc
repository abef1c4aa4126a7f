// A terminal that misbehaves in every way that it knows, and a till that is
// killed at every step.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/devices/terminal/terminal_world.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using Fault = TerminalEmulator::Fault;

struct FaultCase {
  const char* name;
  std::vector<Fault> faults;
  std::vector<Fault> ask_faults;
  bool takes_back;
  PaymentState state;
  PaymentWhy why;
  int64_t done_minor;
  int64_t taken_minor;  // what the customer's card really lost, of 1000
};

class TerminalFault : public ::testing::TestWithParam<FaultCase> {};

TEST_P(TerminalFault, EndsAsItMust) {
  const FaultCase& row = GetParam();
  TerminalShop shop;
  ASSERT_TRUE(shop.Greet());
  ASSERT_EQ(shop.Pay("p0", 300).state, PaymentState::kDone);
  shop.terminal.SetTakesBack(row.takes_back);
  for (const Fault fault : row.faults) shop.terminal.AddFault(fault);
  for (const Fault fault : row.ask_faults) shop.terminal.AddAskFault(fault);
  const PaymentAttempt attempt = shop.Pay("p1", 1'000);
  EXPECT_EQ(attempt.state, row.state) << attempt.detail;
  EXPECT_EQ(attempt.why, row.why) << attempt.detail;
  if (row.state == PaymentState::kDone) {
    EXPECT_EQ(attempt.done_minor, row.done_minor);
  }
  EXPECT_EQ(shop.terminal.taken_minor() - 300, row.taken_minor);
  // And the next one goes, if a person has settled this one.
  if (attempt.state == PaymentState::kOpen) {
    EXPECT_FALSE(attempt.detail.empty());
    EXPECT_EQ(shop.Begin(shop.Order("p2", 500)).status().code(),
              absl::StatusCode::kFailedPrecondition);
    ASSERT_THAT(shop.book->SettleByHand("p1", row.taken_minor, "Ann", "slip"),
                IsOk());
  }
  ASSERT_TRUE(shop.Greet());
  EXPECT_EQ(shop.Pay("p2", 500).state, PaymentState::kDone);
}

INSTANTIATE_TEST_SUITE_P(
    Faults, TerminalFault,
    ::testing::ValuesIn(std::vector<FaultCase>{
        {"Decline",
         {Fault::kDecline},
         {},
         true,
         PaymentState::kFailed,
         PaymentWhy::kDeclined,
         0,
         0},
        {"Abort",
         {Fault::kAbort},
         {},
         true,
         PaymentState::kFailed,
         PaymentWhy::kAborted,
         0,
         0},
        {"Refuse",
         {Fault::kRefuse},
         {},
         true,
         PaymentState::kFailed,
         PaymentWhy::kRefused,
         0,
         0},
        {"Busy",
         {Fault::kBusy},
         {},
         true,
         PaymentState::kFailed,
         PaymentWhy::kBusy,
         0,
         0},
        {"Late",
         {Fault::kLateStatus},
         {},
         true,
         PaymentState::kDone,
         PaymentWhy::kNone,
         1'000,
         1'000},
        {"Twice",
         {Fault::kStatusTwice},
         {},
         true,
         PaymentState::kDone,
         PaymentWhy::kNone,
         1'000,
         1'000},
        {"Partial",
         {Fault::kPartial},
         {},
         true,
         PaymentState::kDone,
         PaymentWhy::kNone,
         500,
         500},
        {"Tip",
         {Fault::kTip},
         {},
         true,
         PaymentState::kOpen,
         PaymentWhy::kAmountDiffers,
         0,
         1'100},
        {"OtherCurrency",
         {Fault::kOtherCurrency},
         {},
         true,
         PaymentState::kOpen,
         PaymentWhy::kCurrencyDiffers,
         0,
         1'000},
        // "Completed" without a word on the money proves nothing.
        {"NoStatus",
         {Fault::kNoStatus},
         {},
         true,
         PaymentState::kOpen,
         PaymentWhy::kTerminalShowsEarlier,
         0,
         0},
        {"DropAfterCommand",
         {Fault::kDropAfterCommand},
         {},
         true,
         PaymentState::kOpen,
         PaymentWhy::kTerminalShowsEarlier,
         0,
         0},
        {"DropBeforeStatus",
         {Fault::kDropBeforeStatus},
         {},
         true,
         PaymentState::kReversed,
         PaymentWhy::kUndoneByTerminal,
         0,
         0},
        {"DropBeforeStatusKept",
         {Fault::kDropBeforeStatus},
         {},
         false,
         PaymentState::kDone,
         PaymentWhy::kNone,
         1'000,
         1'000},
        {"DropAfterStatus",
         {Fault::kDropAfterStatus},
         {},
         true,
         PaymentState::kReversed,
         PaymentWhy::kUndoneByTerminal,
         0,
         0},
        {"DropAfterStatusKept",
         {Fault::kDropAfterStatus},
         {},
         false,
         PaymentState::kDone,
         PaymentWhy::kNone,
         1'000,
         1'000},
        {"DropAfterAck",
         {Fault::kDropAfterAck},
         {},
         true,
         PaymentState::kDone,
         PaymentWhy::kNone,
         1'000,
         1'000},
        {"DeafToAck",
         {Fault::kDeafToAck},
         {},
         true,
         PaymentState::kReversed,
         PaymentWhy::kUndoneByTerminal,
         0,
         0},
        {"AbortAfterAck",
         {Fault::kAbortAfterAck},
         {},
         true,
         PaymentState::kDone,
         PaymentWhy::kNone,
         1'000,
         1'000},
        {"Garbled",
         {Fault::kGarbled},
         {},
         true,
         PaymentState::kReversed,
         PaymentWhy::kUndoneByTerminal,
         0,
         0},
        {"Silent",
         {Fault::kSilent},
         {},
         true,
         PaymentState::kOpen,
         PaymentWhy::kTerminalShowsEarlier,
         0,
         0},
        {"LostAndForgotten",
         {Fault::kDropBeforeStatus},
         {Fault::kForget},
         false,
         PaymentState::kOpen,
         PaymentWhy::kTerminalForgot,
         0,
         1'000},
        {"AckedAndForgotten",
         {Fault::kDropAfterAck},
         {Fault::kForget},
         true,
         PaymentState::kOpen,
         PaymentWhy::kTerminalForgot,
         0,
         1'000},
        {"LostAndShowsEarlier",
         {Fault::kDropBeforeStatus},
         {Fault::kShowEarlier},
         false,
         PaymentState::kOpen,
         PaymentWhy::kTerminalShowsEarlier,
         0,
         1'000},
        {"AckedAndShowsEarlier",
         {Fault::kDropAfterAck},
         {Fault::kShowEarlier},
         true,
         PaymentState::kOpen,
         PaymentWhy::kTerminalShowsOther,
         0,
         1'000},
        {"LostThenBusy",
         {Fault::kDropAfterAck},
         {Fault::kBusy, Fault::kBusy},
         true,
         PaymentState::kDone,
         PaymentWhy::kNone,
         1'000,
         1'000},
    }),
    [](const auto& param) { return std::string(param.param.name); });

// The till is killed before and after every save, and in and after every write,
// of a payment; with a terminal that keeps to the protocol and one that keeps
// the money.
class TerminalKill : public ::testing::TestWithParam<bool> {};

TEST_P(TerminalKill, ASaleAndItsPaymentAgreeOrAPersonIsAsked) {
  int open = 0;
  int done = 0;
  int undone = 0;
  for (int where = 0; where < 4; ++where) {
    for (int n = 1; n <= 8; ++n) {
      TerminalShop shop;
      shop.terminal.SetTakesBack(GetParam());
      ASSERT_TRUE(shop.Greet());
      ASSERT_EQ(shop.Pay("p0", 300).state, PaymentState::kDone);
      shop.Run(20);
      shop.store.die_before_save = where == 0 ? shop.store.saves + n : 0;
      shop.store.die_after_save = where == 1 ? shop.store.saves + n : 0;
      shop.wire->die_in_write = where == 2 ? shop.wire->writes + n : 0;
      shop.wire->die_after_write = where == 3 ? shop.wire->writes + n : 0;
      (void)shop.Pay("p1", 1'000);
      shop.Run(50);
      shop.Boot();
      shop.Run(50);
      const PaymentAttempt attempt = shop.Await("p1");
      const int64_t taken = shop.terminal.taken_minor() - 300;
      SCOPED_TRACE(testing::Message()
                   << "where " << where << " n " << n << ": "
                   << static_cast<int>(attempt.state) << " taken " << taken);
      switch (attempt.state) {
        case PaymentState::kDone:
          ++done;
          EXPECT_EQ(taken, attempt.done_minor);
          break;
        case PaymentState::kFailed:
        case PaymentState::kReversed:
          ++undone;
          EXPECT_EQ(taken, 0);
          break;
        case PaymentState::kOpen:
          ++open;
          break;
        default:
          // Died before the attempt was on disk: nothing was sent.
          EXPECT_TRUE(attempt.id.empty());
          EXPECT_EQ(taken, 0);
      }
    }
  }
  EXPECT_GT(done, 0);
  EXPECT_GT(open, 0);
  if (GetParam()) {
    EXPECT_GT(undone, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Terminals, TerminalKill, ::testing::Bool(),
                         [](const auto& param) {
                           return param.param ? "TakesBack" : "KeepsMoney";
                         });

}  // namespace
}  // namespace branchline
