#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "sync/base/clock.h"
#include "tools/drill/branch_run.h"
#include "tools/drill/compare_books.h"
#include "tools/drill/progress.h"
#include "tools/drill/sales_file.h"

namespace branchline::drill {

struct DrillOptions {
  std::string file;
  int branches = 3;  // 1 to kDrillBranchesMax
  uint64_t seed = 1;
  std::string work_dir;
  bool skip_bad = false;  // leave out broken rows
  bool faults = true;
};

struct BranchResult {
  std::string code;
  size_t stores = 0;
  // As the hub has them.
  int64_t receipts = 0;
  int64_t lines = 0;
  std::map<std::string, int64_t> net_minor;  // by currency
  BranchTally tally;
  int64_t events = 0;  // of its journal
  int64_t lost = 0;
  int64_t doubled = 0;
  // After an outage or at the end, at the worst.
  absl::Duration caught_up_after;
};

struct DrillResult {
  std::vector<BranchResult> branches;
  int64_t hub_kills = 0;
  std::vector<SkippedRow> skipped;
  Differences differences;  // none: exact
  absl::Duration rang_for;
  absl::Duration took;
};

// The outage rehearsal: starts a hub and branches as processes, rings up a
// file's receipts through the tills while it cuts lines and kills processes,
// heals everything, and compares the hub's books with what the file comes to by
// itself. No process is left when it returns; the data directories are.
//
//   INVALID_ARGUMENT  the file; see sales_file.h and till_request.h
//   CANCELLED         progress->stop
//   others            something could not be started, refused a command, or
//                     ended by itself
absl::StatusOr<DrillResult> RunDrill(const DrillOptions& options,
                                     Progress* progress, const Clock* clock);

}  // namespace branchline::drill
