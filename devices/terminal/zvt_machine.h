#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/payment/payment_attempt.h"
#include "devices/terminal/zvt_apdu.h"

namespace branchline {

struct TerminalSettings {
  std::string password = "000000";  // six digits, the cashier's at the terminal
  std::string currency = "EUR";
  int currency_number = 978;  // ISO 4217
  absl::TimeZone time_zone;   // of the terminal's clock
};

// What a terminal does that moves no money.
enum class TerminalTask {
  kDiagnosis,      // calls its host
  kEndOfDay,       // hands its receipts in and starts new totals
  kRepeatReceipt,  // prints the last slip again
};

struct TerminalTaskReport {
  TerminalTask task = TerminalTask::kDiagnosis;
  // OK; UNAVAILABLE: the line broke, whether it did it is not known;
  // FAILED_PRECONDITION: it says that it did not.
  absl::Status status;
  std::optional<int64_t> total_minor;  // what an end of day came to
  std::vector<std::string> slip;
};

// A ZVT terminal's side of the talk as a state machine: no port, no disk, no
// clock. The driver reports what happened with On...() and does what Poll()
// says, one action at a time.
//
// The rule: a terminal lets a payment stand when its Status-Information is
// acknowledged, so what that says is on disk before it is acknowledged; and
// what is not on disk is never acknowledged. Completion proves that the
// acknowledgement was heard. After anything else - a lost line, a crash, an
// abort after an approval - the terminal is asked by Repeat-Receipt, and only
// what fits settles the attempt; see terminal_match.h.
//
// Times are monotonic. Not thread-safe.
class ZvtMachine {
 public:
  static constexpr absl::Duration kAnswerTimeout = absl::Seconds(5);   // T3
  static constexpr absl::Duration kQuietTimeout = absl::Seconds(180);  // T4
  static constexpr absl::Duration kBusyRetry = absl::Seconds(5);
  static constexpr size_t kSlipLinesMax = 2'000;

  enum class ActionKind {
    kNone,  // nothing until `wake_at`, or until something happens
    kSave,  // save `attempt`, then OnSaved()
    kSend,  // send `bytes`, then OnSent()
    kDrop,  // close the line because of `why`, then OnLinkDown()
  };
  struct Action {
    ActionKind kind = ActionKind::kNone;
    absl::Duration wake_at = absl::InfiniteDuration();
    PaymentAttempt attempt;
    std::string bytes;
    bool is_command = false;  // kSend; else an acknowledgement or an abort
    std::string why;
  };

  enum class Phase {
    kDown,
    kRegistering,
    kLearning,  // what its last receipt is, before anything is begun
    kIdle,
    kRunning,  // a payment, refund or reversal
    kAsking,   // what became of those that are not settled
    kBusy,     // it was busy when it was asked
    kTask,
  };

  // `unsettled`: what the store has for this terminal in kStarted or kApproved.
  ZvtMachine(TerminalSettings settings, std::vector<PaymentAttempt> unsettled);

  // Could a payment be started now? Notes the last receipt in `*attempt`.
  //
  //   UNAVAILABLE          no line to it, or it has not said its last receipt
  //   FAILED_PRECONDITION  it is busy with another
  absl::Status Prepare(PaymentAttempt* attempt) const;

  // `attempt`, prepared, is on disk: goes, or fails it.
  void Start(const PaymentAttempt& attempt);

  // Asks the terminal to end what is under way, if that is `id`.
  void GiveUp(absl::string_view id);

  // Asks again what became of `attempt`, which is open.
  //   UNAVAILABLE, FAILED_PRECONDITION  as Prepare()
  absl::Status AskAgain(const PaymentAttempt& attempt);

  //   UNAVAILABLE, FAILED_PRECONDITION  as Prepare()
  absl::Status Run(TerminalTask task);
  std::optional<TerminalTaskReport> TakeTaskReport();

  void OnLinkUp(absl::Duration now);
  // Also if not all bytes of kSend were taken.
  void OnLinkDown();
  void OnSent(absl::Duration now);
  void OnBytes(absl::string_view bytes, absl::Duration now);
  void OnSaved(const absl::Status& status);

  Action Poll(absl::Duration now);

  Phase phase() const { return phase_; }
  // The last intermediate status (04 FF) of what is under way; -1: none.
  int shown_status() const { return shown_status_; }
  const std::string& terminal_id() const { return terminal_id_; }
  // What it printed for the attempt that ended last.
  const std::vector<std::string>& slip() const { return slip_; }

 private:
  struct Last {  // receipt
    std::optional<int64_t> receipt;
    std::optional<int64_t> trace;
    bool operator==(const Last&) const = default;
  };

  void Command(uint8_t instruction, std::string data, absl::Duration now);
  void Acknowledge();
  void Save(const PaymentAttempt& attempt);
  void Drop(std::string why);
  void Enter(Phase phase, absl::Duration now);
  void AfterLast();  // the last receipt is known
  std::string StartCommand(const PaymentAttempt& attempt) const;

  void OnApdu(const ZvtApdu& apdu, absl::Duration now);
  void OnCommandRefused(int code, absl::Duration now);
  void OnStatus(const ZvtApdu& apdu);
  void OnRunningStatus(const ZvtStatus& status);
  void OnCompletion(const ZvtApdu& apdu, absl::Duration now);
  void OnAbort(int code, absl::Duration now);
  void OnRunningEnded(absl::Duration now);
  void OnTaskEnded(absl::Status status);
  void SettleAsked();
  // The attempt that runs is settled as `attempt`.
  void EndRunning(PaymentAttempt attempt);
  void FailRunning(PaymentWhy why, std::string detail);

  const TerminalSettings settings_;
  const std::string password_;  // as binary coded decimals
  Phase phase_ = Phase::kDown;
  ZvtFramer framer_;
  std::deque<Action> todo_;  // the first one may be in the driver's hands
  bool is_out_ = false;      // it is
  bool dropping_ = false;

  // Of the command that is under way.
  bool accepted_ = false;
  bool command_left_ = false;  // whole
  absl::Duration deadline_ = absl::InfiniteDuration();
  std::optional<ZvtStatus> status_;
  std::vector<std::string> slip_;
  int shown_status_ = -1;

  std::string terminal_id_;
  Last last_;
  std::optional<PaymentAttempt> running_;
  std::map<std::string, PaymentAttempt> asked_;  // unsettled, by id
  bool asks_again_ = false;
  std::optional<TerminalTask> task_;
  std::optional<TerminalTaskReport> task_report_;

  // Invariants: running_ is set in kRunning only, task_ in kTask only; asked_
  // is empty in kIdle.
};

}  // namespace branchline
