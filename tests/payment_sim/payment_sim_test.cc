// Many seeds of a till with a card terminal and wallets in trouble. One seed:
// BRANCHLINE_SIM_SEED=7. More of them: BRANCHLINE_SIM_SEEDS=10000.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "absl/strings/numbers.h"
#include "tests/payment_sim/payment_world.h"

namespace branchline {
namespace {

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* const text = std::getenv(name);
  uint64_t value = 0;
  return text != nullptr && absl::SimpleAtoi(text, &value) ? value : otherwise;
}

TEST(PaymentSimTest, MoneyAndGoodsAgreeWhateverHappens) {
  const uint64_t only = FromEnvironment("BRANCHLINE_SIM_SEED", 0);
  const uint64_t last =
      only != 0 ? only : FromEnvironment("BRANCHLINE_SIM_SEEDS", 12);
  PaymentSimResult sum;
  for (uint64_t seed = only != 0 ? only : 1; seed <= last; ++seed) {
    const PaymentSimResult result = RunPaymentSim(seed);
    ASSERT_EQ(result.violation, "") << "BRANCHLINE_SIM_SEED=" << seed;
    sum.sales_paid += result.sales_paid;
    sum.sales_abandoned += result.sales_abandoned;
    sum.crashes += result.crashes;
    sum.attempts += result.attempts;
    sum.settled_by_hand += result.settled_by_hand;
    sum.undone += result.undone;
    sum.refunds += result.refunds;
  }
  std::printf(
      "  %d sales paid, %d given up, %d attempts, %d crashes, %d settled by "
      "hand, %d undone, %d given back\n",
      sum.sales_paid, sum.sales_abandoned, sum.attempts, sum.crashes,
      sum.settled_by_hand, sum.undone, sum.refunds);
  if (only != 0) return;
  // The runs must have been worth it.
  EXPECT_GT(sum.sales_paid, 0);
  EXPECT_GT(sum.sales_abandoned, 0);
  EXPECT_GT(sum.crashes, 0);
  EXPECT_GT(sum.settled_by_hand, 0);
  EXPECT_GT(sum.undone, 0);
  EXPECT_GT(sum.refunds, 0);
}

}  // namespace
}  // namespace branchline
