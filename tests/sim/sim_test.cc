// The simulation, many seeds of it.
//
//   sim_test               the tests
//   sim_test --seed 17     plays one seed and tells what happens
//   sim_test --seeds 5000  that many, from --first on (default 1)

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "gtest/gtest.h"
#include "tests/sim/world.h"

namespace branchline {
namespace {

uint64_t g_first = 1;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
uint64_t g_seeds = 100;  // each takes many times as long
#else
uint64_t g_seeds = 500;
#endif

TEST(SimTest, AllInvariantsHold) {
  SimCounters sums;
  for (uint64_t seed = g_first; seed < g_first + g_seeds; ++seed) {
    const SimResult result = RunSim(seed);
    EXPECT_EQ(result.violation, "") << "play it: sim_test --seed " << seed;
    for (const auto& [what, times] : result.counters) sums[what] += times;
  }
  for (const auto& [what, times] : sums) {
    std::printf("  %9lld %s\n", static_cast<long long>(times), what.c_str());
  }
  if (g_seeds < 500) return;
  // Trouble of every kind happened, and was met by the rule that is for it.
  for (const char* what : {"sales answered",
                           "returns answered",
                           "stock changes answered",
                           "day openings answered",
                           "day closings answered",
                           "lines opened",
                           "lines cut",
                           "frames lost",
                           "frames doubled",
                           "frames swapped",
                           "frames that took seconds",
                           "frames of an old line that came late",
                           "answers lost",
                           "answered commands repeated",
                           "repeats recognised",
                           "edge crashes",
                           "edge disk failures",
                           "hub crashes",
                           "hub disk failures",
                           "disks rolled back",
                           "boxes cloned",
                           "boxes taken away",
                           "epochs opened by recovery",
                           "recoveries cut half through",
                           "late suffixes offered",
                           "late suffixes approved",
                           "second disks of an epoch",
                           "told, and listed as late",
                           "disks lost",
                           "debits forged",
                           "slices granted",
                           "slice uses",
                           "catalogue changes",
                           "clocks set back",
                           "clocks set forward",
                           "hubs restored",
                           "streams asked back",
                           "snapshots sent",
                           "refused REFUSAL_CODE_GAP",
                           "refused REFUSAL_CODE_FORK",
                           "refused REFUSAL_CODE_CLONE",
                           "refused REFUSAL_CODE_BEHIND",
                           "refused REFUSAL_CODE_OLD_EPOCH"}) {
    EXPECT_GT(sums[what], 0) << what;
  }
}

TEST(SimTest, ASeedGivesTheSameRunTwice) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    EXPECT_EQ(RunSim(seed).trace_hash, RunSim(seed).trace_hash) << seed;
  }
}

int Play(uint64_t seed) {
  const SimResult result = RunSim(seed, /*print=*/true);
  for (const auto& [what, times] : result.counters) {
    std::printf("  %9lld %s\n", static_cast<long long>(times), what.c_str());
  }
  std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed),
              result.violation.empty() ? "all invariants hold"
                                       : result.violation.c_str());
  return result.violation.empty() ? 0 : 1;
}

}  // namespace
}  // namespace branchline

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string flag = argv[i];
    uint64_t number = 0;
    if (!absl::SimpleAtoi(argv[i + 1], &number)) return 2;
    if (flag == "--seed") return branchline::Play(number);
    if (flag == "--seeds") branchline::g_seeds = number;
    if (flag == "--first") branchline::g_first = number;
  }
  return RUN_ALL_TESTS();
}
