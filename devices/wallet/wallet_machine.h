#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/payment/payment_attempt.h"
#include "devices/wallet/wallet_codec.h"

namespace branchline {

// How patient a wallet is to be asked.
struct WalletPatience {
  absl::Duration ask_every = absl::Seconds(3);
  absl::Duration give_up_after = absl::Seconds(45);  // then it is undone
  // An undoing that comes sooner after the payment is refused.
  absl::Duration reverse_not_before = absl::Seconds(15);
};
WalletPatience PatienceOf(PaymentMeans means);

// What becomes of attempts at one wallet, as a state machine: no line, no disk,
// no clock. The driver reports what happened with On...() and does what Poll()
// says; actions of different attempts may be under way at the same time.
//
// The rules: the pay call is made once, right after the attempt is on disk, and
// never again. What is not known is queried. When time is up, or the cashier
// gives up, "reversing" is put on disk, and from then on the attempt is undone
// until the wallet proves it, for ever, across restarts; it can no longer
// become paid. A refund is asked for under its own number until it is proven
// done or refused. After a restart everything is asked first.
//
// Times are monotonic. Not thread-safe.
class WalletMachine {
 public:
  static constexpr absl::Duration kRetryMax = absl::Minutes(5);
  static constexpr absl::Duration kSaveRetry = absl::Seconds(2);
  // A pay call that was on its way may come in as late as this: until then "no
  // such order" proves nothing.
  static constexpr absl::Duration kLatePayMax = absl::Minutes(2);

  enum class ActionKind {
    kNone,  // nothing until `wake_at`, or until something happens
    kSave,  // save `attempt`, then OnSaved()
    kCall,  // make `call` with `attempt`, then OnAnswer()
  };
  struct Action {
    ActionKind kind = ActionKind::kNone;
    absl::Duration wake_at = absl::InfiniteDuration();
    PaymentAttempt attempt;
    WalletCallKind call = WalletCallKind::kQuery;
    std::string code;  // kPay
  };

  // `unsettled`: what the store has for this wallet in kStarted or kReversing;
  // `now` counts as the time at which they were sent.
  WalletMachine(WalletPatience patience, std::vector<PaymentAttempt> unsettled,
                absl::Duration now);

  // `attempt` is on disk: goes.
  void Start(const PaymentAttempt& attempt, std::string code,
             absl::Duration now);
  // Does nothing to what is being undone already, and to refunds.
  void GiveUp(absl::string_view id, absl::Duration now);
  // The line is back: what waits for it is tried now.
  void OnLine(absl::Duration now);

  // ABORTED: a person settled it meanwhile, that stands.
  void OnSaved(absl::string_view id, const absl::Status& status,
               absl::Duration now);
  void OnAnswer(absl::string_view id, WalletCallKind call,
                const WalletAnswer& answer, absl::Duration now);

  Action Poll(absl::Duration now);

  size_t unsettled_count() const { return flows_.size(); }

 private:
  enum class Step {
    kPay,
    kAsk,         // what became of it?
    kAskRefused,  // it was refused: is it really not there?
    kReverse,
    kAskReversed,  // is it really undone?
    kRefund,
    kAskRefund,
  };
  struct Flow {
    PaymentAttempt attempt;  // as it is on disk
    Step step = Step::kAsk;
    absl::Duration due = absl::ZeroDuration();
    absl::Duration sent_at = absl::ZeroDuration();
    absl::Duration retry = absl::ZeroDuration();  // the next wait, if it fails
    bool is_out = false;  // an action of it is with the driver
    bool give_up = false;
    PaymentWhy refused_why = PaymentWhy::kNone;
    std::string refused_detail;
    std::string code;
    // To be saved; then `next` begins at `next_due`.
    std::optional<PaymentAttempt> saving;
    Step next = Step::kAsk;
    absl::Duration next_due = absl::ZeroDuration();
  };

  static WalletCallKind CallOf(Step step);
  void Again(Flow* flow, absl::Duration now);  // with back-off
  void GoTo(Flow* flow, Step step, absl::Duration due);
  // Puts what is now known on disk and then goes on with `next`.
  void Save(Flow* flow, PaymentState state, PaymentWhy why,
            const WalletAnswer& answer, Step next, absl::Duration due);
  void BeginReversing(Flow* flow, PaymentWhy why, const WalletAnswer& answer,
                      absl::Duration now);
  void Paid(Flow* flow, const WalletAnswer& answer, absl::Duration now);
  void OnPay(Flow* flow, const WalletAnswer& answer, absl::Duration now);
  void OnAsk(Flow* flow, const WalletAnswer& answer, absl::Duration now);
  void OnAskRefused(Flow* flow, const WalletAnswer& answer, absl::Duration now);
  void OnReverse(Flow* flow, const WalletAnswer& answer, absl::Duration now);
  void OnAskReversed(Flow* flow, const WalletAnswer& answer,
                     absl::Duration now);
  void OnRefund(Flow* flow, const WalletAnswer& answer, absl::Duration now);
  void OnAskRefund(Flow* flow, const WalletAnswer& answer, absl::Duration now);

  const WalletPatience patience_;
  std::map<std::string, Flow, std::less<>> flows_;  // by attempt id
};

}  // namespace branchline
