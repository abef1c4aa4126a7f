#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tools/drill/delay_line.h"
#include "tools/drill/line_proxy.h"

namespace branchline::drill {

enum class FaultKind {
  kCutLine,   // ... until its end: no line
  kSlowLine,  // ... until its end: a poor line
  kKillNode,  // kill -9; started again at its end
};

// One fault of a branch or of the hub, in terms of progress and not of time, so
// that a plan means the same on a slow machine: it begins just before receipt
// number `begin` is rung up and ends just before number `end`, counted from 0.
// For a branch its own receipts are counted, for the hub those of all branches.
struct Fault {
  FaultKind kind = FaultKind::kCutLine;
  int64_t begin = 0;
  int64_t end =
      0;  // >= begin; may be the number of all receipts: after the last
  CutKind cut = CutKind::kReset;  // kCutLine
  Pace pace;                      // kSlowLine
  // kKillNode of a branch: the command for receipt `begin` has been sent when
  // the kill comes, so its answer may be lost although it was committed.
  bool while_ringing = false;
};

struct FaultPlanOptions {
  uint64_t seed = 0;
  // How many receipts each branch rings up.
  std::vector<int64_t> receipts_by_branch;
};

// What goes wrong in a drill.
//
//   - every branch with a receipt has at least one outage (a cut line) and at
//     least one kill; every other fault of a line lasts for receipts too
//   - the hub has at least one kill, if there is a receipt at all
//   - the faults of a line do not overlap each other; kills come at any time,
//     in outages too
//   - a killed edge is started again at once: it cannot ring up receipts while
//     it is down (end == begin); the hub stays down for some
//   - both kinds of cut, and kills with and without a command under way, occur
//     if there are enough faults
struct FaultPlan {
  std::vector<std::vector<Fault>> by_branch;  // each by begin
  std::vector<Fault> hub;                     // kills, by begin

  // Cut lines.
  int64_t OutageCount() const;
  int64_t KillCount() const;
};

inline constexpr int64_t kLineFaultsPerBranchMax = 12;
inline constexpr int64_t kKillsPerBranchMax = 6;
inline constexpr int64_t kHubKillsMax = 6;

// Pure: the same options give the same plan on every machine.
FaultPlan MakeFaultPlan(const FaultPlanOptions& options);

// One line for a log: "cut line (stall) for receipts 17 to 42".
std::string Describe(const Fault& fault);

}  // namespace branchline::drill
