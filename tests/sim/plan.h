#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace branchline {

// What happens in one run: which kinds of trouble and of work are on, and how
// much of each. Everything follows from the seed.
struct SimPlan {
  uint64_t seed = 0;
  int branches = 2;
  int tills = 2;    // of each branch
  int steps = 100;  // of the trouble phase
  // Trouble.
  bool cuts = false;              // lines break and stay dark for a while
  bool slow_lines = false;        // frames take seconds; old ones come late
  bool frame_faults = false;      // single frames lost, doubled, swapped
  bool lost_answers = false;      // a till does not hear what was committed
  bool edge_crashes = false;      // power cuts of a branch
  bool edge_disk_faults = false;  // the n-th commit fails
  bool hub_crashes = false;
  bool hub_disk_faults = false;
  bool rollbacks = false;     // a disk is put back to an older image
  bool clones = false;        // two boxes with one disk and identity
  bool recoveries = false;    // a box is replaced, the old one may live on
  bool lost_disks = false;    // what is replaced is gone for good
  bool forgeries = false;     // a branch debits what is another's
  bool clock_jumps = false;   // a branch's wall clock is set, by days and years
  bool hub_restores = false;  // the hub's disk is put back to an older image
  // Work.
  bool returns = false;
  bool stock_changes = false;
  bool days = false;
  bool catalogue = false;
  bool slices = false;     // stock that the hub grants
  bool approvals = false;  // late suffixes are taken in
  bool snapshots = false;  // who joins or is behind gets one, of little pieces
};

SimPlan PlanOf(uint64_t seed);

// How often something happened, by its name: the proof that trouble did.
using SimCounters = std::map<std::string, int64_t>;

}  // namespace branchline
