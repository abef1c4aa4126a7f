#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/sim/chain.h"
#include "tests/sim/outsider.h"

namespace branchline {

// --- At any moment ---

// Per unit all accounts of the node sum to zero; no floored one is below zero.
void CheckBooks(SimContext* context, absl::string_view node,
                const MemoryStore& disk, bool floors = true);
// The projections are what a replay of the journal gives.
void CheckReplay(SimContext* context, absl::string_view node,
                 const MemoryStore& disk);
// An independent reader finds nothing wrong, but for every debit that was
// forged.
void CheckVerify(SimContext* context, const SimOutsider& outsider,
                 absl::string_view node, const MemoryStore& disk);
// What the hub has acked is on its disk.
void CheckAcked(SimChain* chain);

// --- When all is quiet ---

// Hub and box of each branch hold the same journal, streams and books.
void CheckSame(SimChain* chain);
// What people were told is in the hub's books once, and nothing else is; sums
// come to the penny and the piece.
void CheckOutside(SimChain* chain, const SimOutsider& outsider);

}  // namespace branchline
