#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "edge/pricing/basket_line.h"
#include "edge/pricing/offer_run.h"
#include "edge/pricing/promotion_set.h"

namespace branchline {

// Trial runs of the rules over one basket, at most. Up to 8 rules that compete
// for the same goods are tried in every combination; of more, each group of
// rules that compete with one another is improved rule by rule until nothing
// gets better or the trials are used up.
inline constexpr int kTrialsMax = 256;

enum class DiscountStage { kLine, kGroup, kBasket, kCoupon, kManual };

// What one rule took off one line.
struct LineDiscount {
  DiscountStage stage = DiscountStage::kLine;
  std::string rule_id;  // a promotion's id; of a manual one its reason
  uint64_t rule_version = 0;
  int64_t amount_minor = 0;  // > 0
};

// What became of a rule.
struct RuleReport {
  std::string rule_id;
  NotFired why = NotFired::kNone;
  int64_t times = 0;
  int64_t saving_minor = 0;
  int64_t eligible_minor = 0;  // goods that counted for its thresholds
  int64_t eligible_pieces = 0;
};

struct ChosenPromotions {
  std::vector<std::vector<LineDiscount>> discounts;  // per line, as applied
  int64_t saving_minor = 0;
  std::vector<RuleReport> reports;  // by rule id; see `explain`
  int trials = 0;
  bool exact = true;  // every combination was tried that could be the best
};

// The best combination for the customer: the largest saving, then the fewest
// rules, then the lowest ids. Rules of a higher priority are settled first,
// whatever lower ones would save. Deterministic: the same rules and basket give
// the same answer, and no more than kTrialsMax trials are made.
//
// `gross_minor`: per line, its amount before promotions. `explain`: reports of
// every rule of the set with the reason why it did not fire; else only of those
// that did.
//
// Lines that give money back, cost nothing, or have a final price take no part.
ChosenPromotions ChoosePromotions(const PromotionSet& promotions,
                                  absl::Span<const BasketLine> lines,
                                  absl::Span<const int64_t> gross_minor,
                                  const PromotionContext& context,
                                  bool explain);

// The rules that could fire on this basket, in the order of application.
std::vector<OfferCandidate> CandidatesFor(const PromotionSet& promotions,
                                          absl::Span<const size_t> rules,
                                          absl::Span<const BasketLine> lines,
                                          absl::Span<const int64_t> gross_minor,
                                          const PromotionContext& context);

}  // namespace branchline
