#include "tools/drill/branch_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/tools/drill/csv_text.h"

namespace branchline::drill {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

// Stores big, mid and small with 4, 2 and 1 receipts; one in JPY.
SalesFile File() {
  std::string csv =
      "store,receipt_no,timestamp,sku,qty,unit_price,currency,kind\n";
  int number = 0;
  for (const char* store :
       {"mid", "big", "big", "small", "big", "mid", "big"}) {
    ++number;
    absl::StrAppend(&csv, store, ",", number, ",2024-01-0", number % 3 + 1,
                    "T10:00:00,tea,1,1,", number == 1 ? "JPY" : "GBP",
                    ",sale\n");
  }
  return *ReadSales(CsvOf(csv).get(), "a.csv");
}

TEST(BranchPlanTest, StoresAreSharedEvenly) {
  const SalesFile file = File();
  const std::vector<BranchPlan> plans = PlanBranches(file, 2);
  ASSERT_EQ(plans.size(), 2u);
  EXPECT_EQ(plans[0].code, "B01");
  EXPECT_EQ(plans[0].receipts, 4);
  EXPECT_THAT(plans[0].till_of, ElementsAre(Pair("big", 0u)));
  EXPECT_EQ(plans[1].receipts, 3);
  EXPECT_THAT(plans[1].till_of,
              ElementsAre(Pair("mid", 0u), Pair("small", 1u)));
  EXPECT_THAT(BranchesOfStores(plans),
              ElementsAre(Pair("big", "B01"), Pair("mid", "B02"),
                          Pair("small", "B02")));
}

TEST(BranchPlanTest, EveryBranchHasEveryDateOfTheFile) {
  const SalesFile file = File();
  const std::vector<BranchPlan> plans = PlanBranches(file, 5);
  for (const BranchPlan& plan : plans) EXPECT_EQ(plan.days.size(), 3u);
  EXPECT_EQ(plans[4].receipts, 0);
  EXPECT_TRUE(plans[4].till_of.empty());
  size_t receipts = 0;
  for (const BranchPlan& plan : plans) {
    for (const BranchDay& day : plan.days) receipts += day.receipts.size();
  }
  EXPECT_EQ(receipts, 7u);
}

TEST(BranchPlanTest, TheMainCurrencyIsThatOfMostReceipts) {
  EXPECT_EQ(MainCurrency(File()), "GBP");
  EXPECT_EQ(MainCurrency(SalesFile()), "EUR");
}

}  // namespace
}  // namespace branchline::drill
