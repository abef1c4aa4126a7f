#include "devices/wallet/wallet_machine.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

constexpr absl::Duration kRetryMin = absl::Seconds(3);
// After an answer that said nothing: the wallets ask for some seconds.
constexpr absl::Duration kAskFirst = absl::Seconds(5);

// Why it stands still, as the till shows it.
PaymentWhy WhyOf(const WalletAnswer& answer) {
  return answer.word == WalletWord::kNotSent ? PaymentWhy::kDark : answer.why;
}

}  // namespace

WalletPatience PatienceOf(PaymentMeans means) {
  WalletPatience patience;
  if (means == PaymentMeans::kAlipay) {
    patience.give_up_after = absl::Seconds(60);
    patience.reverse_not_before = absl::ZeroDuration();
  }
  return patience;
}

WalletMachine::WalletMachine(WalletPatience patience,
                             std::vector<PaymentAttempt> unsettled,
                             absl::Duration now)
    : patience_(patience) {
  for (PaymentAttempt& attempt : unsettled) {
    Flow flow;
    flow.sent_at = now;
    flow.due = now;
    if (attempt.kind != PaymentKind::kPayment) {
      flow.step = Step::kAskRefund;
    } else if (attempt.state == PaymentState::kReversing) {
      flow.step = Step::kReverse;
      flow.due = now + patience_.reverse_not_before;
    }
    std::string id = attempt.id;
    flow.attempt = std::move(attempt);
    flows_.emplace(std::move(id), std::move(flow));
  }
}

void WalletMachine::Start(const PaymentAttempt& attempt, std::string code,
                          absl::Duration now) {
  Flow flow;
  flow.attempt = attempt;
  flow.step =
      attempt.kind == PaymentKind::kPayment ? Step::kPay : Step::kRefund;
  flow.code = std::move(code);
  flow.due = now;
  flow.sent_at = now;
  flows_.insert_or_assign(attempt.id, std::move(flow));
}

void WalletMachine::GiveUp(absl::string_view id, absl::Duration now) {
  const auto found = flows_.find(id);
  if (found == flows_.end()) return;
  Flow& flow = found->second;
  flow.give_up = true;
  if (flow.step == Step::kAsk) flow.due = std::min(flow.due, now);
}

void WalletMachine::OnLine(absl::Duration now) {
  for (auto& [id, flow] : flows_) {
    flow.retry = absl::ZeroDuration();
    const bool too_soon = flow.step == Step::kReverse &&
                          now < flow.sent_at + patience_.reverse_not_before;
    if (!too_soon) flow.due = std::min(flow.due, now);
  }
}

WalletCallKind WalletMachine::CallOf(Step step) {
  switch (step) {
    case Step::kPay:
      return WalletCallKind::kPay;
    case Step::kAsk:
    case Step::kAskRefused:
    case Step::kAskReversed:
      return WalletCallKind::kQuery;
    case Step::kReverse:
      return WalletCallKind::kReverse;
    case Step::kRefund:
      return WalletCallKind::kRefund;
    case Step::kAskRefund:
      return WalletCallKind::kQueryRefund;
  }
  return WalletCallKind::kQuery;
}

WalletMachine::Action WalletMachine::Poll(absl::Duration now) {
  Action action;
  for (auto& [id, flow] : flows_) {
    if (flow.is_out) continue;
    if (now < flow.due) {
      action.wake_at = std::min(action.wake_at, flow.due);
      continue;
    }
    flow.is_out = true;
    if (flow.saving.has_value()) {
      action.kind = ActionKind::kSave;
      action.attempt = *flow.saving;
      return action;
    }
    action.kind = ActionKind::kCall;
    action.attempt = flow.attempt;
    action.call = CallOf(flow.step);
    if (flow.step == Step::kPay) {
      // Once in this life of the attempt, whatever comes of it.
      action.code = std::exchange(flow.code, std::string());
      flow.sent_at = now;
    }
    return action;
  }
  return action;
}

