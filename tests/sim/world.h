#pragma once

#include <cstdint>
#include <string>

#include "tests/sim/plan.h"

namespace branchline {

struct SimResult {
  uint64_t seed = 0;
  std::string violated;   // name of the first invariant; empty: all held
  std::string violation;  // in words
  uint64_t trace_hash = 0;
  SimCounters counters;
};

// One whole run: a phase of trouble in which safety is checked, a phase of
// healing that must end within a computed bound, and the reckoning. The same
// seed gives the same run.
SimResult RunSim(uint64_t seed, bool print = false);

}  // namespace branchline
