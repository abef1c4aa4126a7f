#pragma once

#include <map>
#include <optional>

#include "tests/sim/chain.h"
#include "tests/sim/outsider.h"

namespace branchline {

// One random thing that goes wrong or is done, of the kinds that the plan has
// switched on. Not thread-safe.
class SimFaults {
 public:
  SimFaults(SimChain* chain, SimOutsider* outsider)
      : chain_(*chain), context_(chain->context), outsider_(*outsider) {}

  void Strike();  // trouble
  void Work();    // what is no till's: days, prices, slices, the operator

 private:
  void CutALine();
  void CrashABox();
  void ArmABox();
  void CrashTheHub();
  void ArmTheHub();
  void TakeAnImage();
  void RollBack();
  void CloneABox();
  void RecoverABranch();
  void SetAClock();
  void TakeOrRestoreHubImage();

  SimChain& chain_;
  SimContext& context_;
  SimOutsider& outsider_;
  struct Image {
    MemoryStore::DiskImage disk;
    Cursor head;
  };
  std::map<SimBox*, Image> images_;
  std::optional<MemoryStore::DiskImage> hub_image_;
};

}  // namespace branchline
