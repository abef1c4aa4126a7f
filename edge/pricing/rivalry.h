#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "edge/pricing/offer_run.h"

namespace branchline {

// Which candidates compete: groups of indices, each rising, ordered by their
// first. A candidate that competes with none is in no group. `subset`: the
// indices to look at, rising. `all_on`: the outcomes of a run of them all.
std::vector<std::vector<uint32_t>> RivalGroups(
    absl::Span<const OfferCandidate> candidates,
    absl::Span<const uint32_t> subset, absl::Span<const int64_t> gross_minor,
    absl::Span<const OfferOutcome> all_on);

// May the two never stand on one receipt?
bool ExcludeEachOther(const Promotion& a, const Promotion& b);

}  // namespace branchline
