#include "devices/terminal/terminal_emulator.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

constexpr absl::string_view kTerminalId("\x12\x34\x56\x78", 4);

std::string PrintLine(absl::string_view text) {
  return absl::StrCat(absl::string_view("\0", 1), text);
}

}  // namespace

int64_t TerminalEmulator::taken_minor() const {
  int64_t taken = 0;
  for (const Entry& entry : entries_) taken += entry.amount_minor;
  return taken;
}

void TerminalEmulator::PayBeside(int64_t amount_minor) {
  entries_.push_back({next_receipt_++, next_trace_++, amount_minor, 0, false});
}

const TerminalEmulator::Entry* TerminalEmulator::FindReceipt(
    int64_t receipt) const {
  for (const Entry& entry : entries_) {
    if (entry.receipt == receipt) return &entry;
  }
  return nullptr;
}

std::string TerminalEmulator::TakeReplies() {
  return std::exchange(replies_, std::string());
}

bool TerminalEmulator::TakeHangUp() { return std::exchange(hang_up_, false); }

void TerminalEmulator::OnConnected() {
  connected_ = true;
  registered_ = false;
  framer_.Reset();
  replies_.clear();
  after_ack_.clear();
}

void TerminalEmulator::OnDisconnected(absl::Duration) {
  connected_ = false;
  replies_.clear();
  after_ack_.clear();
  if (!running_.has_value()) return;
  // What it cannot tell does not stand; what it knows to be known does.
  if (!running_->acknowledged) TakeBack();
  running_.reset();
}

void TerminalEmulator::Send(uint8_t class_byte, uint8_t instruction,
                            std::string data) {
  replies_ += EncodeZvt({class_byte, instruction, std::move(data)});
}

void TerminalEmulator::Accept(absl::string_view bytes, absl::Duration now) {
  if (!framer_.Feed(bytes, [&](const ZvtApdu& apdu) { OnApdu(apdu, now); })
           .ok()) {
    HangUp();
  }
}

void TerminalEmulator::OnApdu(const ZvtApdu& apdu, absl::Duration now) {
  switch (apdu.command()) {
    case 0x8000:
      return OnAck(now);
    case 0x0600:
      registered_ = true;
      Send(0x80, 0x00);
      return Send(0x06, 0x0F,
                  absl::StrCat(absl::string_view("\x19\x00", 2), "\x29",
                               kTerminalId, "\x49", ZvtBcd(currency_, 2)));
    case 0x06B0:
      Send(0x80, 0x00);
      // Too late once money has moved.
      if (running_.has_value() && !running_->moved) {
        running_.reset();
        Send(0x06, 0x1E, "\x6C");
      }
      return;
    default:
      break;
  }
  if (running_.has_value()) return Send(0x84, 0x9C);
  if (!registered_) return Send(0x84, 0x83);
  switch (apdu.command()) {
    case 0x0601:
    case 0x0630:
    case 0x0631:
      return Begin(apdu, now);
    case 0x0620:
      return Repeat(apdu.data.size() > 4);
    case 0x0650: {
      Send(0x80, 0x00);
      Send(0x04, 0x0F,
           absl::StrCat(absl::string_view("\x27\x00", 2), "\x04",
                        ZvtBcd(std::max<int64_t>(taken_minor(), 0), 6)));
      after_ack_ = {{0x06, 0xD1, PrintLine("End of day")}, {0x06, 0x0F, ""}};
      return;
    }
    case 0x0670:
      Send(0x80, 0x00);
      Send(0x04, 0xFF, "\x17");
      after_ack_ = {{0x06, 0x0F, ""}};
      return;
    default:
      return Send(0x84, 0x83);
  }
}

