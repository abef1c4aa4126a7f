#include "devices/terminal/terminal_match.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace branchline {
namespace {

const absl::Time kBegan = absl::FromCivil(
    absl::CivilSecond(2026, 1, 1, 0, 2, 0), absl::UTCTimeZone());

PaymentAttempt Begun() {
  PaymentAttempt attempt;
  attempt.id = "p";
  attempt.sale_id = "s";
  attempt.amount_minor = 1'000;
  attempt.currency = "EUR";
  attempt.started_at = kBegan;
  attempt.terminal_id = "12345678";
  attempt.earlier_receipt = 16;
  attempt.earlier_trace = 116;
  return attempt;
}

ZvtStatus Said() {
  ZvtStatus said;
  said.result = 0;
  said.amount_minor = 1'000;
  said.currency = "978";
  said.trace = 117;
  said.receipt = 17;
  said.terminal_id = "12345678";
  said.date_mmdd = 101;
  said.time_hhmmss = 230;
  return said;
}

struct MatchCase {
  const char* name;
  std::function<void(PaymentAttempt*, ZvtStatus*)> change;
  PaymentState state;
  PaymentWhy why;
};

class TerminalMatch : public ::testing::TestWithParam<MatchCase> {};

TEST_P(TerminalMatch, SettlesOnlyWhatFits) {
  PaymentAttempt attempt = Begun();
  ZvtStatus said = Said();
  GetParam().change(&attempt, &said);
  const PaymentAttempt settled =
      SettledByReceipt(attempt, said, 978, absl::UTCTimeZone());
  EXPECT_EQ(settled.state, GetParam().state) << settled.detail;
  EXPECT_EQ(settled.why, GetParam().why) << settled.detail;
}

using A = PaymentAttempt;
using S = ZvtStatus;

using State = PaymentState;
using Why = PaymentWhy;

std::vector<MatchCase> Rules() {
  return {{"Fits", [](A*, S*) {}, State::kDone, Why::kNone},
          {"Declined", [](A*, S* s) { s->result = 5; }, State::kOpen,
           Why::kTerminalForgot},
          {"OtherTerminal", [](A*, S* s) { s->terminal_id = "87654321"; },
           State::kOpen, Why::kTerminalShowsOther},
          {"OtherAmount", [](A*, S* s) { s->amount_minor = 999; }, State::kOpen,
           Why::kTerminalShowsOther},
          {"NoAmount", [](A*, S* s) { s->amount_minor.reset(); }, State::kOpen,
           Why::kTerminalShowsOther},
          {"OtherCurrency", [](A*, S* s) { s->currency = "840"; }, State::kOpen,
           Why::kTerminalShowsOther},
          {"Earlier",
           [](A*, S* s) {
             s->receipt = 16;
             s->trace = 116;
           },
           State::kOpen, Why::kTerminalShowsEarlier},
          {"NoReceiptNumber", [](A*, S* s) { s->receipt.reset(); },
           State::kOpen, Why::kTerminalShowsOther},
          {"HoursAgo",
           [](A*, S* s) {
             s->date_mmdd = 1231;
             s->time_hhmmss = 200'000;
           },
           State::kOpen, Why::kTerminalShowsOther},
          // Its clock is four minutes
          // slow, and it is New Year.
          {"OverNewYear",
           [](A*, S* s) {
             s->date_mmdd = 1231;
             s->time_hhmmss = 235'800;
           },
           State::kDone, Why::kNone},
          {"NoTime", [](A*, S* s) { s->time_hhmmss.reset(); }, State::kDone,
           Why::kNone},
          {"NoEarlier",
           [](A* a, S*) {
             a->earlier_receipt.reset();
             a->earlier_trace.reset();
           },
           State::kOpen, Why::kTerminalShowsOther},
          // Found by the simulation, seed 17: the receipt of the payment before
          // the last one, of the same amount.
          {"OlderThanTheEarlier", [](A*, S* s) { s->trace = 115; },
           State::kOpen, Why::kTerminalShowsOther},
          {"TookItBack",
           [](A*, S* s) {
             s->trace = 118;
             s->receipt = 18;
             s->original_trace = 117;
           },
           State::kReversed, Why::kUndoneByTerminal},
          {"TookAnEarlierOneBack", [](A*, S* s) { s->original_trace = 116; },
           State::kOpen, Why::kTerminalShowsOther},
          {"NotedAndShown",
           [](A* a, S*) {
             a->state = State::kApproved;
             a->receipt = 17;
             a->trace = 117;
             a->done_minor = 1'000;
           },
           State::kDone, Why::kNone},
          {"NotedWithAnotherAmount",
           [](A* a, S* s) {
             a->state = State::kApproved;
             a->receipt = 17;
             a->trace = 117;
             a->done_minor = 1'000;
             s->amount_minor = 900;
           },
           State::kOpen, Why::kTerminalShowsOther},
          {"NotedAndAnotherShown",
           [](A* a, S*) {
             a->state = State::kApproved;
             a->receipt = 15;
             a->trace = 115;
             a->done_minor = 1'000;
           },
           State::kOpen, Why::kTerminalShowsOther},
          {"NotedAndTakenBack",
           [](A* a, S* s) {
             a->state = State::kApproved;
             a->receipt = 16;
             a->trace = 116;
             a->done_minor = 1'000;
             s->original_trace = 116;
           },
           State::kReversed, Why::kUndoneByTerminal},
          {"ReversalFits",
           [](A* a, S* s) {
             a->kind = PaymentKind::kReversal;
             a->original_trace = 110;
             s->original_trace = 110;
           },
           State::kDone, Why::kNone},
          {"ReversalOfAnother",
           [](A* a, S* s) {
             a->kind = PaymentKind::kReversal;
             a->original_trace = 110;
             s->original_trace = 111;
           },
           State::kOpen, Why::kTerminalShowsOther}};
}

INSTANTIATE_TEST_SUITE_P(Rules, TerminalMatch, ::testing::ValuesIn(Rules()),
                         [](const auto& param) {
                           return std::string(param.param.name);
                         });

TEST(TerminalMatchTest, NoReceiptLeavesItOpen) {
  const PaymentAttempt settled =
      SettledByReceipt(Begun(), std::nullopt, 978, absl::UTCTimeZone());
  EXPECT_EQ(settled.state, PaymentState::kOpen);
  EXPECT_EQ(settled.why, PaymentWhy::kTerminalForgot);
}

}  // namespace
}  // namespace branchline
