#include "edge/pricing/rivalry.h"

#include <algorithm>
#include <bitset>
#include <numeric>

namespace branchline {
namespace {

using LineSet = std::bitset<kPricedLinesMax>;

void Add(const std::vector<uint32_t>& lines, LineSet* set) {
  for (const uint32_t line : lines) set->set(line);
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

struct Touched {
  LineSet goods;    // may be discounted or used up in sets
  LineSet counted;  // count for the thresholds
  bool at_stake = false;
};

Touched TouchedBy(const OfferCandidate& candidate,
                  absl::Span<const int64_t> gross_minor,
                  const OfferOutcome& all_on) {
  Touched touched;
  Add(candidate.lines, &touched.goods);
  Add(candidate.get_lines, &touched.goods);
  for (const auto& part : candidate.part_lines) Add(part, &touched.goods);
  Add(candidate.counted, &touched.counted);
  if (candidate.pass == OfferPass::kLine ||
      candidate.pass == OfferPass::kCouponLine) {
    const Promotion& rule = candidate.compiled->rule;
    touched.at_stake = rule.min_amount_minor > 0 || !rule.tiers.empty();
    return touched;
  }
  int64_t most_minor = 0;
  for (const uint32_t line : candidate.counted) most_minor += gross_minor[line];
  touched.at_stake = LevelAt(candidate.compiled->rule, most_minor) !=
                     LevelAt(candidate.compiled->rule, all_on.eligible_minor);
  return touched;
}

bool IsLinePass(OfferPass pass) {
  return pass == OfferPass::kLine || pass == OfferPass::kCouponLine;
}

// `a` is applied before `b`.
bool Compete(const OfferCandidate& a, const Touched& on_a,
             const OfferCandidate& b, const Touched& on_b) {
  const Promotion& rule_a = a.compiled->rule;
  const Promotion& rule_b = b.compiled->rule;
  if (ExcludeEachOther(rule_a, rule_b)) return true;
  const bool share_goods = (on_a.goods & on_b.goods).any();
  if (share_goods && TakesPieces(rule_a) && TakesPieces(rule_b)) return true;
  const bool one_alone = rule_a.stacking == Stacking::kAloneOnLine ||
                         rule_b.stacking == Stacking::kAloneOnLine;
  // Among line rules the best for each line is found in the run itself.
  const bool settled = a.pass == b.pass && IsLinePass(a.pass);
  if (one_alone && !settled &&
      (share_goods || (on_a.goods & on_b.counted).any())) {
    return true;
  }
  return on_b.at_stake && (on_a.goods & on_b.counted).any();
}

}  // namespace

bool ExcludeEachOther(const Promotion& a, const Promotion& b) {
  return a.stacking == Stacking::kAloneOnReceipt ||
         b.stacking == Stacking::kAloneOnReceipt ||
         (!a.exclusion_group.empty() && a.exclusion_group == b.exclusion_group);
}

std::vector<std::vector<uint32_t>> RivalGroups(
    absl::Span<const OfferCandidate> candidates,
    absl::Span<const uint32_t> subset, absl::Span<const int64_t> gross_minor,
    absl::Span<const OfferOutcome> all_on) {
  std::vector<Touched> touched;
  for (const uint32_t c : subset) {
    touched.push_back(TouchedBy(candidates[c], gross_minor, all_on[c]));
  }
  std::vector<size_t> root(subset.size());
  std::iota(root.begin(), root.end(), size_t{0});
  const auto find = [&](size_t i) {
    while (root[i] != i) i = root[i];
    return i;
  };
  for (size_t i = 0; i < subset.size(); ++i) {
    for (size_t k = i + 1; k < subset.size(); ++k) {
      if (!Compete(candidates[subset[i]], touched[i], candidates[subset[k]],
                   touched[k])) {
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
