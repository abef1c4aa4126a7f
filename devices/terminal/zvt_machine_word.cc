// What a terminal says, and what it means for what is under way.

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/terminal/terminal_match.h"
#include "devices/terminal/zvt_machine.h"

namespace branchline {
namespace {

constexpr int kPleaseWait = 0x9C;
constexpr int kReversedBefore = 0xB4;

std::string CodeText(int code) {
  return absl::StrCat(ZvtResultText(code), " (",
                      absl::Hex(code, absl::kZeroPad2), ")");
}

}  // namespace

void ZvtMachine::OnBytes(absl::string_view bytes, absl::Duration now) {
  if (phase_ == Phase::kDown || dropping_) return;
  const absl::Status status = framer_.Feed(bytes, [&](const ZvtApdu& apdu) {
    if (!dropping_) OnApdu(apdu, now);
  });
  if (!status.ok()) Drop(std::string(status.message()));
}

void ZvtMachine::OnApdu(const ZvtApdu& apdu, absl::Duration now) {
  if (apdu.class_byte == 0x80) {
    if (!command_left_) return;  // of something before
    accepted_ = true;
    deadline_ = now + kQuietTimeout;
    return;
  }
  if (apdu.class_byte == 0x84) {
    if (command_left_ && !accepted_) OnCommandRefused(apdu.instruction, now);
    return;
  }
  if (phase_ == Phase::kIdle || phase_ == Phase::kBusy) {
    // Nothing was asked. A payment that we do not know is not acknowledged: the
    // terminal takes it back.
    if (apdu.command() != 0x040F) Acknowledge();
    return;
  }
  deadline_ = now + kQuietTimeout;
  switch (apdu.command()) {
    case 0x04FF:
      shown_status_ =
          apdu.data.empty() ? -1 : static_cast<uint8_t>(apdu.data[0]);
      return Acknowledge();
    case 0x040F:
      return OnStatus(apdu);
    case 0x060F:
      return OnCompletion(apdu, now);
    case 0x061E:
      return OnAbort(
          apdu.data.empty() ? 0xFF : static_cast<uint8_t>(apdu.data[0]), now);
    default:
      for (std::string& line : ZvtPrintLines(apdu)) {
        if (slip_.size() < kSlipLinesMax) slip_.push_back(std::move(line));
      }
      return Acknowledge();
  }
}

void ZvtMachine::OnCommandRefused(int code, absl::Duration now) {
  switch (phase_) {
    case Phase::kRunning:
      if (code == kPleaseWait) {
        return FailRunning(PaymentWhy::kBusy, "the terminal says: busy");
      }
      return FailRunning(PaymentWhy::kRefused,
                         absl::StrCat("the terminal says ", CodeText(code)));
    case Phase::kAsking:
      if (code == kPleaseWait) {
        phase_ = Phase::kBusy;
        deadline_ = now + kBusyRetry;
        return;
      }
      status_.reset();
      return SettleAsked();
    case Phase::kLearning:
      if (code == kPleaseWait) return Drop("it is busy");
      return AfterLast();
    case Phase::kTask:
      return OnTaskEnded(absl::FailedPreconditionError(
          absl::StrCat("the terminal says ", CodeText(code))));
    default:
      return Drop(absl::StrCat("it refused to register: ", CodeText(code)));
  }
}

void ZvtMachine::OnStatus(const ZvtApdu& apdu) {
  absl::StatusOr<ZvtStatus> status = ParseZvtStatus(apdu.data);
  if (!status.ok()) {
    // Not acknowledged: the terminal takes it back.
    return Drop(absl::StrCat("its word on a payment cannot be read: ",
                             status.status().message()));
  }
  status_ = *std::move(status);
  if (phase_ == Phase::kRunning) return OnRunningStatus(*status_);
  Acknowledge();
}

void ZvtMachine::OnRunningStatus(const ZvtStatus& status) {
  PaymentAttempt& attempt = *running_;
  if (status.result != 0) {
    if (attempt.state == PaymentState::kApproved) {
      return Drop("it declined what it had approved");
    }
    attempt.why = PaymentWhy::kDeclined;
    attempt.detail =
        absl::StrCat("the terminal says ", CodeText(status.result));
    Save(attempt);
    return Acknowledge();
  }
  if (attempt.state == PaymentState::kApproved) {
    if (status.receipt != attempt.receipt || status.trace != attempt.trace) {
      return Drop("it approved one payment twice, with two receipts");
    }
    return Acknowledge();
  }
  NoteApproval(status, settings_.currency_number, &attempt);
  last_ = {status.receipt, status.trace};
  Save(attempt);
  Acknowledge();
}

void ZvtMachine::OnCompletion(const ZvtApdu& apdu, absl::Duration now) {
  switch (phase_) {
    case Phase::kRegistering: {
      const absl::StatusOr<ZvtStatus> said = ParseZvtStatus(apdu.data);
      if (said.ok()) terminal_id_ = said->terminal_id;
      Acknowledge();
      return Enter(asked_.empty() ? Phase::kLearning : Phase::kAsking, now);
    }
    case Phase::kLearning:
      Acknowledge();
      return AfterLast();
    case Phase::kAsking:
      Acknowledge();
      return SettleAsked();
    case Phase::kRunning:
      OnRunningEnded(now);
      return;
    case Phase::kTask:
      Acknowledge();
      return OnTaskEnded(absl::OkStatus());
    default:
      return Acknowledge();
  }
}

void ZvtMachine::OnRunningEnded(absl::Duration now) {
  PaymentAttempt attempt = *running_;
  if (attempt.state == PaymentState::kApproved) {
    EndRunning(Concluded(std::move(attempt)));
    return Acknowledge();
  }
  if (attempt.why == PaymentWhy::kDeclined) {
    FailRunning(PaymentWhy::kDeclined, attempt.detail);
    return Acknowledge();
  }
  // It ended and said nothing of the payment: it is asked.
  Acknowledge();
  asked_.insert_or_assign(attempt.id, attempt);
  running_.reset();
  Enter(Phase::kAsking, now);
}

void ZvtMachine::OnAbort(int code, absl::Duration now) {
  switch (phase_) {
    case Phase::kRunning: {
      PaymentAttempt attempt = *running_;
      if (attempt.state == PaymentState::kApproved) {
        // Did it hear that we knew? It may have taken it back.
        Acknowledge();
        asked_.insert_or_assign(attempt.id, attempt);
        running_.reset();
        return Enter(Phase::kAsking, now);
      }
      if (code == kReversedBefore && attempt.kind == PaymentKind::kReversal) {
        attempt.state = PaymentState::kDone;
        attempt.why = PaymentWhy::kReversedAlready;
        attempt.done_minor = attempt.amount_minor;
        EndRunning(std::move(attempt));
      } else if (attempt.why == PaymentWhy::kDeclined) {
        FailRunning(PaymentWhy::kDeclined, attempt.detail);
      } else {
        FailRunning(PaymentWhy::kAborted,
                    absl::StrCat("the terminal says ", CodeText(code)));
      }
      return Acknowledge();
    }
    case Phase::kRegistering:
      Acknowledge();
      return Drop(absl::StrCat("it refused to register: ", CodeText(code)));
    case Phase::kLearning:
      Acknowledge();
      status_.reset();
      return AfterLast();
    case Phase::kAsking:
      Acknowledge();
      status_.reset();
      return SettleAsked();
    case Phase::kTask:
      Acknowledge();
      return OnTaskEnded(absl::FailedPreconditionError(
          absl::StrCat("the terminal says ", CodeText(code))));
    default:
      return Acknowledge();
  }
}

void ZvtMachine::AfterLast() {
  last_ = status_.has_value() && status_->result == 0
              ? Last{status_->receipt, status_->trace}
              : Last();
  phase_ = Phase::kIdle;
}

void ZvtMachine::SettleAsked() {
  for (auto& [id, attempt] : asked_) {
    // A decline was on disk before the line was lost.
    PaymentAttempt settled = attempt;
    if (attempt.state == PaymentState::kStarted &&
        attempt.why == PaymentWhy::kDeclined) {
      settled.state = PaymentState::kFailed;
    } else {
      settled = SettledByReceipt(attempt, status_, settings_.currency_number,
                                 settings_.time_zone);
    }
    if (settled != attempt) Save(settled);
  }
  asked_.clear();
  AfterLast();
}

void ZvtMachine::EndRunning(PaymentAttempt attempt) {
  running_.reset();
  Save(attempt);
  if (phase_ == Phase::kRunning) phase_ = Phase::kIdle;
}

void ZvtMachine::FailRunning(PaymentWhy why, std::string detail) {
  PaymentAttempt attempt = *running_;
  attempt.state = PaymentState::kFailed;
  attempt.why = why;
  attempt.detail = detail.substr(0, kPaymentTextSizeMax);
  EndRunning(std::move(attempt));
}

void ZvtMachine::OnTaskEnded(absl::Status status) {
  if (task_.has_value()) {
    TerminalTaskReport report;
    report.task = *task_;
    report.status = std::move(status);
    if (status_.has_value()) report.total_minor = status_->amount_minor;
    report.slip = slip_;
    task_report_ = std::move(report);
  }
  task_.reset();
  phase_ = Phase::kIdle;
}

}  // namespace branchline
