#include "tools/drill/branch_plan.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace branchline::drill {

std::string TillName(size_t till) { return absl::StrCat("T", till + 1); }

std::vector<BranchPlan> PlanBranches(const SalesFile& file, int branches) {
  absl::flat_hash_map<absl::string_view, int64_t> receipts_of;
  for (const SalesDay& day : file.days) {
    for (const SalesReceipt& receipt : day.receipts) {
      ++receipts_of[receipt.store];
    }
  }
  std::vector<absl::string_view> stores = file.stores;
  std::stable_sort(stores.begin(), stores.end(),
                   [&](absl::string_view a, absl::string_view b) {
                     return receipts_of[a] > receipts_of[b];
                   });
  std::vector<BranchPlan> plans(static_cast<size_t>(branches));
  for (size_t i = 0; i < plans.size(); ++i) {
    plans[i].code = absl::StrFormat("B%02d", i + 1);
  }
  absl::flat_hash_map<absl::string_view, size_t> branch_of;
  for (absl::string_view store : stores) {
    const auto least = std::min_element(
        plans.begin(), plans.end(), [](const auto& a, const auto& b) {
          return std::pair(a.receipts, a.till_of.size()) <
                 std::pair(b.receipts, b.till_of.size());
        });
    least->till_of.emplace(store, least->till_of.size());
    least->receipts += receipts_of[store];
    branch_of[store] = static_cast<size_t>(least - plans.begin());
  }
  for (const SalesDay& day : file.days) {
    for (BranchPlan& plan : plans) plan.days.push_back({day.date, {}});
    for (const SalesReceipt& receipt : day.receipts) {
      BranchPlan& plan = plans[branch_of[receipt.store]];
      plan.days.back().receipts.push_back(&receipt);
      plan.lines += static_cast<int64_t>(receipt.lines.size());
    }
  }
  return plans;
}

std::map<std::string, std::string> BranchesOfStores(
    const std::vector<BranchPlan>& plans) {
  std::map<std::string, std::string> branches;
  for (const BranchPlan& plan : plans) {
    for (const auto& [store, till] : plan.till_of) {
      branches[std::string(store)] = plan.code;
    }
  }
  return branches;
}

std::string MainCurrency(const SalesFile& file) {
  std::map<absl::string_view, int64_t> counts;
  for (const SalesDay& day : file.days) {
    for (const SalesReceipt& receipt : day.receipts) ++counts[receipt.currency];
  }
  const auto most = std::max_element(
      counts.begin(), counts.end(),
      [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == counts.end() ? "EUR" : std::string(most->first);
}

}  // namespace branchline::drill
