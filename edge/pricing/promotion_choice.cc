#include "edge/pricing/promotion_choice.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>

#include "edge/pricing/combination.h"
#include "edge/pricing/rivalry.h"

namespace branchline {
namespace {

constexpr int64_t kNoCap = std::numeric_limits<int64_t>::max();

DiscountStage StageOf(OfferPass pass) {
  switch (pass) {
    case OfferPass::kLine:
      return DiscountStage::kLine;
    case OfferPass::kGroupSets:
    case OfferPass::kGroupTotals:
      return DiscountStage::kGroup;
    case OfferPass::kBasket:
      return DiscountStage::kBasket;
    default:
      return DiscountStage::kCoupon;
  }
}

bool TakesPart(const BasketLine& line, int64_t gross_minor) {
  return line.quantity_milli > 0 && gross_minor > 0;
}

bool MayBeDiscounted(const BasketLine& line) {
  return !line.no_discount && !line.price_is_final;
}

std::vector<uint32_t> LinesFor(const ItemMatcher& items,
                               absl::Span<const BasketLine> lines,
                               absl::Span<const int64_t> gross_minor) {
  std::vector<uint32_t> found;
  for (uint32_t i = 0; i < lines.size(); ++i) {
    if (MayBeDiscounted(lines[i]) && TakesPart(lines[i], gross_minor[i]) &&
        items.Matches(lines[i])) {
      found.push_back(i);
    }
  }
  return found;
}

// Parts with the fewest lines come first, so that a part that anything fills
// does not use up what only one thing can fill.
void AddParts(absl::Span<const BasketLine> lines,
              absl::Span<const int64_t> gross_minor,
              OfferCandidate* candidate) {
  const CompiledPromotion& compiled = *candidate->compiled;
  std::vector<std::pair<std::vector<uint32_t>, int64_t>> parts;
  for (size_t i = 0; i < compiled.bundle.size(); ++i) {
    parts.push_back({LinesFor(compiled.bundle[i], lines, gross_minor),
                     compiled.rule.bundle[i].pieces});
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) {
                     return a.first.size() < b.first.size();
                   });
  for (auto& [part_lines, pieces] : parts) {
    candidate->part_lines.push_back(std::move(part_lines));
    candidate->part_pieces.push_back(pieces);
  }
}

void AddCaps(const PromotionContext& context, OfferCandidate* candidate) {
  const Promotion& rule = candidate->compiled->rule;
  candidate->times_max = kNoCap;
  candidate->saving_max = kNoCap;
  if (rule.times_per_receipt_max != 0) {
    candidate->times_max = rule.times_per_receipt_max;
  }
  if (rule.times_per_branch_max != 0) {
    const auto it = context.times_in_branch.find(rule.id);
    const int64_t given = it == context.times_in_branch.end() ? 0 : it->second;
    candidate->times_max =
        std::min(candidate->times_max,
                 std::max<int64_t>(0, rule.times_per_branch_max - given));
  }
  if (rule.saving_per_receipt_max_minor != 0) {
    candidate->saving_max = rule.saving_per_receipt_max_minor;
  }
}

// Why a candidate that was turned off did not fire.
NotFired WhyOff(absl::Span<const OfferCandidate> candidates, uint32_t c,
                std::vector<bool> enabled, OfferRun* run,
                OfferOutcome* outcome) {
  bool excluded = false;
  bool by_priority = false;
  for (uint32_t other = 0; other < candidates.size(); ++other) {
    const Promotion& rule = candidates[other].compiled->rule;
    if (enabled[other] &&
        ExcludeEachOther(rule, candidates[c].compiled->rule)) {
      excluded = true;
      by_priority =
          by_priority || rule.priority > candidates[c].compiled->rule.priority;
    }
  }
  // With the others, as the customer saw it; or else by itself.
  for (const bool with_others : {true, false}) {
    if (with_others && excluded) continue;
    if (!with_others) enabled.assign(candidates.size(), false);
    enabled[c] = true;
    *outcome = run->Run(enabled).outcomes[c];
    if (outcome->below_threshold) return NotFired::kBelowThreshold;
    if (outcome->times == 0 && !with_others) return NotFired::kSavesNothing;
  }
  return by_priority ? NotFired::kExcluded : NotFired::kSavesLess;
}

bool ShareGoods(const OfferCandidate& a, const OfferCandidate& b) {
  const auto meet = [](const std::vector<uint32_t>& x,
                       const std::vector<uint32_t>& y) {
    for (size_t i = 0, k = 0; i < x.size() && k < y.size();) {
      if (x[i] == y[k]) return true;
      x[i] < y[k] ? ++i : ++k;
    }
    return false;
  };
  return meet(a.lines, b.lines) || meet(a.get_lines, b.lines) ||
         meet(a.lines, b.get_lines) || meet(a.get_lines, b.get_lines);
}

// Rules that compete for pieces take them in the order of what each saves by
// itself; ids decide between equals. Returns the trials that this took.
int OrderSetRules(absl::Span<const BasketLine> lines,
                  absl::Span<const int64_t> gross_minor,
                  std::vector<OfferCandidate>* candidates) {
  int trials = 0;
  const auto same_turn = [](const OfferCandidate& a, const OfferCandidate& b) {
    return a.pass == b.pass &&
           a.compiled->rule.priority == b.compiled->rule.priority;
  };
  for (auto first = candidates->begin(); first != candidates->end();) {
    auto end = first;
    while (end != candidates->end() && same_turn(*first, *end)) ++end;
    if (end - first > 1 && TakesPieces(first->compiled->rule)) {
      std::vector<std::pair<int64_t, size_t>> by_saving;
      for (auto it = first; it != end; ++it) {
        int64_t saving_minor = 0;
        const bool alone =
            std::none_of(first, end, [&](const OfferCandidate& other) {
              return &other != &*it && ShareGoods(*it, other);
            });
        if (!alone && trials < kTrialsMax / 4) {
          ++trials;
          OfferRun run(lines, gross_minor, {&*it, 1});
          saving_minor = run.Run({true}).saving_minor;
        }
        by_saving.push_back({saving_minor, it - candidates->begin()});
      }
      std::stable_sort(
          by_saving.begin(), by_saving.end(),
          [](const auto& a, const auto& b) { return a.first > b.first; });
      std::vector<OfferCandidate> ordered;
      for (const auto& [saving_minor, index] : by_saving) {
        ordered.push_back(std::move((*candidates)[index]));
      }
      std::move(ordered.begin(), ordered.end(), first);
    }
    first = end;
  }
  return trials;
}

}  // namespace