void WalletMachine::OnSaved(absl::string_view id, const absl::Status& status,
                            absl::Duration now) {
  const auto found = flows_.find(id);
  BL_CHECK(found != flows_.end(), "only what goes on is saved");
  Flow& flow = found->second;
  BL_CHECK(flow.is_out && flow.saving.has_value(), "a save was handed out");
  flow.is_out = false;
  if (absl::IsAborted(status)) {
    flows_.erase(found);
    return;
  }
  if (!status.ok()) {
    flow.due = now + kSaveRetry;
    return;
  }
  flow.attempt = *std::exchange(flow.saving, std::nullopt);
  if (IsFinal(flow.attempt.state) ||
      flow.attempt.state == PaymentState::kOpen) {
    flows_.erase(found);
    return;
  }
  GoTo(&flow, flow.next, flow.next_due);
}

void WalletMachine::GoTo(Flow* flow, Step step, absl::Duration due) {
  if (flow->step != step) flow->retry = absl::ZeroDuration();
  flow->step = step;
  flow->due = due;
}

void WalletMachine::Again(Flow* flow, absl::Duration now) {
  flow->retry = std::clamp(flow->retry * 2, kRetryMin, kRetryMax);
  flow->due = now + flow->retry;
}

void WalletMachine::Save(Flow* flow, PaymentState state, PaymentWhy why,
                         const WalletAnswer& answer, Step next,
                         absl::Duration due) {
  PaymentAttempt attempt = flow->attempt;
  attempt.state = state;
  attempt.why = why;
  if (!answer.detail.empty()) {
    attempt.detail = answer.detail.substr(0, kPaymentTextSizeMax);
  }
  if (!answer.trade_no.empty()) attempt.trade_no = answer.trade_no;
  if (state == PaymentState::kDone || state == PaymentState::kOpen) {
    attempt.done_minor = answer.amount_minor;
  }
  flow->saving = std::move(attempt);
  flow->next = next;
  flow->next_due = due;
  flow->due = -absl::InfiniteDuration();  // at once
}

void WalletMachine::BeginReversing(Flow* flow, PaymentWhy why,
                                   const WalletAnswer& answer,
                                   absl::Duration now) {
  Save(flow, PaymentState::kReversing, why, answer, Step::kReverse,
       std::max(now, flow->sent_at + patience_.reverse_not_before));
}

void WalletMachine::Paid(Flow* flow, const WalletAnswer& answer,
                         absl::Duration now) {
  const bool fits = answer.amount_minor == flow->attempt.amount_minor;
  Save(flow, fits ? PaymentState::kDone : PaymentState::kOpen,
       fits ? PaymentWhy::kNone : PaymentWhy::kAmountDiffers, answer,
       Step::kAsk, now);
}

void WalletMachine::OnAnswer(absl::string_view id, WalletCallKind call,
                             const WalletAnswer& answer, absl::Duration now) {
  const auto found = flows_.find(id);
  BL_CHECK(found != flows_.end(), "only what goes on is answered");
  Flow* const flow = &found->second;
  BL_CHECK(flow->is_out && CallOf(flow->step) == call, "it was asked");
  flow->is_out = false;
  switch (flow->step) {
    case Step::kPay:
      return OnPay(flow, answer, now);
    case Step::kAsk:
      return OnAsk(flow, answer, now);
    case Step::kAskRefused:
      return OnAskRefused(flow, answer, now);
    case Step::kReverse:
      return OnReverse(flow, answer, now);
    case Step::kAskReversed:
      return OnAskReversed(flow, answer, now);
    case Step::kRefund:
      return OnRefund(flow, answer, now);
    case Step::kAskRefund:
      return OnAskRefund(flow, answer, now);
  }
}

void WalletMachine::OnPay(Flow* flow, const WalletAnswer& answer,
                          absl::Duration now) {
  switch (answer.word) {
    case WalletWord::kPaid:
      return Paid(flow, answer, now);
    case WalletWord::kNotSent:
      return Save(flow, PaymentState::kFailed, PaymentWhy::kNotSent, answer,
                  Step::kAsk, now);
    case WalletWord::kRefused:
      flow->refused_why = answer.why;
      flow->refused_detail = answer.detail;
      return GoTo(flow, Step::kAskRefused, now);
    default:
      return Save(
          flow, PaymentState::kStarted, answer.why, answer, Step::kAsk,
          now + (answer.word == WalletWord::kPaying ? patience_.ask_every
                                                    : kAskFirst));
  }
}

