#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "sync/base/random.h"
#include "tests/sim/plan.h"
#include "tests/sim/trace.h"
#include "tests/support/fake_clock.h"

namespace branchline {

// In microseconds.
inline constexpr int64_t kMilli = 1'000;
inline constexpr int64_t kSecond = 1'000'000;

// What every part of one run shares. Not thread-safe: a run has one thread.
struct SimContext {
  SimContext(const SimPlan& plan, bool print)
      : plan(plan), random(plan.seed), trace(&clock, print) {}

  // True for one in `n`.
  bool OneIn(uint64_t n) { return random.Below(n) == 0; }
  // min .. max, both included.
  int64_t Between(int64_t min, int64_t max) { return random.Between(min, max); }
  int64_t NowMicros() const {
    return absl::ToInt64Microseconds(clock.MonotonicNow());
  }
  void Count(const std::string& what) { ++counters[what]; }

  // An invariant does not hold. The first one is what the run reports.
  template <typename... Args>
  void Violate(absl::string_view invariant, const Args&... args) {
    if (!violation.empty()) return;
    violated = std::string(invariant);
    violation = absl::StrCat(invariant, ": ", args...);
    trace.Add("VIOLATED ", violation);
  }

  const SimPlan plan;
  FakeClock clock;
  SeededRandom random;
  SimTrace trace;
  SimCounters counters;
  bool healing = false;  // no new trouble from here on
  std::string violated;  // name of the invariant; empty: all held
  std::string violation;
};

}  // namespace branchline
