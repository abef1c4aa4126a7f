#include "devices/terminal/zvt_machine.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/terminal/terminal_match.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

// Receipts are printed by the till, intermediate status is told, amounts and
// administration only from here, slips as 06 D1 and 06 D3.
constexpr char kRegistrationConfig = '\xBE';
// Repeat-Receipt: send the Status-Information, print nothing.
constexpr char kStatusWithoutPrint = '\x03';

std::string Bcd(absl::string_view digits) {
  BL_CHECK(digits.size() % 2 == 0, "binary coded decimals come in pairs");
  std::string bytes;
  for (size_t i = 0; i < digits.size(); i += 2) {
    bytes.push_back(
        static_cast<char>((digits[i] - '0') << 4 | (digits[i + 1] - '0')));
  }
  return bytes;
}

}  // namespace

ZvtMachine::ZvtMachine(TerminalSettings settings,
                       std::vector<PaymentAttempt> unsettled)
    : settings_(std::move(settings)), password_(Bcd(settings_.password)) {
  for (PaymentAttempt& attempt : unsettled) {
    std::string id = attempt.id;
    asked_.emplace(std::move(id), std::move(attempt));
  }
}

absl::Status ZvtMachine::Prepare(PaymentAttempt* attempt) const {
  switch (phase_) {
    case Phase::kIdle:
      if (dropping_) break;
      attempt->terminal_id = terminal_id_;
      attempt->earlier_receipt = last_.receipt;
      attempt->earlier_trace = last_.trace;
      return absl::OkStatus();
    case Phase::kRunning:
    case Phase::kTask:
      return absl::FailedPreconditionError(
          "begin on the card terminal: it is busy with something else; wait "
          "for it");
    case Phase::kAsking:
    case Phase::kBusy:
      return absl::FailedPreconditionError(
          "begin on the card terminal: it is being asked what became of an "
          "earlier payment; wait for it");
    case Phase::kDown:
    case Phase::kRegistering:
    case Phase::kLearning:
      break;
  }
  return absl::UnavailableError(
      "begin on the card terminal: there is no line to it. Is it on, is its "
      "cable in? Until then take cash, a wallet, or a terminal of another "
      "till");
}

void ZvtMachine::Start(const PaymentAttempt& attempt) {
  running_ = attempt;
  if (phase_ != Phase::kIdle || dropping_ ||
      last_ != Last{attempt.earlier_receipt, attempt.earlier_trace}) {
    return FailRunning(PaymentWhy::kNotSent,
                       "the terminal was lost or busy before it could begin");
  }
  phase_ = Phase::kRunning;
  slip_.clear();
  shown_status_ = -1;
  const std::string data = StartCommand(attempt);
  const uint8_t instruction = attempt.kind == PaymentKind::kPayment  ? 0x01
                              : attempt.kind == PaymentKind::kRefund ? 0x31
                                                                     : 0x30;
  Command(instruction, data, absl::InfiniteDuration());
}

std::string ZvtMachine::StartCommand(const PaymentAttempt& attempt) const {
  const std::string amount =
      absl::StrCat("\x04", ZvtBcd(attempt.amount_minor, 6), "\x49",
                   ZvtBcd(settings_.currency_number, 2));
  if (attempt.kind == PaymentKind::kPayment) return amount;
  if (attempt.kind == PaymentKind::kRefund) return password_ + amount;
  return absl::StrCat(password_, "\x87",
                      ZvtBcd(attempt.original_receipt.value_or(0), 2));
}

void ZvtMachine::GiveUp(absl::string_view id) {
  if (phase_ != Phase::kRunning || !running_.has_value() ||
      running_->id != id || !accepted_) {
    return;
  }
  Action abort;
  abort.kind = ActionKind::kSend;
  abort.bytes = EncodeZvt({0x06, 0xB0, ""});
  todo_.push_back(std::move(abort));
}

absl::Status ZvtMachine::AskAgain(const PaymentAttempt& attempt) {
  PaymentAttempt unused;
  const absl::Status ready = Prepare(&unused);
  if (!ready.ok()) return ready;
  asked_.emplace(attempt.id, attempt);
  // Its deadline begins when it is sent.
  Enter(Phase::kAsking, absl::InfiniteDuration());
  return absl::OkStatus();
}

absl::Status ZvtMachine::Run(TerminalTask task) {
  PaymentAttempt unused;
  const absl::Status ready = Prepare(&unused);
  if (!ready.ok()) return ready;
  phase_ = Phase::kTask;
  task_ = task;
  slip_.clear();
  status_.reset();
  switch (task) {
    case TerminalTask::kDiagnosis:
      Command(0x70, "", absl::InfiniteDuration());
      break;
    case TerminalTask::kEndOfDay:
      Command(0x50, password_, absl::InfiniteDuration());
      break;
    case TerminalTask::kRepeatReceipt:
      Command(0x20, password_, absl::InfiniteDuration());
      break;
  }
  return absl::OkStatus();
}

std::optional<TerminalTaskReport> ZvtMachine::TakeTaskReport() {
  return std::exchange(task_report_, std::nullopt);
}