void WalletMachine::OnAsk(Flow* flow, const WalletAnswer& answer,
                          absl::Duration now) {
  if (answer.word == WalletWord::kPaid) return Paid(flow, answer, now);
  if (answer.word == WalletWord::kClosed) {
    return Save(flow, PaymentState::kReversing, PaymentWhy::kTimeUp, answer,
                Step::kAskReversed, now);
  }
  if (flow->give_up) {
    return BeginReversing(flow, PaymentWhy::kGivenUp, answer, now);
  }
  if (now >= flow->sent_at + patience_.give_up_after) {
    return BeginReversing(flow, PaymentWhy::kTimeUp, answer, now);
  }
  const absl::Duration due = now + patience_.ask_every;
  if (WhyOf(answer) != flow->attempt.why) {
    return Save(flow, PaymentState::kStarted, WhyOf(answer), answer, Step::kAsk,
                due);
  }
  GoTo(flow, Step::kAsk, due);
}

void WalletMachine::OnAskRefused(Flow* flow, const WalletAnswer& answer,
                                 absl::Duration now) {
  switch (answer.word) {
    case WalletWord::kNoOrder:
    case WalletWord::kNotPaid:
    case WalletWord::kClosed: {
      WalletAnswer refusal;
      refusal.detail = flow->refused_detail;
      return Save(flow, PaymentState::kFailed, flow->refused_why, refusal,
                  Step::kAsk, now);
    }
    case WalletWord::kPaid:
    case WalletWord::kPaying:
      return OnAsk(flow, answer, now);
    default:
      if (flow->give_up || now >= flow->sent_at + patience_.give_up_after) {
        return BeginReversing(flow, flow->refused_why, answer, now);
      }
      return Again(flow, now);
  }
}

void WalletMachine::OnReverse(Flow* flow, const WalletAnswer& answer,
                              absl::Duration now) {
  // Whatever it says, it is asked whether it is so.
  if (answer.word == WalletWord::kReversed ||
      answer.word == WalletWord::kClosed ||
      answer.word == WalletWord::kNoOrder) {
    flow->step = Step::kAskReversed;  // and the back-off goes on
    flow->due = now;
    return;
  }
  Again(flow, now);
}

void WalletMachine::OnAskReversed(Flow* flow, const WalletAnswer& answer,
                                  absl::Duration now) {
  const bool is_gone =
      answer.word == WalletWord::kNoOrder && now >= flow->sent_at + kLatePayMax;
  if (answer.word == WalletWord::kClosed || is_gone) {
    return Save(flow, PaymentState::kReversed, flow->attempt.why, answer,
                Step::kAsk, now);
  }
  flow->step = Step::kReverse;
  Again(flow, now);
}

void WalletMachine::OnRefund(Flow* flow, const WalletAnswer& answer,
                             absl::Duration now) {
  if (answer.word == WalletWord::kRefused) {
    flow->refused_why = answer.why;
    flow->refused_detail = answer.detail;
    return GoTo(flow, Step::kAskRefund, now);
  }
  if (answer.word == WalletWord::kRefundPending ||
      answer.word == WalletWord::kRefunded) {
    flow->refused_why = PaymentWhy::kNone;
    flow->step = Step::kAskRefund;
    flow->due = now;
    return;
  }
  Again(flow, now);
  if (WhyOf(answer) != flow->attempt.why) {
    Save(flow, PaymentState::kStarted, WhyOf(answer), answer, Step::kRefund,
         flow->due);
  }
}

void WalletMachine::OnAskRefund(Flow* flow, const WalletAnswer& answer,
                                absl::Duration now) {
  if (answer.word == WalletWord::kRefunded) {
    const bool fits = answer.amount_minor == flow->attempt.amount_minor;
    return Save(flow, fits ? PaymentState::kDone : PaymentState::kOpen,
                fits ? PaymentWhy::kNone : PaymentWhy::kAmountDiffers, answer,
                Step::kAskRefund, now);
  }
  if (answer.word == WalletWord::kNoRefund) {
    if (flow->refused_why != PaymentWhy::kNone) {
      WalletAnswer refusal;
      refusal.detail = flow->refused_detail;
      return Save(flow, PaymentState::kFailed, flow->refused_why, refusal,
                  Step::kAskRefund, now);
    }
    // Under the same number it is one refund, however often it is asked for.
    flow->step = Step::kRefund;
  }
  Again(flow, now);
  // The first time it may not have been asked for at all.
  if (answer.word == WalletWord::kNoRefund && flow->retry == kRetryMin) {
    flow->due = now;
  }
}

}  // namespace branchline
