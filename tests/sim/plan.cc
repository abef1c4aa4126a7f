#include "tests/sim/plan.h"

#include "sync/base/random.h"

namespace branchline {

SimPlan PlanOf(uint64_t seed) {
  SeededRandom random(seed * 2'654'435'761u + 17);
  const auto chance = [&](uint64_t percent) {
    return random.Below(100) < percent;
  };
  SimPlan plan;
  plan.seed = seed;
  // Mostly two or three: more of them only meet at the hub.
  plan.branches = 2 + static_cast<int>(random.Below(chance(25) ? 4 : 2));
  plan.tills = 2 + static_cast<int>(random.Below(2));
  plan.steps = 60 + static_cast<int>(random.Below(80));
  plan.cuts = chance(80);
  plan.slow_lines = chance(60);
  plan.frame_faults = chance(50);
  plan.lost_answers = chance(70);
  plan.edge_crashes = chance(70);
  plan.edge_disk_faults = chance(60);
  plan.hub_crashes = chance(60);
  plan.hub_disk_faults = chance(50);
  plan.rollbacks = chance(45);
  plan.clones = chance(30);
  plan.recoveries = chance(45);
  plan.lost_disks = chance(30);
  plan.forgeries = chance(40);
  plan.returns = chance(70);
  plan.stock_changes = chance(70);
  plan.days = chance(70);
  plan.catalogue = chance(70);
  plan.slices = chance(75);
  plan.approvals = chance(75);
  plan.clock_jumps = chance(50);
  plan.snapshots = chance(50);
  plan.hub_restores = chance(20);
  if (plan.hub_restores) {
    // Nothing may be lost, so nothing else may lose it: what the hub forgot is
    // then on no disk, or its box is one that the hub does not know yet.
    plan.rollbacks = plan.clones = plan.recoveries = plan.lost_disks = false;
  }
  return plan;
}

}  // namespace branchline
