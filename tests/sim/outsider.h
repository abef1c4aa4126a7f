#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "tests/sim/chain.h"

namespace branchline {

// Work that the committer has no command for: the hub grants stock slices, an
// honest program of a branch spends them, and a broken or malicious one forges
// a debit of another branch's. The branch's events are written onto its disk
// while the daemon is down, chained and folded as it would itself. Not
// thread-safe.
class SimOutsider {
 public:
  explicit SimOutsider(SimChain* chain) : chain_(*chain) {}

  void Grant();
  void Spend();
  void Forge();

  // Postings that have no right to count, by command id.
  const std::map<std::string, std::string>& forged() const { return forged_; }

 private:
  Cursor Append(SimBox* box, const v1::Event& event);
  v1::Event NewEvent(SimBox* box);

  SimChain& chain_;
  std::map<std::string, std::string> forged_;
};

}  // namespace branchline