std::vector<OfferCandidate> CandidatesFor(const PromotionSet& promotions,
                                          absl::Span<const BasketLine> lines,
                                          absl::Span<const int64_t> gross_minor,
                                          const PromotionContext& context) {
  std::vector<OfferCandidate> candidates;
  for (const PromotionSet::Touch& touch : promotions.Touching(lines)) {
    const CompiledPromotion& compiled = promotions.rules()[touch.rule];
    if (GateOf(compiled.rule, context) != NotFired::kNone) continue;
    OfferCandidate candidate;
    candidate.compiled = &compiled;
    candidate.pass = PassOf(compiled.rule);
    if (compiled.rule.offer == OfferKind::kBundle) {
      AddParts(lines, gross_minor, &candidate);
      for (const auto& part : candidate.part_lines) {
        candidate.lines.insert(candidate.lines.end(), part.begin(), part.end());
      }
      std::sort(candidate.lines.begin(), candidate.lines.end());
      candidate.lines.erase(
          std::unique(candidate.lines.begin(), candidate.lines.end()),
          candidate.lines.end());
      candidate.counted = candidate.lines;
    } else {
      for (const uint32_t line : touch.lines) {
        if (!TakesPart(lines[line], gross_minor[line])) continue;
        if (MayBeDiscounted(lines[line])) candidate.lines.push_back(line);
        if (!lines[line].not_in_thresholds) candidate.counted.push_back(line);
      }
    }
    if (compiled.rule.get_items.has_value()) {
      candidate.get_lines = LinesFor(compiled.get_items, lines, gross_minor);
    }
    if (candidate.lines.empty()) continue;
    AddCaps(context, &candidate);
    candidates.push_back(std::move(candidate));
  }
  // What touches rises by rule, and so do the ids.
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const OfferCandidate& a, const OfferCandidate& b) {
                     return std::tuple(a.pass, -a.compiled->rule.priority) <
                            std::tuple(b.pass, -b.compiled->rule.priority);
                   });
  return candidates;
}

ChosenPromotions ChoosePromotions(const PromotionSet& promotions,
                                  absl::Span<const BasketLine> lines,
                                  absl::Span<const int64_t> gross_minor,
                                  const PromotionContext& context,
                                  bool explain) {
  ChosenPromotions chosen;
  chosen.discounts.resize(lines.size());
  std::vector<OfferCandidate> candidates =
      CandidatesFor(promotions, lines, gross_minor, context);
  const int ordering = OrderSetRules(lines, gross_minor, &candidates);
  OfferRun run(lines, gross_minor, candidates);
  const Combination combination =
      FindCombination(candidates, gross_minor, kTrialsMax - ordering, &run);
  chosen.trials = ordering + combination.trials;
  chosen.exact = combination.exact;
  const OfferResult result = run.Run(combination.enabled);
  chosen.saving_minor = result.saving_minor;
  for (const OfferTake& take : result.takes) {
    const OfferCandidate& candidate = candidates[take.candidate];
    const Promotion& rule = candidate.compiled->rule;
    std::vector<LineDiscount>& discounts = chosen.discounts[take.line];
    // Several sets of one rule on a line are one discount.
    if (!discounts.empty() && discounts.back().rule_id == rule.id) {
      discounts.back().amount_minor += take.amount_minor;
      continue;
    }
    discounts.push_back(
        {StageOf(candidate.pass), rule.id, rule.version, take.amount_minor});
  }
  std::vector<RuleReport> reports(promotions.rules().size());
  std::vector<bool> known(reports.size(), false);
  for (uint32_t c = 0; c < candidates.size(); ++c) {
    OfferOutcome outcome = result.outcomes[c];
    if (outcome.times == 0 && !explain) continue;
    RuleReport report;
    report.rule_id = candidates[c].compiled->rule.id;
    if (outcome.times == 0) {
      report.why = WhyOff(candidates, c, combination.enabled, &run, &outcome);
      outcome.times = outcome.saving_minor = 0;
    }
    report.times = outcome.times;
    report.saving_minor = outcome.saving_minor;
    report.eligible_minor = outcome.eligible_minor;
    report.eligible_pieces = outcome.eligible_pieces;
    const size_t index = candidates[c].compiled - promotions.rules().data();
    reports[index] = std::move(report);
    known[index] = true;
  }
  for (size_t i = 0; i < reports.size(); ++i) {
    if (!known[i] && explain) {
      const Promotion& rule = promotions.rules()[i].rule;
      reports[i].rule_id = rule.id;
      reports[i].why = GateOf(rule, context);
      if (reports[i].why == NotFired::kNone) {
        reports[i].why = NotFired::kNoEligibleGoods;
      }
    }
    if (known[i] || explain) chosen.reports.push_back(std::move(reports[i]));
  }
  return chosen;
}

}  // namespace branchline
