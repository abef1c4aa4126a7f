#pragma once

#include <bitset>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "edge/pricing/offer_run.h"

namespace branchline {

// What a candidate can touch.
struct Reach {
  std::bitset<kPricedLinesMax> goods;    // to discount, or to use up in sets
  std::bitset<kPricedLinesMax> counted;  // for its thresholds
  // Both, folded by line modulo 64: no common bit, no common line.
  uint64_t folded = 0;
  // Other rules can move it across a threshold.
  bool at_stake = false;
};

// One per candidate. `all_on`: the outcomes of a run of all that may fire.
std::vector<Reach> ReachOf(absl::Span<const OfferCandidate> candidates,
                           absl::Span<const int64_t> gross_minor,
                           absl::Span<const OfferOutcome> all_on);

// Which candidates compete: groups of indices, each rising, ordered by their
// first. A candidate that competes with none is in no group. `subset`: the
// indices to look at, rising. `thresholds`: also those that could push one
// another below a threshold; else only those that want the same pieces or
// exclude each other.
std::vector<std::vector<uint32_t>> RivalGroups(
    absl::Span<const OfferCandidate> candidates,
    absl::Span<const uint32_t> subset, absl::Span<const Reach> reach,
    bool thresholds);

// May the two never stand on one receipt?
bool ExcludeEachOther(const Promotion& a, const Promotion& b);

// The eligible amount at which the rule would give more than it does at
// `amount_minor`; 0: none.
int64_t NextThreshold(const Promotion& rule, int64_t amount_minor);

}  // namespace branchline