void TerminalEmulator::Begin(const ZvtApdu& apdu, absl::Duration now) {
  Running run;
  run.instruction = apdu.instruction;
  if (!faults_.empty()) {
    run.fault = faults_.front();
    faults_.pop_front();
  }
  // The password stands before the fields of all but a payment.
  const absl::StatusOr<ZvtFields> fields = ParseZvtFields(
      absl::string_view(apdu.data).substr(apdu.instruction == 0x01 ? 0 : 3));
  if (!fields.ok()) return Send(0x84, 0x83);
  if (fields->count(0x04) > 0) {
    run.amount_minor = *FromZvtBcd(fields->at(0x04));
  }
  if (fields->count(0x87) > 0) {
    run.original_receipt = *FromZvtBcd(fields->at(0x87));
  }
  if (run.fault == Fault::kRefuse) return Send(0x84, 0x83);
  if (run.fault == Fault::kBusy) return Send(0x84, 0x9C);
  if (run.fault == Fault::kDropAfterCommand) return HangUp();
  Send(0x80, 0x00);
  if (apdu.instruction == 0x30) {
    const Entry* const original = FindReceipt(run.original_receipt);
    int code = original == nullptr ? 0xB5 : 0;
    // Was it reversed, and the reversal not taken back?
    for (const Entry& entry : entries_) {
      if (original == nullptr || entry.original_trace != original->trace) {
        continue;
      }
      const bool stands = std::none_of(
          entries_.begin(), entries_.end(), [&entry](const Entry& later) {
            return later.original_trace == entry.trace;
          });
      if (stands) code = 0xB4;
    }
    if (code != 0)
      return Send(0x06, 0x1E, std::string(1, static_cast<char>(code)));
    run.amount_minor = original->amount_minor;
  }
  if (run.fault == Fault::kAbort) return Send(0x06, 0x1E, "\x6C");
  run.think_until = run.fault == Fault::kLateStatus ? now + kLateBy
                    : run.fault == Fault::kSilent   ? absl::InfiniteDuration()
                                                    : now;
  Send(0x04, 0xFF, "\x0A");  // insert card
  run.acks_to_status = 1;
  running_ = run;
}

void TerminalEmulator::OnAck(absl::Duration now) {
  if (!after_ack_.empty()) {
    replies_ += EncodeZvt(after_ack_.front());
    after_ack_.pop_front();
    return;
  }
  if (!running_.has_value()) return;
  if (running_->acks_to_status > 0) {
    if (--running_->acks_to_status == 0) Tick(now);
    return;
  }
  if (!running_->status_sent || running_->acknowledged) return;
  if (running_->fault == Fault::kDeafToAck) return;
  running_->acknowledged = true;
  running_->ack_until = absl::InfiniteDuration();
  if (running_->fault == Fault::kStatusTwice) {
    const Entry& entry = entries_.back();
    Send(0x04, 0x0F,
         StatusData(entry, std::abs(entry.amount_minor), currency_));
    after_ack_ = {{0x06, 0x0F, ""}};
    running_.reset();
    return;
  }
  if (running_->fault == Fault::kDropAfterAck) {
    running_.reset();
    return HangUp();
  }
  Finish();
}

void TerminalEmulator::Finish() {
  if (running_->fault == Fault::kAbortAfterAck) {
    Send(0x06, 0x1E, "\xCC");
  } else {
    Send(0x06, 0xD1, PrintLine("Kartenzahlung"));
    after_ack_ = {{0x06, 0x0F, ""}};
  }
  running_.reset();
}

void TerminalEmulator::Tick(absl::Duration now) {
  if (!running_.has_value()) return;
  if (running_->acks_to_status == 0 && !running_->status_sent &&
      now >= running_->think_until) {
    SendStatus(now);
  }
  if (running_.has_value() && now >= running_->ack_until) {
    TakeBack();
    running_.reset();
    Send(0x06, 0x1E, "\xFF");
  }
}

absl::Duration TerminalEmulator::wake_at() const {
  if (!running_.has_value()) return absl::InfiniteDuration();
  if (running_->acks_to_status == 0 && !running_->status_sent) {
    return running_->think_until;
  }
  return running_->ack_until;
}

