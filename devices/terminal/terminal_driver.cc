#include "devices/terminal/terminal_driver.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace branchline {

std::string ToText(ZvtMachine::Phase phase) {
  switch (phase) {
    case ZvtMachine::Phase::kDown:
      return "no line";
    case ZvtMachine::Phase::kRegistering:
    case ZvtMachine::Phase::kLearning:
      return "greeting";
    case ZvtMachine::Phase::kIdle:
      return "ready";
    case ZvtMachine::Phase::kRunning:
      return "paying";
    case ZvtMachine::Phase::kAsking:
      return "being asked what became of a payment";
    case ZvtMachine::Phase::kBusy:
      return "busy; it is asked again";
    case ZvtMachine::Phase::kTask:
      return "at another task";
  }
  return "unknown";
}

absl::Status TerminalDriver::Check(const TerminalSettings& settings) {
  const bool is_digits =
      std::all_of(settings.password.begin(), settings.password.end(),
                  [](char c) { return absl::ascii_isdigit(c); });
  if (settings.password.size() != 6 || !is_digits) {
    return absl::InvalidArgumentError(
        "set a card terminal up: its password must be of six digits");
  }
  if (settings.currency_number < 1 || settings.currency_number > 999) {
    return absl::InvalidArgumentError(
        absl::StrCat("set a card terminal up: no currency has the number ",
                     settings.currency_number));
  }
  return absl::OkStatus();
}

TerminalDriver::TerminalDriver(TerminalSettings settings,
                               std::vector<PaymentAttempt> unsettled,
                               std::unique_ptr<Transport> transport,
                               PaymentStore* store, Clock* clock,
                               Random* random)
    : settings_(settings),
      store_(store),
      clock_(clock),
      link_(std::move(transport), clock, random),
      machine_(std::move(settings), std::move(unsettled)) {}

absl::Status TerminalDriver::Prepare(const PaymentInput&,
                                     PaymentAttempt* attempt) {
  if (attempt->means != PaymentMeans::kTerminal ||
      attempt->currency != settings_.currency) {
    return absl::InvalidArgumentError(
        absl::StrCat("begin ", attempt->id, " on card terminal ",
                     attempt->device, ": it takes cards in ",
                     settings_.currency, ", not ", attempt->currency));
  }
  if (attempt->kind == PaymentKind::kReversal &&
      !attempt->original_receipt.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "reverse by ", attempt->id,
        ": the terminal gave no receipt number; give it back as a refund"));
  }
  absl::MutexLock lock(&mutex_);
  return machine_.Prepare(attempt);
}

void TerminalDriver::Start(const PaymentAttempt& attempt, const PaymentInput&) {
  absl::MutexLock lock(&mutex_);
  machine_.Start(attempt);
  work_came_.Signal();
}

void TerminalDriver::GiveUp(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  machine_.GiveUp(id);
}

absl::Status TerminalDriver::AskAgain(const PaymentAttempt& attempt) {
  absl::MutexLock lock(&mutex_);
  return machine_.AskAgain(attempt);
}

absl::Status TerminalDriver::Run(TerminalTask task) {
  absl::MutexLock lock(&mutex_);
  return machine_.Run(task);
}

std::optional<TerminalTaskReport> TerminalDriver::TakeTaskReport() {
  absl::MutexLock lock(&mutex_);
  return machine_.TakeTaskReport();
}

void TerminalDriver::KeepOpen() {
  (void)link_.EnsureOpen();  // its error is in Report()
  if (link_.IsOpen() == was_open_) return;
  was_open_ = link_.IsOpen();
  absl::MutexLock lock(&mutex_);
  if (was_open_) {
    machine_.OnLinkUp(clock_->MonotonicNow());
  } else {
    machine_.OnLinkDown();
  }
}

void TerminalDriver::Perform(const ZvtMachine::Action& action) {
  switch (action.kind) {
    case ZvtMachine::ActionKind::kNone:
      return;
    case ZvtMachine::ActionKind::kSave: {
      const absl::Status saved = store_->Save(action.attempt);
      absl::MutexLock lock(&mutex_);
      return machine_.OnSaved(saved);
    }
    case ZvtMachine::ActionKind::kSend: {
      const absl::Status sent = link_.Write(action.bytes, kWriteTimeout);
      if (!sent.ok()) return link_.Drop(sent.message());
      absl::MutexLock lock(&mutex_);
      return machine_.OnSent(clock_->MonotonicNow());
    }
    case ZvtMachine::ActionKind::kDrop:
      return link_.Drop(action.why);
  }
}

void TerminalDriver::Step(absl::Duration wait_max) {
  KeepOpen();
  ZvtMachine::Action action;
  {
    absl::MutexLock lock(&mutex_);
    action = machine_.Poll(clock_->MonotonicNow());
  }
  Perform(action);
  if (action.kind != ZvtMachine::ActionKind::kNone) return;
  if (!link_.IsOpen()) {
    const absl::Duration wait = std::min(wait_max, link_.status().next_try_in);
    absl::MutexLock lock(&mutex_);
    if (wait > absl::ZeroDuration()) work_came_.WaitWithTimeout(&mutex_, wait);
    return;
  }
  char buffer[2048];
  const absl::Duration wait = std::clamp(
      action.wake_at - clock_->MonotonicNow(), absl::ZeroDuration(), wait_max);
  const absl::StatusOr<size_t> count = link_.Read(buffer, sizeof(buffer), wait);
  if (!count.ok() || *count == 0) return;
  absl::MutexLock lock(&mutex_);
  machine_.OnBytes(absl::string_view(buffer, *count), clock_->MonotonicNow());
}

TerminalReport TerminalDriver::Report() const {
  TerminalReport report;
  report.link = link_.status();
  absl::MutexLock lock(&mutex_);
  report.phase = machine_.phase();
  report.terminal_id = machine_.terminal_id();
  report.shown_status = machine_.shown_status();
  return report;
}

std::vector<std::string> TerminalDriver::Slip() const {
  absl::MutexLock lock(&mutex_);
  return machine_.slip();
}

}  // namespace branchline
