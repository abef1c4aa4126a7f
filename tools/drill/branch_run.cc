#include "tools/drill/branch_run.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline::drill {
namespace {

// Enough that one sync serves several sales, few enough that a kill does not
// hit them all.
constexpr size_t kUnderWayMax = 8;
constexpr absl::Duration kPatience = absl::Seconds(180);
// A sale takes about so long: the kill comes before, in or after its commit.
constexpr uint64_t kKillWithinMicros = 2'500;

}  // namespace

BranchRun::BranchRun(Options options)
    : o_(std::move(options)),
      random_(o_.requests.seed * 1'000'003 + o_.branch),
      client_([this] { return o_.rig->CheckEdge(o_.branch); }, o_.clock) {}

absl::Status BranchRun::PairTills() {
  // A branch without a store has one till, to open and close its days.
  const size_t count = std::max<size_t>(1, o_.plan->till_of.size());
  for (size_t i = 0; i < count; ++i) {
    if (o_.progress->stop) return absl::CancelledError("interrupted");
    BL_ASSIGN_OR_RETURN(TillClient::Till till,
                        o_.rig->PairTill(o_.branch, TillName(i)));
    tills_.push_back(std::move(till));
  }
  queues_.resize(count);
  for (size_t i = 0; i < count; ++i) queues_[i].till = &tills_[i];
  return absl::OkStatus();
}

absl::Status BranchRun::Run() {
  BL_RETURN_IF_ERROR(PairTills());
  client_.Connect(o_.rig->till_port(o_.branch));
  for (const BranchDay& day : o_.plan->days) {
    BL_RETURN_IF_ERROR(
        Annotate(RunDay(day),
                 absl::StrCat(o_.plan->code, " on ", FormatDate(day.date))));
  }
  return absl::OkStatus();
}

absl::Status BranchRun::Do(TillRequest request, const std::string& what) {
  client_.Send(&tills_[0], std::move(request), nullptr);
  return Annotate(TakeAnswer(), what);
}

absl::Status BranchRun::RunDay(const BranchDay& day) {
  BL_RETURN_IF_ERROR(
      Do(o_.requests.Open(o_.plan->code, day.date), "open the day"));
  place_.clear();
  for (size_t i = 0; i < day.receipts.size(); ++i) {
    const SalesReceipt* receipt = day.receipts[i];
    const size_t till = o_.plan->till_of.at(receipt->store);
    place_[receipt] = i;
    if (queues_[till].receipts.empty()) ready_.emplace(i, till);
    queues_[till].receipts.push_back(receipt);
  }
  while (!ready_.empty() || client_.under_way() > 0) {
    if (o_.progress->stop) return absl::CancelledError("interrupted");
    if (ready_.empty() || client_.under_way() >= kUnderWayMax) {
      BL_RETURN_IF_ERROR(TakeAnswer());
      continue;
    }
    const size_t till = ready_.begin()->second;
    ready_.erase(ready_.begin());
    BL_RETURN_IF_ERROR(SendNext(&queues_[till], day.date));
  }
  return Do(o_.requests.Close(o_.plan->code, day.date), "close the day");
}

absl::Status BranchRun::SendNext(TillQueue* queue, Date date) {
  bool kill_while_ringing = false;
  BL_RETURN_IF_ERROR(EndFaults());
  BL_RETURN_IF_ERROR(BeginFaults(&kill_while_ringing));
  const SalesReceipt* receipt = queue->receipts.front();
  BL_ASSIGN_OR_RETURN(TillRequest request, o_.requests.Of(*receipt, date));
  o_.progress->CountSent();
  ++sent_;
  client_.Send(queue->till, std::move(request), receipt);
  if (!kill_while_ringing) return absl::OkStatus();
  usleep(static_cast<useconds_t>(random_.Below(kKillWithinMicros)));
  return KillAndRestart();
}

absl::Status BranchRun::TakeAnswer() {
  absl::StatusOr<TillClient::Answer> answer = client_.Next(kPatience);
  if (!answer.ok()) return answer.status();
  const auto* receipt = static_cast<const SalesReceipt*>(answer->tag);
  if (!answer->status.ok()) {
    return receipt == nullptr
               ? answer->status
               : Annotate(answer->status,
                          absl::StrCat("receipt ", receipt->receipt_no,
                                       " of store ", receipt->store, ", row ",
                                       receipt->lines[0].row));
  }
  if (answer->repeated) ++tally_.repeated;
  if (answer->tries > 1) ++tally_.retried;
  if (receipt == nullptr) return absl::OkStatus();
  o_.progress->CountReceipt(answer->repeated);
  const size_t till = static_cast<size_t>(answer->till - tills_.data());
  TillQueue& queue = queues_[till];
  queue.receipts.pop_front();
  if (!queue.receipts.empty()) {
    ready_.emplace(place_[queue.receipts.front()], till);
  }
  return absl::OkStatus();
}

absl::Status BranchRun::Drain() {
  while (client_.under_way() > 0) BL_RETURN_IF_ERROR(TakeAnswer());
  return absl::OkStatus();
}

absl::Status BranchRun::EndFaults() {
  const auto over = [this](const Fault& fault) { return fault.end <= sent_; };
  const auto ended =
      std::find_if(line_faults_.begin(), line_faults_.end(), over);
  if (ended == line_faults_.end()) return absl::OkStatus();
  line_faults_.erase(ended);
  BL_RETURN_IF_ERROR(o_.rig->HealLine(o_.branch));
  uint64_t seq = 0;
  for (const TillClient::Till& till : tills_) {
    seq = std::max(seq, till.last_seen.seq());
  }
  o_.watch->Healed(o_.branch, seq);
  return absl::OkStatus();
}

absl::Status BranchRun::BeginFaults(bool* kill_while_ringing) {
  for (;
       next_fault_ < o_.faults.size() && o_.faults[next_fault_].begin <= sent_;
       ++next_fault_) {
    const Fault& fault = o_.faults[next_fault_];
    switch (fault.kind) {
      case FaultKind::kCutLine:
        o_.rig->CutLine(o_.branch, fault.cut);
        line_faults_.push_back(fault);
        ++tally_.outages;
        o_.progress->CountOutage();
        break;
      case FaultKind::kSlowLine:
        o_.rig->SlowLine(o_.branch, fault.pace);
        line_faults_.push_back(fault);
        ++tally_.slow_lines;
        o_.progress->CountSlowLine();
        break;
      case FaultKind::kKillNode:
        if (fault.while_ringing && !*kill_while_ringing) {
          *kill_while_ringing = true;
          break;
        }
        BL_RETURN_IF_ERROR(Drain());
        BL_RETURN_IF_ERROR(KillAndRestart());
        break;
    }
  }
  return absl::OkStatus();
}

absl::Status BranchRun::KillAndRestart() {
  o_.rig->KillEdge(o_.branch);
  ++tally_.kills;
  o_.progress->CountKill();
  BL_RETURN_IF_ERROR(o_.rig->RestartEdge(o_.branch));
  client_.Connect(o_.rig->till_port(o_.branch));
  return absl::OkStatus();
}

}  // namespace branchline::drill