void TerminalEmulator::Move() {
  Entry entry;
  entry.receipt = next_receipt_++;
  entry.trace = next_trace_++;
  entry.amount_minor = running_->amount_minor;
  if (running_->fault == Fault::kPartial) entry.amount_minor /= 2;
  if (running_->fault == Fault::kTip)
    entry.amount_minor += entry.amount_minor / 10;
  if (running_->instruction != 0x01) entry.amount_minor = -entry.amount_minor;
  if (running_->instruction == 0x30) {
    entry.original_trace = FindReceipt(running_->original_receipt)->trace;
  }
  entries_.push_back(entry);
  running_->moved = true;
}

void TerminalEmulator::SendStatus(absl::Duration now) {
  Running& run = *running_;
  run.status_sent = true;
  if (run.fault == Fault::kDecline) {
    Send(0x04, 0x0F, "\x27\x05");
    after_ack_ = {{0x06, 0x1E, "\x05"}};
    running_.reset();
    return;
  }
  if (run.fault == Fault::kNoStatus) {
    Send(0x06, 0x0F);
    running_.reset();
    return;
  }
  Move();
  if (run.fault == Fault::kDropBeforeStatus) return HangUp();
  const Entry& entry = entries_.back();
  std::string data =
      StatusData(entry, std::abs(entry.amount_minor),
                 run.fault == Fault::kOtherCurrency ? 840 : currency_);
  if (run.fault == Fault::kGarbled) data = "\xFE\x01" + data;
  Send(0x04, 0x0F, std::move(data));
  run.ack_until = now + kAckTimeout;
  if (run.fault == Fault::kDropAfterStatus) HangUp();
}

void TerminalEmulator::TakeBack() {
  if (!running_.has_value() || !running_->moved || !takes_back_) return;
  const Entry back = entries_.back();
  entries_.push_back(
      {next_receipt_++, next_trace_++, -back.amount_minor, back.trace, true});
}

std::string TerminalEmulator::StatusData(const Entry& entry,
                                         int64_t shown_amount_minor,
                                         int currency) const {
  std::string data = absl::StrCat(
      absl::string_view("\x27\x00", 2), "\x04", ZvtBcd(shown_amount_minor, 6),
      "\x49", ZvtBcd(currency, 2), "\x0B", ZvtBcd(entry.trace, 3), "\x87",
      ZvtBcd(entry.receipt, 2));
  absl::StrAppend(&data, "\x29", kTerminalId, "\x0C", ZvtBcd(hhmmss_, 3),
                  "\x0D", ZvtBcd(mmdd_, 2));
  if (entry.original_trace != 0) {
    absl::StrAppend(&data, "\x37", ZvtBcd(entry.original_trace, 3));
  }
  return absl::StrCat(data, "\x8B\xF0\xF9", "girocard",
                      absl::string_view("\0", 1));
}

void TerminalEmulator::Repeat(bool quiet) {
  Fault fault = Fault::kNone;
  if (quiet && !ask_faults_.empty()) {
    fault = ask_faults_.front();
    ask_faults_.pop_front();
  }
  if (fault == Fault::kBusy) return Send(0x84, 0x9C);
  Send(0x80, 0x00);
  size_t back = 1;
  if (fault == Fault::kShowEarlier) {
    // What it took back by itself it forgets together with the payment.
    back = !entries_.empty() && entries_.back().taken_back ? 3 : 2;
  }
  if (fault == Fault::kForget || entries_.size() < back) {
    return Send(0x06, 0x1E, "\xB5");
  }
  const Entry& entry = entries_[entries_.size() - back];
  Send(0x04, 0x0F, StatusData(entry, std::abs(entry.amount_minor), currency_));
  if (!quiet) after_ack_.push_back({0x06, 0xD1, PrintLine("Kopie")});
  after_ack_.push_back({0x06, 0x0F, ""});
}

}  // namespace branchline
