// PrintQueue's jobs, as its callers see them: added, reprinted, given up, sent
// to another printer.

#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/printer/print_queue.h"
#include "devices/printer/receipt_document.h"

namespace branchline {
namespace {

absl::Status CheckForm(absl::string_view what, const std::string& bytes) {
  if (!bytes.empty() && bytes.size() <= kReceiptBytesMax) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("queue a slip: its ", what, " has ", bytes.size(),
                   " bytes, want 1 to ", kReceiptBytesMax));
}

absl::Status NoSuchJob(absl::string_view id) {
  return absl::NotFoundError(absl::StrCat(
      "no print job '", id, "' any more; print it from the journal instead"));
}

}  // namespace

PrintJob* PrintQueue::Find(absl::string_view id) {
  for (auto& [number, job] : jobs_) {
    if (job.id == id) return &job;
  }
  return nullptr;
}

absl::StatusOr<PrintJob> PrintQueue::Add(absl::string_view id,
                                         std::string original,
                                         std::string copy) {
  if (id.empty() || id.size() > kPrintJobIdSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("queue a slip: its id has ", id.size(),
                     " bytes, want 1 to ", kPrintJobIdSizeMax));
  }
  if (const PrintJob* const known = Find(id); known != nullptr) return *known;
  if (absl::Status status = CheckForm("original", original); !status.ok()) {
    return status;
  }
  if (absl::Status status = CheckForm("copy", copy); !status.ok()) {
    return status;
  }
  if (waiting_count() >= kWaitingMax) {
    return absl::ResourceExhaustedError(
        absl::StrCat("queue a slip: ", kWaitingMax,
                     " wait already; look after the printer, or give some up"));
  }
  PrintJob job;
  job.id = std::string(id);
  job.number = jobs_.empty() ? 1 : jobs_.rbegin()->first + 1;
  job.original = std::move(original);
  job.copy = std::move(copy);
  return jobs_[job.number] = std::move(job);
}

absl::StatusOr<PrintJob> PrintQueue::Reprint(absl::string_view id) {
  PrintJob* const job = Find(id);
  if (job == nullptr) return NoSuchJob(id);
  if (!IsThrough(*job)) {
    return absl::FailedPreconditionError(
        absl::StrCat("reprint '", id, "': it is ", ToText(job->state),
                     "; wait until it is through, or give it up"));
  }
  job->state = PrintState::kWaiting;
  job->is_copy = true;
  job->attempts = 0;
  return *job;
}

absl::StatusOr<PrintJob> PrintQueue::GiveUp(absl::string_view id) {
  PrintJob* const job = Find(id);
  if (job == nullptr) return NoSuchJob(id);
  if (IsCurrent(*job) || IsThrough(*job)) {
    return absl::FailedPreconditionError(
        absl::StrCat("give up '", id, "': it is ", ToText(job->state)));
  }
  job->state = PrintState::kFailed;
  return *job;
}

absl::Status PrintQueue::Hold(absl::string_view id) {
  const PrintJob* const job = Find(id);
  if (job == nullptr) return NoSuchJob(id);
  if (IsCurrent(*job) || job->state != PrintState::kWaiting) {
    return absl::FailedPreconditionError(absl::StrCat(
        "send '", id, "' to another printer: it is ", ToText(job->state)));
  }
  held_.insert(job->number);
  return absl::OkStatus();
}

void PrintQueue::Release(absl::string_view id) {
  if (const PrintJob* const job = Find(id); job != nullptr) {
    held_.erase(job->number);
  }
}

absl::StatusOr<uint64_t> PrintQueue::Withdraw(absl::string_view id) {
  const PrintJob* const job = Find(id);
  if (job == nullptr) return NoSuchJob(id);
  const uint64_t number = job->number;
  if (held_.count(number) == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("withdraw '", id, "': it was not held"));
  }
  Forget(number);
  return number;
}

void PrintQueue::Forget(uint64_t number) {
  jobs_.erase(number);
  held_.erase(number);
  dirty_.erase(number);
}

std::vector<PrintJob> PrintQueue::Jobs() const {
  std::vector<PrintJob> jobs;
  for (const auto& [number, job] : jobs_) jobs.push_back(job);
  return jobs;
}

size_t PrintQueue::waiting_count() const {
  size_t count = 0;
  for (const auto& [number, job] : jobs_) count += IsThrough(job) ? 0 : 1;
  return count;
}

}  // namespace branchline
