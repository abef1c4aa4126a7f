#include "edge/pricing/offer_run.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "edge/pricing/spread.h"
#include "sync/base/check.h"
#include "sync/base/money.h"

namespace branchline {
namespace {

// amount x quantity, or the largest number if that does not fit.
int64_t ForQuantity(int64_t amount_minor, int64_t quantity_milli) {
  const __int128 product = RoundedQuotient(
      static_cast<__int128>(amount_minor) * quantity_milli, 1'000);
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  return product > kMax ? kMax : static_cast<int64_t>(product);
}

int64_t SavingOf(const Reward& reward, int64_t base_minor, int64_t times) {
  switch (reward.kind) {
    case RewardKind::kPercentOff:
      return PercentOf(base_minor, reward.percent_off_bp);
    case RewardKind::kAmountOff:
      return std::min(base_minor,
                      ForQuantity(reward.amount_minor, times * 1'000));
    case RewardKind::kFixedPrice:
      return std::max<int64_t>(
          0, base_minor - ForQuantity(reward.amount_minor, times * 1'000));
  }
  return 0;
}

const Reward* HighestTier(const Promotion& rule, int64_t amount_minor,
                          int64_t pieces) {
  const Reward* reached = nullptr;
  for (const Tier& tier : rule.tiers) {
    if (amount_minor >= tier.from_amount_minor && pieces >= tier.from_pieces) {
      reached = &tier.reward;
    }
  }
  return reached;
}

// The reward that these goods earn, or none.
const Reward* RewardFor(const Promotion& rule, int64_t amount_minor,
                        int64_t pieces) {
  if (amount_minor < rule.min_amount_minor || pieces < rule.min_pieces) {
    return nullptr;
  }
  return rule.offer == OfferKind::kTiers
             ? HighestTier(rule, amount_minor, pieces)
             : &rule.reward;
}

}  // namespace

OfferPass PassOf(const Promotion& promotion) {
  const bool coupon = !promotion.coupon.empty();
  switch (promotion.scope) {
    case PromotionScope::kLine:
      return coupon ? OfferPass::kCouponLine : OfferPass::kLine;
    case PromotionScope::kGroup:
      if (TakesPieces(promotion)) {
        return coupon ? OfferPass::kCouponSets : OfferPass::kGroupSets;
      }
      return coupon ? OfferPass::kCouponTotals : OfferPass::kGroupTotals;
    case PromotionScope::kBasket:
      break;
  }
  return coupon ? OfferPass::kCouponBasket : OfferPass::kBasket;
}

int64_t PiecesOf(const BasketLine& line) {
  const bool whole = !line.weighed && line.quantity_milli % 1'000 == 0;
  return whole ? line.quantity_milli / 1'000 : 1;
}

OfferRun::OfferRun(absl::Span<const BasketLine> lines,
                   absl::Span<const int64_t> gross_minor,
                   absl::Span<const OfferCandidate> candidates)
    : lines_(lines), gross_minor_(gross_minor), candidates_(candidates) {
  for (const BasketLine& line : lines_) pieces_.push_back(PiecesOf(line));
  for (uint32_t c = 0; c < candidates_.size(); ++c) {
    if (candidates_[c].pass < OfferPass::kBasket) own_goods_count_ = c + 1;
    if (rule(c).scope != PromotionScope::kLine) continue;
    for (const uint32_t line : candidates_[c].lines) {
      line_rules_.push_back({line, c});
    }
  }
  std::sort(
      line_rules_.begin(), line_rules_.end(),
      [&](const LineRule& a, const LineRule& b) {
        return std::tuple(candidates_[a.candidate].pass, a.line, a.candidate) <
               std::tuple(candidates_[b.candidate].pass, b.line, b.candidate);
      });
}

const OfferResult& OfferRun::Run(const std::vector<bool>& enabled) {
  const auto own = enabled.begin() + own_goods_count_;
  const bool whole_basket =
      std::find(own, enabled.end(), true) != enabled.end();
  if (whole_basket && kept_ &&
      std::equal(enabled.begin(), own, kept_enabled_.begin())) {
    state_ = kept_state_;
    result_ = kept_result_;
  } else {
    RunOwnGoods(enabled);
    if (whole_basket) {
      kept_ = true;
      kept_enabled_.assign(enabled.begin(), own);
      kept_state_ = state_;
      kept_result_ = result_;
    }
  }
  if (whole_basket) RunWholeBasket(enabled);
  return result_;
}

void OfferRun::RunOwnGoods(const std::vector<bool>& enabled) {
  state_.assign(lines_.size(), LineState());
  for (size_t i = 0; i < lines_.size(); ++i) {
    state_[i].left_minor = gross_minor_[i];
  }
  result_.saving_minor = 0;
  result_.takes.clear();
  result_.outcomes.assign(candidates_.size(), OfferOutcome());
  RunLineRules(OfferPass::kLine, enabled);
  BeginSets();
  for (uint32_t c = 0; c < own_goods_count_; ++c) {
    if (enabled[c] && candidates_[c].pass != OfferPass::kLine) RunRule(c);
  }
  for (LineState& line : state_) line.shown_minor = line.left_minor;
}

void OfferRun::RunWholeBasket(const std::vector<bool>& enabled) {
  OfferPass reached = OfferPass::kBasket;
  for (uint32_t c = own_goods_count_; c < candidates_.size(); ++c) {
    const OfferPass pass = candidates_[c].pass;
    if (!enabled[c]) continue;
    const bool entered = pass != reached;
    reached = pass;
    if (entered && pass == OfferPass::kCouponLine) RunLineRules(pass, enabled);
    if (entered && pass == OfferPass::kCouponSets) BeginSets();
    if (pass != OfferPass::kCouponLine) RunRule(c);
  }
}

void OfferRun::RunRule(uint32_t candidate) {
  if (TakesPieces(rule(candidate))) {
    RunSets(candidate);
  } else {
    RunTotal(candidate);
  }
}

bool OfferRun::Usable(uint32_t candidate, uint32_t line) const {
  const LineState& state = state_[line];
  return state.left_minor > 0 && !state.alone &&
         (rule(candidate).stacking == Stacking::kStacks || state.rules == 0);
}

void OfferRun::Take(uint32_t candidate, uint32_t line, int64_t amount_minor) {
  LineState& state = state_[line];
  BL_CHECK(0 <= amount_minor && amount_minor <= state.left_minor,
           "a rule takes no more off a line than is left");
  if (amount_minor == 0) return;
  state.left_minor -= amount_minor;
  ++state.rules;
  if (rule(candidate).stacking != Stacking::kStacks) state.alone = true;
  result_.outcomes[candidate].saving_minor += amount_minor;
  result_.saving_minor += amount_minor;
  result_.takes.push_back({candidate, line, amount_minor});
}

int64_t OfferRun::Capped(uint32_t candidate, int64_t saving_minor) const {
  return std::min(saving_minor, candidates_[candidate].saving_max -
                                    result_.outcomes[candidate].saving_minor);
}

int64_t OfferRun::TimesLeft(uint32_t candidate) const {
  return candidates_[candidate].times_max - result_.outcomes[candidate].times;
}

void OfferRun::RunLineRules(OfferPass pass, const std::vector<bool>& enabled) {
  std::vector<LineRule> of_line;
  for (size_t i = 0; i < line_rules_.size();) {
    const uint32_t line = line_rules_[i].line;
    const OfferPass at = candidates_[line_rules_[i].candidate].pass;
    of_line.clear();
    for (; i < line_rules_.size() && line_rules_[i].line == line &&
           candidates_[line_rules_[i].candidate].pass == at;
         ++i) {
      if (enabled[line_rules_[i].candidate]) of_line.push_back(line_rules_[i]);
    }
    if (at == pass && !of_line.empty()) ChooseForLine(of_line);
  }
}

void OfferRun::ChooseForLine(absl::Span<const LineRule> rules) {
  const uint32_t line = rules[0].line;
  for (size_t i = 0; i < rules.size();) {
    const int priority = rule(rules[i].candidate).priority;
    size_t end = i;
    int64_t left_minor = state_[line].left_minor;
    int64_t together_minor = 0;  // of all that stack
    int together = 0;
    uint32_t first_together = 0;
    int64_t alone_minor = 0;
    uint32_t alone = 0;
    for (;
         end < rules.size() && rule(rules[end].candidate).priority == priority;
         ++end) {
      const uint32_t c = rules[end].candidate;
      if (!Usable(c, line) || TimesLeft(c) < 1) continue;
      if (rule(c).stacking == Stacking::kStacks) {
        const int64_t saving = LineSaving(c, line, left_minor);
        left_minor -= saving;
        together_minor += saving;
        if (saving > 0 && ++together == 1) first_together = c;
      } else {
        const int64_t saving = LineSaving(c, line, state_[line].left_minor);
        if (saving > alone_minor) {
          alone_minor = saving;
          alone = c;
        }
      }
    }
    // Equal savings: the fewer rules, then the lower id.
    const bool by_itself = alone_minor > together_minor ||
                           (alone_minor == together_minor && alone_minor > 0 &&
                            (together > 1 || alone < first_together));
    if (by_itself) {
      Take(alone, line, alone_minor);
      ++result_.outcomes[alone].times;
    } else {
      for (size_t k = i; k < end; ++k) {
        const uint32_t c = rules[k].candidate;
        if (rule(c).stacking != Stacking::kStacks || !Usable(c, line) ||
            TimesLeft(c) < 1) {
          continue;
        }
        const int64_t saving = LineSaving(c, line, state_[line].left_minor);
        if (saving == 0) continue;
        Take(c, line, saving);
        ++result_.outcomes[c].times;
      }
    }
    i = end;
  }
  for (const LineRule& r : rules) {
    OfferOutcome& outcome = result_.outcomes[r.candidate];
    const bool below = RewardFor(rule(r.candidate), gross_minor_[line],
                                 pieces_[line]) == nullptr;
    const bool first = outcome.eligible_pieces == 0;
    outcome.below_threshold = below && (first || outcome.below_threshold);
    // The nearest any line came.
    outcome.eligible_minor =
        std::max(outcome.eligible_minor, gross_minor_[line]);
    outcome.eligible_pieces = std::max(outcome.eligible_pieces, pieces_[line]);
  }
}

int64_t OfferRun::LineSaving(uint32_t candidate, uint32_t line,
                             int64_t left_minor) const {
  const Promotion& promotion = rule(candidate);
  const int64_t pieces = pieces_[line];
  const Reward* reward = RewardFor(promotion, left_minor, pieces);
  if (reward == nullptr) return 0;
  int64_t base_minor = left_minor;
  int64_t quantity_milli = lines_[line].quantity_milli;
  const int64_t most = promotion.pieces_per_line_max;
  if (most != 0 && most < pieces) {
    base_minor = ShareOfLine(left_minor, 0, most, pieces);
    quantity_milli = most * 1'000;
  }
  int64_t saving = 0;
  switch (reward->kind) {
    case RewardKind::kPercentOff:
      saving = PercentOf(base_minor, reward->percent_off_bp);
      break;
    case RewardKind::kAmountOff:
      saving = std::min(base_minor,
                        ForQuantity(reward->amount_minor, quantity_milli));
      break;
    case RewardKind::kFixedPrice:
      saving = std::max<int64_t>(
          0, base_minor - ForQuantity(reward->amount_minor, quantity_milli));
      break;
  }
  return Capped(candidate, saving);
}

void OfferRun::RunTotal(uint32_t candidate) {
  const OfferCandidate& c = candidates_[candidate];
  const Promotion& promotion = rule(candidate);
  OfferOutcome& outcome = result_.outcomes[candidate];
  const bool as_shown = c.pass >= OfferPass::kBasket;
  for (const uint32_t line : c.counted) {
    if (state_[line].alone) continue;
    outcome.eligible_minor +=
        as_shown ? state_[line].shown_minor : state_[line].left_minor;
    outcome.eligible_pieces += pieces_[line];
  }
  int64_t base_minor = 0;
  std::vector<uint32_t> usable;
  for (const uint32_t line : c.lines) {
    if (!Usable(candidate, line)) continue;
    usable.push_back(line);
    base_minor += state_[line].left_minor;
  }
  const Reward* reward =
      RewardFor(promotion, outcome.eligible_minor, outcome.eligible_pieces);
  int64_t times = reward == nullptr ? 0 : 1;
  if (reward != nullptr && promotion.offer == OfferKind::kEvery) {
    times = outcome.eligible_minor / promotion.every_amount_minor;
  }
  outcome.below_threshold = times == 0;
  times = std::min(times, c.times_max);
  if (times == 0 || base_minor == 0) return;
  const int64_t saving =
      Capped(candidate, SavingOf(*reward, base_minor, times));
  if (saving == 0) return;
  SpreadOver(candidate, usable, saving);
  outcome.times = times;
}

void OfferRun::SpreadOver(uint32_t candidate,
                          const std::vector<uint32_t>& lines,
                          int64_t saving_minor) {
  std::vector<int64_t> weights;
  for (const uint32_t line : lines) {
    weights.push_back(state_[line].left_minor);
  }
  const auto parts = SpreadByWeight(saving_minor, weights);
  BL_CHECK(parts.ok(), "a saving spreads over the lines that earned it");
  for (size_t i = 0; i < lines.size(); ++i) {
    Take(candidate, lines[i], (*parts)[i]);
  }
}

}  // namespace branchline