void ZvtMachine::Command(uint8_t instruction, std::string data,
                         absl::Duration now) {
  accepted_ = false;
  command_left_ = false;
  status_.reset();
  deadline_ = now + kAnswerTimeout;
  Action send;
  send.kind = ActionKind::kSend;
  send.bytes = EncodeZvt({0x06, instruction, std::move(data)});
  send.is_command = true;
  todo_.push_back(std::move(send));
}

void ZvtMachine::Acknowledge() {
  Action send;
  send.kind = ActionKind::kSend;
  send.bytes = EncodeZvt({0x80, 0x00, ""});
  todo_.push_back(std::move(send));
}

void ZvtMachine::Save(const PaymentAttempt& attempt) {
  Action save;
  save.kind = ActionKind::kSave;
  save.attempt = attempt;
  todo_.push_back(std::move(save));
}

void ZvtMachine::Drop(std::string why) {
  if (dropping_ || phase_ == Phase::kDown) return;
  dropping_ = true;
  Action drop;
  drop.kind = ActionKind::kDrop;
  drop.why = std::move(why);
  todo_.push_back(std::move(drop));
}

ZvtMachine::Action ZvtMachine::Poll(absl::Duration now) {
  if (phase_ == Phase::kBusy && now >= deadline_) Enter(Phase::kAsking, now);
  const bool waits = phase_ != Phase::kDown && phase_ != Phase::kIdle;
  if (waits && todo_.empty() && now >= deadline_) {
    Drop(accepted_ ? "it said nothing for three minutes"
                   : "it did not take the command within five seconds");
  }
  if (!todo_.empty()) {
    is_out_ = true;
    return todo_.front();
  }
  Action nothing;
  if (waits) nothing.wake_at = deadline_;
  return nothing;
}

void ZvtMachine::OnSent(absl::Duration now) {
  BL_CHECK(is_out_ && !todo_.empty(), "only what was handed out is sent");
  is_out_ = false;
  if (todo_.front().is_command) {
    command_left_ = true;
    deadline_ = now + kAnswerTimeout;
  }
  todo_.pop_front();
}

void ZvtMachine::OnSaved(const absl::Status& status) {
  BL_CHECK(is_out_ && !todo_.empty(), "only what was handed out is saved");
  is_out_ = false;
  const PaymentAttempt attempt = std::move(todo_.front().attempt);
  todo_.pop_front();
  if (status.ok()) return;
  // Settled by a person meanwhile: that stands.
  if (absl::IsAborted(status)) {
    asked_.erase(attempt.id);
    return;
  }
  // What is not on disk is not acknowledged: the terminal takes it back, or is
  // asked.
  if (running_.has_value() && running_->id == attempt.id) running_.reset();
  PaymentAttempt ask = attempt;
  if (IsFinal(ask.state) || ask.state == PaymentState::kOpen) {
    ask.state = ask.receipt.has_value() ? PaymentState::kApproved
                                        : PaymentState::kStarted;
  }
  asked_.insert_or_assign(ask.id, std::move(ask));
  std::erase_if(todo_, [](const Action& action) {
    return action.kind == ActionKind::kSend;
  });
  Drop(absl::StrCat("its word could not be written: ", status.message()));
}

void ZvtMachine::OnLinkUp(absl::Duration now) {
  BL_CHECK(phase_ == Phase::kDown, "a line comes up once");
  dropping_ = false;
  framer_.Reset();
  phase_ = Phase::kRegistering;
  Command(0x00,
          absl::StrCat(password_, std::string(1, kRegistrationConfig),
                       ZvtBcd(settings_.currency_number, 2)),
          now);
}

void ZvtMachine::OnLinkDown() {
  if (phase_ == Phase::kDown) return;
  // A message without its end is none: the terminal has not begun.
  if (running_.has_value() && !command_left_) {
    FailRunning(PaymentWhy::kNotSent, "the line was lost before it was sent");
  }
  phase_ = Phase::kDown;
  dropping_ = false;
  is_out_ = false;
  last_ = Last();
  std::erase_if(todo_, [](const Action& action) {
    return action.kind != ActionKind::kSave;
  });
  if (running_.has_value()) {
    PaymentAttempt attempt = *std::exchange(running_, std::nullopt);
    attempt.detail = "the line was lost; it is asked when it is back";
    if (attempt.state == PaymentState::kStarted &&
        attempt.why == PaymentWhy::kNone) {
      attempt.why = PaymentWhy::kNoAnswer;
    }
    Save(attempt);
    asked_.insert_or_assign(attempt.id, attempt);
  }
  if (task_.has_value()) {
    OnTaskEnded(absl::UnavailableError(
        "the line to the terminal was lost; look at its display"));
    phase_ = Phase::kDown;
  }
}

void ZvtMachine::Enter(Phase phase, absl::Duration now) {
  phase_ = phase;
  if (phase == Phase::kLearning || phase == Phase::kAsking) {
    Command(
        0x20,
        absl::StrCat(password_, "\x03", std::string(1, kStatusWithoutPrint)),
        now);
  }
}

}  // namespace branchline
