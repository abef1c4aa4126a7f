#include "tools/drill/fault_plan.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace branchline::drill {
namespace {

std::string Text(const FaultPlan& plan) {
  std::string text;
  for (size_t i = 0; i < plan.by_branch.size(); ++i) {
    for (const Fault& fault : plan.by_branch[i]) {
      absl::StrAppend(&text, "branch ", i, ": ", Describe(fault), "\n");
    }
  }
  for (const Fault& fault : plan.hub) {
    absl::StrAppend(&text, "hub: ", Describe(fault), "\n");
  }
  return text;
}

TEST(FaultPlanTest, ReadsLikeAStory) {
  EXPECT_EQ(
      Text(MakeFaultPlan({.seed = 7, .receipts_by_branch = {900, 1, 0}})),
      "branch 0: cut line (stall) for receipts 146 to 314\n"
      "branch 0: kill -9 before receipt 291\n"
      "branch 0: slow line (189ms, 82000 bytes/s) for receipts 491 to 866\n"
      "branch 1: cut line (reset) for receipts 0 to 1\n"
      "branch 1: kill -9 while ringing up receipt 0\n"
      "hub: kill -9 before receipt 351, down until 355\n");
}

TEST(FaultPlanTest, TheSameSeedGivesTheSamePlan) {
  const FaultPlanOptions options{.seed = 42, .receipts_by_branch = {500, 3, 0}};
  EXPECT_EQ(Text(MakeFaultPlan(options)), Text(MakeFaultPlan(options)));
  FaultPlanOptions other = options;
  other.seed = 43;
  EXPECT_NE(Text(MakeFaultPlan(options)), Text(MakeFaultPlan(other)));
  // A branch's faults do not hang on the other branches.
  other = options;
  other.receipts_by_branch.push_back(700);
  EXPECT_EQ(MakeFaultPlan(options).by_branch.size() + 1,
            MakeFaultPlan(other).by_branch.size());
  FaultPlan fewer = MakeFaultPlan(options);
  FaultPlan more = MakeFaultPlan(other);
  more.by_branch.pop_back();
  more.hub = fewer.hub;
  EXPECT_EQ(Text(more), Text(fewer));
}

// What the header promises, over many seeds and sizes.
class PromiseTest : public testing::TestWithParam<int64_t> {};

TEST_P(PromiseTest, Holds) {
  const int64_t receipts = GetParam();
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    const FaultPlan plan = MakeFaultPlan(
        {.seed = seed, .receipts_by_branch = {receipts, 0, receipts}});
    ASSERT_EQ(plan.by_branch.size(), 3u);
    EXPECT_TRUE(plan.by_branch[1].empty()) << "no receipt, no fault";
    for (const size_t branch : {0, 2}) {
      int64_t outages = 0;
      int64_t kills = 0;
      int64_t line_faults = 0;
      int64_t line_free_at = 0;
      int64_t last_begin = 0;
      for (const Fault& fault : plan.by_branch[branch]) {
        EXPECT_GE(fault.begin, last_begin) << "in order";
        last_begin = fault.begin;
        EXPECT_LT(fault.begin, receipts);
        EXPECT_LE(fault.end, receipts);
        if (fault.kind == FaultKind::kKillNode) {
          ++kills;
          EXPECT_EQ(fault.end, fault.begin);
          continue;
        }
        ++line_faults;
        outages += fault.kind == FaultKind::kCutLine ? 1 : 0;
        EXPECT_GE(fault.begin, line_free_at) << "faults of a line overlap";
        EXPECT_GT(fault.end, fault.begin) << "no receipt in the fault";
        line_free_at = fault.end;
      }
      EXPECT_GE(outages, 1);
      EXPECT_GE(kills, 1);
      EXPECT_LE(line_faults, kLineFaultsPerBranchMax);
      EXPECT_LE(kills, kKillsPerBranchMax);
    }
    EXPECT_GE(plan.hub.size(), 1u);
    EXPECT_LE(plan.hub.size(), static_cast<size_t>(kHubKillsMax));
    int64_t hub_up_at = 0;
    for (const Fault& fault : plan.hub) {
      EXPECT_GE(fault.begin, hub_up_at);
      EXPECT_GT(fault.end, fault.begin);
      EXPECT_LE(fault.end, 2 * receipts);
      hub_up_at = fault.end;
    }
    EXPECT_GE(plan.OutageCount(), 2);
    EXPECT_GE(plan.KillCount(), 3);
  }
}

INSTANTIATE_TEST_SUITE_P(Receipts, PromiseTest,
                         testing::Values(1, 2, 3, 10, 399, 801, 16'000,
                                         1'000'000));

TEST(FaultPlanTest, NothingToRingUpIsNothingToBreak) {
  const FaultPlan plan = MakeFaultPlan({.seed = 1, .receipts_by_branch = {0}});
  EXPECT_EQ(plan.OutageCount(), 0);
  EXPECT_EQ(plan.KillCount(), 0);
}

TEST(FaultPlanTest, EveryKindOccurs) {
  std::set<std::string> kinds;
  const FaultPlan plan =
      MakeFaultPlan({.seed = 3, .receipts_by_branch = {6'000, 6'000}});
  for (const auto& faults : plan.by_branch) {
    for (const Fault& fault : faults) {
      kinds.insert(Describe(fault).substr(0, 16));
    }
  }
  EXPECT_TRUE(kinds.count("cut line (reset)"));
  EXPECT_TRUE(kinds.count("cut line (stall)"));
  EXPECT_TRUE(kinds.count("kill -9 before r"));
  EXPECT_TRUE(kinds.count("kill -9 while ri"));
  EXPECT_EQ(kinds.lower_bound("slow line (")->substr(0, 11), "slow line (");
}

}  // namespace
}  // namespace branchline::drill
