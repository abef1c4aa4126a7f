#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/box.h"
#include "tests/sim/context.h"
#include "tests/sim/hub.h"
#include "tests/sim/model.h"
#include "tests/sim/network.h"
#include "tests/sim/tills.h"

namespace branchline {

struct SimBranch {
  std::string code;
  std::vector<std::unique_ptr<SimBox>> boxes;  // in the order they came
  // Suffixes that the operator handed in, and those approved, each by the hash
  // of its last record; with its epoch.
  std::map<std::string, uint64_t> handed_in;
  std::set<std::string> approved;
};

// A whole chain, and its operator: who adds branches, sets prices, replaces
// boxes and hands in what was found on the old disks. Not thread-safe.
class SimChain {
 public:
  SimChain(const SimPlan& plan, bool print);

  // Branches, tills, catalogue; every box has joined and runs.
  void SetUp();

  // --- What the operator does. Nothing happens while the hub is down, or was
  // restored and has not heard from every branch since. ---
  bool MayOperate() const;
  void ChangeCatalogue();
  // A new box takes the branch over; `stays` are left running as they are.
  bool Recover(SimBranch* branch, bool old_box_stays);
  // Boxes that say themselves that they may sell no more are taken away.
  void TakeOutStopped(SimBranch* branch);
  // One disk of those that were taken away is offered at the branch's box.
  void HandIn(SimBranch* branch);
  void ApproveLate(SimBranch* branch);
  // A second box with the same disk; some tills go to it.
  void Clone(SimBox* box);

  // Starts what is down and whose time has come.
  void StartDue();
  void StartBox(SimBox* box);

  // Boxes that tills may use, running or not.
  std::vector<SimBox*> InService(const SimBranch& branch) const;
  // The only one in service, if it runs and may sell; else null.
  SimBox* Live(const SimBranch& branch) const;
  SimBox* AnyServing();  // of any branch; null: none
  std::vector<SimBox*> AllBoxes() const;

  SimContext context;
  SimHub hub;
  SimNetwork network;
  SimModel model;
  SimTills tills;
  std::vector<std::unique_ptr<SimBranch>> branches;
  bool hub_restored = false;

 private:
  SimBox* AddBox(SimBranch* branch, EdgeIdentity identity);
  bool Load(SimBox* box);
  void MoveTills(SimBox* from, SimBox* to);

  uint64_t keys_made_ = 0;
};

}  // namespace branchline
