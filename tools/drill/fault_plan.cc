#include "tools/drill/fault_plan.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "sync/base/random.h"

namespace branchline::drill {
namespace {

// Long enough to gather a backlog, short enough that a branch with few receipts
// has several.
constexpr int64_t kReceiptsPerLineFault = 400;
constexpr int64_t kReceiptsPerKill = 800;
constexpr int64_t kReceiptsPerHubKill = 3'000;
constexpr int64_t kHubDownReceiptsMax = 200;

int64_t Count(int64_t receipts, int64_t per, int64_t max) {
  if (receipts == 0) return 0;
  return std::clamp<int64_t>(receipts / per, 1, max);
}

// Even over first .. last.
Fault LineFault(SeededRandom* random, int64_t index) {
  Fault fault;
  // The first is a cut: every branch has an outage. Then two cuts to one slow
  // line.
  if (index % 3 == 1) {
    fault.kind = FaultKind::kSlowLine;
    fault.pace.delay = absl::Milliseconds(random->Between(20, 300));
    fault.pace.bytes_per_second = random->Between(20, 200) * 1'000;
  } else {
    fault.kind = FaultKind::kCutLine;
    fault.cut = random->Below(2) == 0 ? CutKind::kReset : CutKind::kStall;
  }
  return fault;
}

// Faults of one line, each in its own stretch of the branch's receipts so that
// they do not overlap.
void AddLineFaults(SeededRandom* random, int64_t receipts,
                   std::vector<Fault>* faults) {
  const int64_t count =
      Count(receipts, kReceiptsPerLineFault, kLineFaultsPerBranchMax);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t first = receipts * i / count;
    const int64_t last = receipts * (i + 1) / count;  // one behind
    Fault fault = LineFault(random, i);
    fault.begin = random->Between(first, first + (last - first - 1) / 2);
    fault.end = random->Between(fault.begin + 1, last);
    faults->push_back(fault);
  }
}

void AddKills(SeededRandom* random, int64_t receipts,
              std::vector<Fault>* faults) {
  const int64_t count = Count(receipts, kReceiptsPerKill, kKillsPerBranchMax);
  std::vector<Fault> outages;
  for (const Fault& fault : *faults) {
    if (fault.kind == FaultKind::kCutLine) outages.push_back(fault);
  }
  for (int64_t i = 0; i < count; ++i) {
    Fault fault;
    fault.kind = FaultKind::kKillNode;
    // Every other kill comes in an outage, where it hurts most: what was rung
    // up is on that box and nowhere else.
    if (i % 2 == 0) {
      const Fault& outage = outages[random->Below(outages.size())];
      fault.begin = random->Between(outage.begin, outage.end - 1);
    } else {
      fault.begin = random->Between(0, receipts - 1);
    }
    fault.end = fault.begin;
    fault.while_ringing = random->Below(3) != 0;
    faults->push_back(fault);
  }
}

void SortByBegin(std::vector<Fault>* faults) {
  std::stable_sort(
      faults->begin(), faults->end(),
      [](const Fault& a, const Fault& b) { return a.begin < b.begin; });
}

std::vector<Fault> HubKills(SeededRandom* random, int64_t receipts) {
  std::vector<Fault> kills;
  const int64_t count = Count(receipts, kReceiptsPerHubKill, kHubKillsMax);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t first = receipts * i / count;
    const int64_t last = receipts * (i + 1) / count;
    Fault fault;
    fault.kind = FaultKind::kKillNode;
    fault.begin = random->Between(first, last - 1);
    fault.end =
        std::min(last, fault.begin + random->Between(1, kHubDownReceiptsMax));
    kills.push_back(fault);
  }
  return kills;
}

int64_t CountKind(const std::vector<Fault>& faults, FaultKind kind) {
  return std::count_if(faults.begin(), faults.end(),
                       [kind](const Fault& f) { return f.kind == kind; });
}

}  // namespace

int64_t FaultPlan::OutageCount() const {
  int64_t count = 0;
  for (const auto& faults : by_branch) {
    count += CountKind(faults, FaultKind::kCutLine);
  }
  return count;
}

int64_t FaultPlan::KillCount() const {
  int64_t count = static_cast<int64_t>(hub.size());
  for (const auto& faults : by_branch) {
    count += CountKind(faults, FaultKind::kKillNode);
  }
  return count;
}

FaultPlan MakeFaultPlan(const FaultPlanOptions& options) {
  FaultPlan plan;
  for (size_t i = 0; i < options.receipts_by_branch.size(); ++i) {
    // A generator for each branch: one more branch changes no other's faults.
    SeededRandom seeds(options.seed);
    SeededRandom random(seeds.Next() + i);
    std::vector<Fault> faults;
    const int64_t receipts = options.receipts_by_branch[i];
    AddLineFaults(&random, receipts, &faults);
    AddKills(&random, receipts, &faults);
    SortByBegin(&faults);
    plan.by_branch.push_back(std::move(faults));
  }
  SeededRandom random(options.seed);
  plan.hub = HubKills(
      &random, std::accumulate(options.receipts_by_branch.begin(),
                               options.receipts_by_branch.end(), int64_t{0}));
  return plan;
}

std::string Describe(const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::kCutLine:
      return absl::StrCat("cut line (",
                          fault.cut == CutKind::kReset ? "reset" : "stall",
                          ") for receipts ", fault.begin, " to ", fault.end);
    case FaultKind::kSlowLine:
      return absl::StrCat("slow line (", absl::FormatDuration(fault.pace.delay),
                          ", ", fault.pace.bytes_per_second,
                          " bytes/s) for receipts ", fault.begin, " to ",
                          fault.end);
    case FaultKind::kKillNode:
      return absl::StrCat(
          "kill -9 ", fault.while_ringing ? "while ringing up" : "before",
          " receipt ", fault.begin,
          fault.end > fault.begin ? absl::StrCat(", down until ", fault.end)
                                  : "");
  }
  return "unknown fault";
}

}  // namespace branchline::drill
