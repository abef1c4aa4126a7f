#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tools/drill/sales_file.h"

namespace branchline::drill {

inline constexpr int kDrillBranchesMax = 200;

// One business date at one branch; no receipts if it sold nothing.
struct BranchDay {
  Date date = 0;
  std::vector<const SalesReceipt*> receipts;  // in the order of the file's day
};

// A branch of the drill, what it rings up and at which till.
struct BranchPlan {
  std::string code;                             // "B01"
  std::map<absl::string_view, size_t> till_of;  // by store, from 0
  std::vector<BranchDay> days;                  // every date of the file
  int64_t receipts = 0;
  int64_t lines = 0;
};

// "T1" for 0.
std::string TillName(size_t till);

// Shares the file's stores over `branches`, the one with the most receipts
// first, each to the branch that has the fewest so far: the same every time.
// Each store is one till of its branch; a branch without stores opens and
// closes its days all the same. Points into `file`.
std::vector<BranchPlan> PlanBranches(const SalesFile& file, int branches);

// Where each store went.
std::map<std::string, std::string> BranchesOfStores(
    const std::vector<BranchPlan>& plans);

// The currency that most receipts of the file are in; "EUR" if it has none.
std::string MainCurrency(const SalesFile& file);

}  // namespace branchline::drill
