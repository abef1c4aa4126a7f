#include "devices/wallet/wallet_driver.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/payment/payment_words.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/identity/sha256.h"

namespace branchline {

WalletDriver::WalletDriver(WalletMerchant merchant,
                           std::vector<PaymentAttempt> unsettled,
                           WalletGateway* gateway, PaymentStore* store,
                           Clock* clock, Random* random)
    : merchant_(merchant),
      codec_(MakeWalletCodec(std::move(merchant))),
      gateway_(gateway),
      store_(store),
      clock_(clock),
      random_(random),
      machine_(PatienceOf(merchant_.means), std::move(unsettled),
               clock->MonotonicNow()) {}

absl::Status WalletDriver::Prepare(const PaymentInput& input,
                                   PaymentAttempt* attempt) {
  const std::string what =
      absl::StrCat("begin ", attempt->id, " by ", ToText(merchant_.means));
  if (attempt->means != merchant_.means ||
      attempt->currency != merchant_.currency) {
    return absl::InvalidArgumentError(absl::StrCat(
        what, ": it is for another wallet, or not in ", merchant_.currency));
  }
  if (attempt->kind == PaymentKind::kReversal) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": give the money back as a refund"));
  }
  attempt->number = WalletNumber(attempt->device, attempt->id);
  if (attempt->kind == PaymentKind::kRefund) return absl::OkStatus();
  const absl::StatusOr<PaymentMeans> wallet = WalletOfCode(input.code);
  if (!wallet.ok()) return Annotate(wallet.status(), what);
  if (*wallet != merchant_.means) {
    return absl::InvalidArgumentError(absl::StrCat(
        what, ": the code is of ", ToText(*wallet), "; choose that"));
  }
  absl::MutexLock lock(&mutex_);
  if (report_.line == WalletReport::Line::kSetUpWrong) {
    return absl::UnavailableError(absl::StrCat(
        what, ": the wallet refuses this shop (", report_.last_trouble,
        "). Take cash or a card, and call a technician"));
  }
  if (report_.line != WalletReport::Line::kUp) {
    return absl::UnavailableError(absl::StrCat(
        what,
        ": there is no line to it. Nothing was asked of the customer. "
        "Take cash or a card, or try again when the line is back"));
  }
  attempt->code_hash = Hex(Sha256(input.code)).substr(0, 32);
  return absl::OkStatus();
}

void WalletDriver::Start(const PaymentAttempt& attempt,
                         const PaymentInput& input) {
  absl::MutexLock lock(&mutex_);
  machine_.Start(attempt, input.code, clock_->MonotonicNow());
  work_came_.Signal();
}

void WalletDriver::GiveUp(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  machine_.GiveUp(id, clock_->MonotonicNow());
  work_came_.Signal();
}

WalletAnswer WalletDriver::Call(const PaymentAttempt& attempt,
                                WalletCallKind kind, std::string code) {
  WalletCall call;
  call.kind = kind;
  call.attempt = attempt;
  call.code = std::move(code);
  call.nonce = Hex(random_->Bytes(16));
  call.wall_now = clock_->WallNow();
  const absl::StatusOr<std::string> body = gateway_->Post(codec_->Encode(call));
  if (body.ok()) return codec_->Decode(call, *body);
  WalletAnswer answer;
  answer.word = absl::IsUnavailable(body.status()) ? WalletWord::kNotSent
                                                   : WalletWord::kUnknown;
  answer.detail = std::string(body.status().message());
  return answer;
}

void WalletDriver::NoteLine(const WalletAnswer& answer) {
  absl::MutexLock lock(&mutex_);
  const bool was_up = report_.line == WalletReport::Line::kUp;
  if (answer.word == WalletWord::kNotSent) {
    report_.line = WalletReport::Line::kDark;
  } else if (answer.word == WalletWord::kUnknown &&
             answer.why == PaymentWhy::kSetUpWrong) {
    report_.line = WalletReport::Line::kSetUpWrong;
  } else if (answer.word != WalletWord::kUnknown) {
    report_.line = WalletReport::Line::kUp;
  }
  const bool is_up = report_.line == WalletReport::Line::kUp;
  report_.last_trouble = is_up ? "" : answer.detail;
  const absl::Duration now = clock_->MonotonicNow();
  probe_at_ = now + (is_up ? kProbeWhenUp : kProbeWhenDark);
  if (is_up && !was_up) machine_.OnLine(now);
}

void WalletDriver::Probe() {
  {
    absl::MutexLock lock(&mutex_);
    // Others need not do the same meanwhile.
    probe_at_ = clock_->MonotonicNow() + kProbeWhenUp;
  }
  PaymentAttempt nothing;
  nothing.number = WalletNumber("probe", "probe");
  NoteLine(Call(nothing, WalletCallKind::kProbe, ""));
}

void WalletDriver::Step(absl::Duration wait_max) {
  WalletMachine::Action action;
  bool probe = false;
  {
    absl::MutexLock lock(&mutex_);
    const absl::Duration now = clock_->MonotonicNow();
    action = machine_.Poll(now);
    probe = action.kind == WalletMachine::ActionKind::kNone && now >= probe_at_;
    if (action.kind == WalletMachine::ActionKind::kNone && !probe) {
      const absl::Duration wait =
          std::min(std::min(action.wake_at, probe_at_) - now, wait_max);
      if (wait > absl::ZeroDuration()) {
        work_came_.WaitWithTimeout(&mutex_, wait);
      }
      return;
    }
  }
  if (probe) return Probe();
  if (action.kind == WalletMachine::ActionKind::kSave) {
    const absl::Status saved = store_->Save(action.attempt);
    absl::MutexLock lock(&mutex_);
    return machine_.OnSaved(action.attempt.id, saved, clock_->MonotonicNow());
  }
  const WalletAnswer answer =
      Call(action.attempt, action.call, std::move(action.code));
  NoteLine(answer);
  absl::MutexLock lock(&mutex_);
  machine_.OnAnswer(action.attempt.id, action.call, answer,
                    clock_->MonotonicNow());
}

WalletReport WalletDriver::Report() const {
  absl::MutexLock lock(&mutex_);
  WalletReport report = report_;
  report.unsettled = machine_.unsettled_count();
  return report;
}

}  // namespace branchline
