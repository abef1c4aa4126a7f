#include "devices/printer/print_queue.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/printer/escpos_writer.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

constexpr absl::Duration kSaveAgainAfter = absl::Seconds(1);
// A status older than this says nothing about a job that would be sent now.
constexpr absl::Duration kStatusFreshFor = absl::Seconds(2);

}  // namespace

absl::string_view StatusQuestions() {
  return absl::string_view("\x10\x04\1\x10\x04\2\x10\x04\3\x10\x04\4", 12);
}

std::string ResyncBytes() {
  std::string bytes(kEscposDataSizeMax, '\0');
  for (const char c : {'\x1B', '@'}) bytes.push_back(c);
  return bytes;
}

PrintQueue::PrintQueue(const PrinterProfile& profile,
                       std::vector<PrintJob> loaded)
    : profile_(profile) {
  for (PrintJob& job : loaded) {
    const uint64_t number = job.number;
    if (job.state == PrintState::kSending) {
      // The process ended in the middle: nobody knows what came out.
      job.state = PrintState::kUnproven;
      dirty_.insert(number);
    }
    if (job.state == PrintState::kUnproven) NeedResync();
    jobs_[number] = std::move(job);
  }
}

PrintJob* PrintQueue::Head() {
  for (auto& [number, job] : jobs_) {
    if (!IsThrough(job) && held_.count(number) == 0) return &job;
  }
  return nullptr;
}

void PrintQueue::OnLinkUp() {
  link_up_ = true;
  if (!resync_.empty()) NeedResync();  // from its start
  status_.reset();
  answer_due_ = false;
  asked_at_ = -absl::InfiniteDuration();
}

void PrintQueue::OnLinkDown() {
  link_up_ = false;
  status_.reset();
  answer_due_ = false;
  if (phase_ == Phase::kSending || phase_ == Phase::kAwaiting) {
    BecomeUnproven();
  }
}

void PrintQueue::OnAsked(absl::Duration now) {
  asked_at_ = now;
  answer_due_ = true;
}

void PrintQueue::OnStatus(const PrinterStatus& status, absl::Duration now) {
  status_ = status;
  status_at_ = now;
  answer_due_ = false;
  if (phase_ != Phase::kAwaiting) return;
  if (!status.CanPrint()) {
    proof_deadline_ = absl::InfiniteDuration();
    quiet_since_ = absl::InfiniteDuration();
  } else if (proof_deadline_ == absl::InfiniteDuration()) {
    proof_deadline_ = now + kProofTimeout;
    quiet_since_ = now;
  }
}

void PrintQueue::OnSaved(uint64_t number, const absl::Status& status,
                         absl::Duration now) {
  if (!status.ok()) {
    // Nothing is sent that is not on disk.
    save_again_at_ = now + kSaveAgainAfter;
    return;
  }
  dirty_.erase(number);
  forget_.clear();
  if (phase_ == Phase::kSaving && number == current_) phase_ = Phase::kSaved;
}

void PrintQueue::OnSent(absl::Duration now) {
  BL_CHECK(phase_ == Phase::kSending, "only what is being sent is sent");
  phase_ = Phase::kAwaiting;
  proof_in_ = false;
  const bool can_print = status_.has_value() && status_->CanPrint();
  proof_deadline_ = can_print ? now + kProofTimeout : absl::InfiniteDuration();
  quiet_since_ = can_print ? now : absl::InfiniteDuration();
}

void PrintQueue::OnSendBroken(size_t written) {
  if (phase_ != Phase::kSending) return;  // OnLinkDown() came first
  if (written > 0) {
    // It is stuck, and cannot be asked: it would take the question for a part
    // of the slip. What it says by itself counts again.
    if (status_.has_value()) status_->online = false;
    return BecomeUnproven();
  }
  PrintJob& job = Current();
  --job.attempts;
  End(job.attempts == 0 ? PrintState::kWaiting : PrintState::kUnproven);
}

void PrintQueue::OnProcessReply(absl::string_view token) {
  for (auto& [number, job] : jobs_) {
    if (!IsTokenOf(job, token)) continue;
    if (IsCurrent(job)) {
      proof_in_ = phase_ == Phase::kAwaiting;
    } else if (job.state == PrintState::kUnproven) {
      job.state = PrintState::kPrinted;  // late, and true all the same
      dirty_.insert(number);
    }
  }
}

void PrintQueue::OnBufferedReply() {
  if (profile_.proof != PrintProof::kBuffered) return;
  if (phase_ == Phase::kAwaiting) proof_in_ = true;
}

void PrintQueue::End(PrintState state) {
  Current().state = state;
  dirty_.insert(current_);
  phase_ = Phase::kIdle;
  Prune();
}

void PrintQueue::NeedResync() {
  resync_ = ResyncBytes();
  // The broken slip apart from the one that follows.
  if (profile_.cut != PaperCut::kNone) resync_ += std::string("\x1DVB\0", 4);
}

void PrintQueue::OnResync(size_t written) {
  resync_.erase(0, written);
  answer_due_ = false;
}

