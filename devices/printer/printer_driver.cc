#include "devices/printer/printer_driver.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/printer/block_rules.h"
#include "devices/printer/escpos_writer.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// The slowest line, 9600 baud, takes a kilobyte in a second; a printer that
// takes nothing at all for this long waits for paper.
constexpr absl::Duration kStallTimeout = absl::Seconds(5);
constexpr size_t kWriteSize = 1'024;  // bytes that each get kStallTimeout
constexpr absl::Duration kAskTimeout = absl::Milliseconds(200);
constexpr int kQuestions = 4;

}  // namespace

PrinterDriver::PrinterDriver(const PrinterProfile& profile,
                             std::unique_ptr<Transport> transport,
                             PrintJobStore* store, Clock* clock, Random* random,
                             std::vector<PrintJob> loaded)
    : profile_(profile),
      store_(store),
      clock_(clock),
      link_(std::move(transport), clock, random),
      queue_(profile, std::move(loaded)) {}

absl::StatusOr<std::unique_ptr<PrinterDriver>> PrinterDriver::Make(
    const PrinterProfile& profile, std::unique_ptr<Transport> transport,
    PrintJobStore* store, Clock* clock, Random* random) {
  BL_ASSIGN_OR_RETURN(std::vector<PrintJob> jobs, store->Load());
  return std::unique_ptr<PrinterDriver>(new PrinterDriver(
      profile, std::move(transport), store, clock, random, std::move(jobs)));
}

absl::Status PrinterDriver::Save(const PrintJob& job) {
  const absl::Status status = store_->Save(job);
  last_trouble_ = std::string(status.message());
  return status;
}

absl::Status PrinterDriver::Print(absl::string_view id, std::string original,
                                  std::string copy) {
  absl::MutexLock lock(&mutex_);
  const size_t waiting = queue_.waiting_count();
  BL_ASSIGN_OR_RETURN(const PrintJob job,
                      queue_.Add(id, std::move(original), std::move(copy)));
  if (queue_.waiting_count() == waiting) return absl::OkStatus();  // known
  const absl::Status saved = Save(job);
  if (!saved.ok()) queue_.Forget(job.number);
  work_came_.Signal();
  return saved;
}

absl::Status PrinterDriver::Reprint(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  BL_ASSIGN_OR_RETURN(const PrintJob job, queue_.Reprint(id));
  return Save(job);
}

absl::Status PrinterDriver::GiveUp(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  BL_ASSIGN_OR_RETURN(const PrintJob job, queue_.GiveUp(id));
  return Save(job);
}

absl::Status PrinterDriver::Hold(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  return queue_.Hold(id);
}

void PrinterDriver::Release(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  queue_.Release(id);
}

absl::Status PrinterDriver::Withdraw(absl::string_view id) {
  absl::MutexLock lock(&mutex_);
  BL_ASSIGN_OR_RETURN(const uint64_t number, queue_.Withdraw(id));
  return store_->Remove(number);
}

absl::Status PrinterDriver::OpenDrawer(const DrawerBlock& pulse) {
  BL_RETURN_IF_ERROR(CheckDrawer(pulse));
  const LinkStatus link = link_.status();
  if (!link.open) {
    return absl::UnavailableError(
        absl::StrCat("open the drawer at printer ", link.name,
                     ": the printer is not there; open it by its key"));
  }
  absl::MutexLock lock(&mutex_);
  pulse_ = Pulse{pulse, clock_->MonotonicNow()};
  return absl::OkStatus();
}

void PrinterDriver::KeepOpen() {
  (void)link_.EnsureOpen();  // its error is in Report()
  if (link_.IsOpen() == was_open_) return;
  was_open_ = link_.IsOpen();
  parser_.Reset();
  next_answer_ = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (was_open_) {
      queue_.OnLinkUp();
    } else {
      queue_.OnLinkDown();
    }
  }
}

void PrinterDriver::SendPulse() {
  std::optional<Pulse> pulse;
  bool can_print = false;
  {
    absl::MutexLock lock(&mutex_);
    pulse = std::exchange(pulse_, std::nullopt);
    can_print = queue_.printer_status().has_value() &&
                queue_.printer_status()->CanPrint();
  }
  if (!pulse.has_value() ||
      clock_->MonotonicNow() - pulse->since > kPulseMaxAge) {
    return;
  }
  const bool pin_five = pulse->block.pin == 5;
  std::string bytes;
  if (!can_print && profile_.real_time_pulse) {
    // DLE DC4 1 m t, in units of 100 ms: works with the paper out.
    const int t = std::clamp(pulse->block.on_ms / 100, 1, 8);
    bytes = {'\x10', '\x14', '\1', pin_five ? '\1' : '\0',
             static_cast<char>(t)};
  } else {
    bytes = {'\x1B', 'p', pin_five ? '\1' : '\0',
             static_cast<char>(pulse->block.on_ms / 2),
             static_cast<char>(pulse->block.off_ms / 2)};
  }
  WriteShort(bytes);
}

