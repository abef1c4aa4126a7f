#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "edge/pricing/offer_run.h"

namespace branchline {

// Which of the candidates to apply together.
struct Combination {
  std::vector<bool> enabled;  // per candidate
  int trials = 0;
  bool exact = true;
};

// Finds the combination that saves the customer most; see ChoosePromotions().
// Only rules that compete are tried on and off: those that want the same
// pieces, exclude each other, or could push one another below a threshold. All
// others never lower what the rest saves, and are simply on.
Combination FindCombination(absl::Span<const OfferCandidate> candidates,
                            absl::Span<const int64_t> gross_minor,
                            int trials_max, OfferRun* run);

}  // namespace branchline