void PrintQueue::BecomeUnproven() {
  NeedResync();
  End(PrintState::kUnproven);
}

void PrintQueue::Prune() {
  size_t through = 0;
  for (const auto& [number, job] : jobs_) through += IsThrough(job) ? 1 : 0;
  for (auto it = jobs_.begin(); it != jobs_.end() && through > kKeptMax;) {
    if (!IsThrough(it->second)) {
      ++it;
      continue;
    }
    forget_.push_back(it->first);
    dirty_.erase(it->first);
    it = jobs_.erase(it);
    --through;
  }
}

std::string PrintQueue::TokenOf(const PrintJob& job, int attempt) const {
  // GS ( H takes printable characters: six bits in each.
  uint64_t value = job.number * 4 + static_cast<uint64_t>(attempt) % 4;
  std::string token;
  for (int i = 0; i < 4; ++i, value >>= 6) {
    token.push_back(static_cast<char>('0' + (value & 0x3F)));
  }
  return token;
}

bool PrintQueue::IsTokenOf(const PrintJob& job, absl::string_view token) const {
  for (int attempt = 1; attempt <= job.attempts; ++attempt) {
    if (token == TokenOf(job, attempt)) return true;
  }
  return false;
}

std::string PrintQueue::BytesToSend() {
  const PrintJob& job = Current();
  std::string bytes = job.is_copy ? job.copy : job.original;
  switch (profile_.proof) {
    case PrintProof::kProcessId:
      bytes += std::string("\x1D(H\6\0\x30\x30", 7);  // GS ( H fn 48
      bytes += TokenOf(job, job.attempts);
      break;
    case PrintProof::kBuffered:
      bytes += "\x1Dr1";  // GS r 1
      break;
    case PrintProof::kStatus:
      break;
  }
  return bytes;
}

bool PrintQueue::Advance(absl::Duration now) {
  PrintJob* const head = Head();
  if (head == nullptr) return false;
  if (head->state == PrintState::kUnproven && head->attempts >= kAttemptsMax) {
    head->state = PrintState::kFailed;
    dirty_.insert(head->number);
    Prune();
    return true;
  }
  const bool is_ready = status_.has_value() && status_->CanPrint() &&
                        now - status_at_ <= kStatusFreshFor;
  if (!is_ready) return false;
  head->is_copy |= head->state == PrintState::kUnproven;
  head->state = PrintState::kSending;
  ++head->attempts;
  current_ = head->number;
  phase_ = Phase::kSaving;
  proof_in_ = false;
  dirty_.insert(current_);
  return true;
}

PrintQueue::Action PrintQueue::AskOrWait(absl::Duration now) {
  Action action;
  // A printer that cannot print stores every question, until it is full.
  const bool is_stuck = status_.has_value() && !status_->CanPrint();
  const bool is_busy =
      !is_stuck && (phase_ != Phase::kIdle || Head() != nullptr);
  const absl::Duration due_at =
      answer_due_ ? asked_at_ + kAnswerTimeout
                  : asked_at_ + (is_busy ? kAskWhenBusy : kAskWhenIdle);
  if (now >= due_at) {
    action.kind = answer_due_ ? ActionKind::kDrop : ActionKind::kAsk;
    return action;
  }
  action.wake_at = due_at;
  if (phase_ == Phase::kAwaiting) {
    action.wake_at =
        std::min({due_at, proof_deadline_, quiet_since_ + kQuietTime});
  }
  return action;
}

PrintQueue::Action PrintQueue::Poll(absl::Duration now) {
  for (;;) {
    Action action;
    if (!dirty_.empty()) {
      if (now < save_again_at_) {
        action.wake_at = save_again_at_;
        return action;
      }
      action.kind = ActionKind::kSave;
      action.job = jobs_.at(*dirty_.begin());
      action.forget = forget_;
      return action;
    }
    if (!link_up_) return action;
    if (!resync_.empty() && phase_ != Phase::kSending) {
      action.kind = ActionKind::kResync;
      action.bytes = resync_;
      return action;
    }
    const bool quiet_is_proof = profile_.proof == PrintProof::kStatus &&
                                now - quiet_since_ >= kQuietTime &&
                                status_at_ > quiet_since_;
    switch (phase_) {
      case Phase::kIdle:
        if (Advance(now)) continue;
        return AskOrWait(now);
      case Phase::kSaving:
        BL_CHECK(false, "an attempt that is not saved is dirty");
        break;
      case Phase::kSaved:
        phase_ = Phase::kSending;
        action.kind = ActionKind::kSend;
        action.bytes = BytesToSend();
        return action;
      case Phase::kSending:
        return action;
      case Phase::kAwaiting:
        if (proof_in_ || quiet_is_proof) {
          End(PrintState::kPrinted);
          continue;
        }
        if (now >= proof_deadline_) {
          BecomeUnproven();
          continue;
        }
        return AskOrWait(now);
    }
  }
}

}  // namespace branchline
