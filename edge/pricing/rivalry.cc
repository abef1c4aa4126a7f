#include "edge/pricing/rivalry.h"

#include <algorithm>
#include <bitset>
#include <numeric>

namespace branchline {
namespace {

using LineSet = std::bitset<kPricedLinesMax>;

bool Meet(const LineSet& a, const LineSet& b) { return (a & b).any(); }

void Add(const std::vector<uint32_t>& lines, LineSet* set, Reach* reach) {
  for (const uint32_t line : lines) {
    set->set(line);
    reach->folded |= uint64_t{1} << (line % 64);
  }
}

// The level of its thresholds that a rule reaches: what other rules can change
// by taking money off first.
int64_t LevelAt(const Promotion& rule, int64_t amount_minor) {
  if (amount_minor < rule.min_amount_minor) return -1;
  if (rule.every_amount_minor > 0) {
    return amount_minor / rule.every_amount_minor;
  }
  int64_t level = 0;
  for (const Tier& tier : rule.tiers) {
    if (amount_minor >= tier.from_amount_minor) ++level;
  }
  return level;
}

bool IsLinePass(OfferPass pass) {
  return pass == OfferPass::kLine || pass == OfferPass::kCouponLine;
}

// `a` is applied before `b`. `meet`: they share goods that either looks at.
bool Compete(const OfferCandidate& a, const Reach& reach_a,
             const OfferCandidate& b, const Reach& reach_b, bool meet,
             bool thresholds) {
  const Promotion& rule_a = a.compiled->rule;
  const Promotion& rule_b = b.compiled->rule;
  if (ExcludeEachOther(rule_a, rule_b)) return true;
  if (!meet) return false;
  const bool share_goods = Meet(reach_a.goods, reach_b.goods);
  if (share_goods && TakesPieces(rule_a) && TakesPieces(rule_b)) return true;
  const bool one_alone = rule_a.stacking == Stacking::kAloneOnLine ||
                         rule_b.stacking == Stacking::kAloneOnLine;
  // Among line rules the best for each line is found in the run itself.
  const bool settled = a.pass == b.pass && IsLinePass(a.pass);
  const bool counts = Meet(reach_a.goods, reach_b.counted);
  if (one_alone && !settled && (share_goods || counts)) return true;
  return thresholds && reach_b.at_stake && counts;
}

}  // namespace

std::vector<Reach> ReachOf(absl::Span<const OfferCandidate> candidates,
                           absl::Span<const int64_t> gross_minor,
                           absl::Span<const OfferOutcome> all_on) {
  std::vector<Reach> reach(candidates.size());
  for (size_t c = 0; c < candidates.size(); ++c) {
    const OfferCandidate& candidate = candidates[c];
    const Promotion& rule = candidate.compiled->rule;
    Add(candidate.lines, &reach[c].goods, &reach[c]);
    Add(candidate.get_lines, &reach[c].goods, &reach[c]);
    for (const auto& part : candidate.part_lines) {
      Add(part, &reach[c].goods, &reach[c]);
    }
    Add(candidate.counted, &reach[c].counted, &reach[c]);
    if (IsLinePass(candidate.pass)) {
      reach[c].at_stake = rule.min_amount_minor > 0 || !rule.tiers.empty();
      continue;
    }
    int64_t most_minor = 0;
    for (const uint32_t line : candidate.counted) {
      most_minor += gross_minor[line];
    }
    reach[c].at_stake =
        LevelAt(rule, most_minor) != LevelAt(rule, all_on[c].eligible_minor);
  }
  return reach;
}

bool ExcludeEachOther(const Promotion& a, const Promotion& b) {
  return a.stacking == Stacking::kAloneOnReceipt ||
         b.stacking == Stacking::kAloneOnReceipt ||
         (!a.exclusion_group.empty() && a.exclusion_group == b.exclusion_group);
}

int64_t NextThreshold(const Promotion& rule, int64_t amount_minor) {
  if (amount_minor < rule.min_amount_minor) return rule.min_amount_minor;
  if (rule.every_amount_minor > 0) {
    return (amount_minor / rule.every_amount_minor + 1) *
           rule.every_amount_minor;
  }
  for (const Tier& tier : rule.tiers) {
    if (amount_minor < tier.from_amount_minor) return tier.from_amount_minor;
  }
  return 0;
}

std::vector<std::vector<uint32_t>> RivalGroups(
    absl::Span<const OfferCandidate> candidates,
    absl::Span<const uint32_t> subset, absl::Span<const Reach> reach,
    bool thresholds) {
  std::vector<size_t> root(subset.size());
  std::iota(root.begin(), root.end(), size_t{0});
  const auto find = [&](size_t i) {
    while (root[i] != i) i = root[i];
    return i;
  };
  for (size_t i = 0; i < subset.size(); ++i) {
    for (size_t k = i + 1; k < subset.size(); ++k) {
      const bool meet =
          (reach[subset[i]].folded & reach[subset[k]].folded) != 0;
      if (!Compete(candidates[subset[i]], reach[subset[i]],
                   candidates[subset[k]], reach[subset[k]], meet, thresholds)) {
        continue;
      }
      const size_t a = find(i);
      const size_t b = find(k);
      root[std::max(a, b)] = std::min(a, b);
    }
  }
  std::vector<std::vector<uint32_t>> by_root(subset.size());
  for (size_t i = 0; i < subset.size(); ++i) {
    by_root[find(i)].push_back(subset[i]);
  }
  std::vector<std::vector<uint32_t>> groups;
  for (std::vector<uint32_t>& group : by_root) {
    if (group.size() > 1) groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace branchline
