// Tests the tests: every planted fault must be caught by the simulation.

#include <cstdio>

#include "gtest/gtest.h"
#include "sync/base/mutant.h"
#include "tests/sim/world.h"

namespace branchline {

Mutant g_mutant = Mutant::kNone;

namespace {

// A rule whose absence nobody notices in so many runs is not tested.
constexpr uint64_t kSeedsMax = 200;

struct MutationCase {
  const char* name;
  Mutant mutant;
};

class MutationTest : public ::testing::TestWithParam<MutationCase> {
 protected:
  ~MutationTest() override { g_mutant = Mutant::kNone; }
};

TEST_P(MutationTest, IsCaught) {
  for (uint64_t seed = 1; seed <= kSeedsMax; ++seed) {
    g_mutant = GetParam().mutant;
    const SimResult mutated = RunSim(seed);
    g_mutant = Mutant::kNone;
    if (mutated.violation.empty()) continue;
    std::printf("  %s: caught at seed %llu by %s\n", GetParam().name,
                static_cast<unsigned long long>(seed),
                mutated.violation.c_str());
    // And it is the fault that was caught.
    EXPECT_EQ(RunSim(seed).violation, "");
    return;
  }
  FAIL() << GetParam().name << " was not caught in " << kSeedsMax << " seeds";
}

INSTANTIATE_TEST_SUITE_P(
    Mutants, MutationTest,
    ::testing::ValuesIn(std::vector<MutationCase>{
        {"AckBeforeSync", Mutant::kAckBeforeSync},
        {"NoDedup", Mutant::kNoDedup},
        {"GapAccepted", Mutant::kGapAccepted},
        {"CursorOutsideBatch", Mutant::kCursorOutsideBatch},
        {"ReplyBeforeSync", Mutant::kReplyBeforeSync},
        {"PullAppliedTwice", Mutant::kPullAppliedTwice},
        {"HashUnchecked", Mutant::kHashUnchecked},
        {"StrangerDebits", Mutant::kStrangerDebits},
        {"ReceiptNumberReused", Mutant::kReceiptNumberReused},
    }),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace branchline