void PrinterDriver::WriteShort(absl::string_view bytes) {
  size_t written = 0;
  const absl::Status status = link_.Write(bytes, kAskTimeout, &written);
  if (status.ok() || written == 0) return;
  absl::MutexLock lock(&mutex_);
  queue_.OnShortWriteBroken();
}

void PrinterDriver::Ask() {
  next_answer_ = 0;
  gathered_ = PrinterStatus();
  // GS a: from then on drawer, line, error and paper changes are told without
  // a question.
  WriteShort(absl::StrCat(profile_.status_back ? "\x1D\x61\x0F" : "",
                          StatusQuestions()));
  absl::MutexLock lock(&mutex_);
  queue_.OnAsked(clock_->MonotonicNow());
}

void PrinterDriver::Perform(const PrintQueue::Action& action) {
  switch (action.kind) {
    case PrintQueue::ActionKind::kNone:
      return;
    case PrintQueue::ActionKind::kAsk:
      return Ask();
    case PrintQueue::ActionKind::kDrop:
      return link_.Drop("it answers no question; is it on, is it a printer?");
    case PrintQueue::ActionKind::kSave: {
      absl::MutexLock lock(&mutex_);
      absl::Status status = Save(action.job);
      for (const uint64_t number : action.forget) {
        if (status.ok()) status = store_->Remove(number);
      }
      queue_.OnSaved(action.job.number, status, clock_->MonotonicNow());
      return;
    }
    case PrintQueue::ActionKind::kResync: {
      size_t written = 0;
      (void)link_.Write(action.bytes, kAskTimeout, &written);
      absl::MutexLock lock(&mutex_);
      queue_.OnResync(written);
      return;
    }
    case PrintQueue::ActionKind::kSend: {
      size_t written = 0;
      absl::Status status;
      while (status.ok() && written < action.bytes.size()) {
        size_t count = 0;
        status = link_.Write(
            absl::string_view(action.bytes).substr(written, kWriteSize),
            kStallTimeout, &count);
        written += count;
      }
      absl::MutexLock lock(&mutex_);
      if (status.ok()) return queue_.OnSent(clock_->MonotonicNow());
      return queue_.OnSendBroken(written);
    }
  }
}

void PrinterDriver::Handle(const PrinterReply& reply) {
  const absl::Duration now = clock_->MonotonicNow();
  absl::MutexLock lock(&mutex_);
  if (const auto* const answer = std::get_if<RealTimeReply>(&reply)) {
    if (next_answer_ >= kQuestions) return;  // not asked for
    ApplyRealTimeStatus(++next_answer_, answer->bits, &gathered_);
    if (next_answer_ == kQuestions) queue_.OnStatus(gathered_, now);
  } else if (const auto* const back = std::get_if<StatusBackReply>(&reply)) {
    queue_.OnStatus(back->status, now);
  } else if (const auto* const proof = std::get_if<ProcessReply>(&reply)) {
    queue_.OnProcessReply(proof->token);
  } else if (std::holds_alternative<BufferedReply>(reply)) {
    queue_.OnBufferedReply();
  }
}

void PrinterDriver::ReadReplies(absl::Duration wait_max) {
  char buffer[256];
  const absl::StatusOr<size_t> count =
      link_.Read(buffer, sizeof(buffer), wait_max);
  if (!count.ok()) return;
  parser_.Feed(absl::string_view(buffer, *count),
               [this](const PrinterReply& reply) { Handle(reply); });
}

void PrinterDriver::Step(absl::Duration wait_max) {
  KeepOpen();
  if (link_.IsOpen()) SendPulse();
  PrintQueue::Action action;
  {
    absl::MutexLock lock(&mutex_);
    action = queue_.Poll(clock_->MonotonicNow());
  }
  Perform(action);
  if (!link_.IsOpen()) {
    // Nothing to read, and nothing to do before the next try.
    absl::MutexLock lock(&mutex_);
    work_came_.WaitWithTimeout(&mutex_,
                               std::min(wait_max, link_.status().next_try_in));
    return;
  }
  const absl::Duration wait =
      action.kind == PrintQueue::ActionKind::kNone
          ? std::clamp(action.wake_at - clock_->MonotonicNow(),
                       absl::ZeroDuration(), wait_max)
          : absl::ZeroDuration();
  ReadReplies(wait);
}

PrinterReport PrinterDriver::Report() const {
  PrinterReport report;
  report.link = link_.status();
  absl::MutexLock lock(&mutex_);
  report.status = queue_.printer_status();
  report.waiting_jobs = queue_.waiting_count();
  for (const PrintJob& job : queue_.Jobs()) {
    report.failed_jobs += job.state == PrintState::kFailed ? 1 : 0;
  }
  report.last_trouble = last_trouble_;
  return report;
}

std::vector<PrintJob> PrinterDriver::Jobs() const {
  absl::MutexLock lock(&mutex_);
  return queue_.Jobs();
}

}  // namespace branchline
