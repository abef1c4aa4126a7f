#include "edge/pricing/combination.h"

#include <algorithm>
#include <bitset>
#include <map>
#include <utility>

#include "edge/pricing/rivalry.h"

namespace branchline {
namespace {

constexpr size_t kEveryCombinationMax = 8;  // rules: 256 trials
constexpr size_t kGroupCombinationMax = 5;  // of one rival group: 32 trials
constexpr size_t kStepBacksMax = 4;

// What a trial came to. Better: saves more, then fewer rules, then lower ids.
struct Score {
  int64_t saving_minor = -1;
  std::vector<const Promotion*> fired;  // by id

  bool BetterThan(const Score& other) const {
    if (saving_minor != other.saving_minor) {
      return saving_minor > other.saving_minor;
    }
    if (fired.size() != other.fired.size()) {
      return fired.size() < other.fired.size();
    }
    for (size_t i = 0; i < fired.size(); ++i) {
      const int order = fired[i]->id.compare(other.fired[i]->id);
      if (order != 0) return order < 0;
    }
    return false;
  }
};

class Search {
 public:
  Search(absl::Span<const OfferCandidate> candidates,
         absl::Span<const int64_t> gross_minor, int trials_max, OfferRun* run)
      : candidates_(candidates),
        gross_minor_(gross_minor),
        trials_max_(trials_max),
        run_(*run),
        enabled_(candidates.size(), false) {}

  Combination Find() {
    std::map<int, std::vector<uint32_t>, std::greater<int>> by_priority;
    for (uint32_t c = 0; c < candidates_.size(); ++c) {
      by_priority[rule(c).priority].push_back(c);
    }
    // Each priority needs two trials besides those that choose.
    trials_max_ -= 2 * static_cast<int>(by_priority.size());
    for (const auto& [priority, members] : by_priority) Settle(members);
    return {std::move(enabled_), trials_, exact_};
  }

 private:
  const Promotion& rule(uint32_t c) const {
    return candidates_[c].compiled->rule;
  }

  Score Try(const std::vector<bool>& enabled) {
    ++trials_;
    const OfferResult& result = run_.Run(enabled);
    Score score;
    score.saving_minor = result.saving_minor;
    for (uint32_t c = 0; c < candidates_.size(); ++c) {
      if (result.outcomes[c].times > 0) score.fired.push_back(&rule(c));
    }
    std::sort(score.fired.begin(), score.fired.end(),
              [](const auto* a, const auto* b) { return a->id < b->id; });
    return score;
  }

  // Turns `c` on and what it excludes off.
  void TurnOn(uint32_t c, absl::Span<const uint32_t> among,
              std::vector<bool>* enabled) const {
    for (const uint32_t other : among) {
      if (other != c && ExcludeEachOther(rule(c), rule(other))) {
        (*enabled)[other] = false;
      }
    }
    (*enabled)[c] = true;
  }

  // The rules of one priority, on top of what higher ones have settled.
  void Settle(const std::vector<uint32_t>& members) {
    std::vector<uint32_t> together;
    std::vector<uint32_t> alone;
    for (const uint32_t c : members) {
      if (ExcludedBySettled(c)) continue;
      (rule(c).stacking == Stacking::kAloneOnReceipt ? alone : together)
          .push_back(c);
    }
    const std::vector<bool> settled = enabled_;
    best_ = settled;
    best_score_ = Score();
    SettleTogether(together);
    // A rule that wants the receipt for itself is tried by itself.
    if (!alone.empty()) {
      const bool free_receipt =
          std::find(settled.begin(), settled.end(), true) == settled.end();
      for (const uint32_t c : alone) {
        if (!free_receipt) break;
        if (trials_ >= trials_max_) {
          exact_ = false;
          break;
        }
        std::vector<bool> enabled(candidates_.size(), false);
        enabled[c] = true;
        Keep(enabled, Try(enabled));
      }
    }
    KeepWhatFires(settled);
  }

  bool ExcludedBySettled(uint32_t c) const {
    for (uint32_t other = 0; other < candidates_.size(); ++other) {
      if (enabled_[other] && ExcludeEachOther(rule(c), rule(other))) {
        return true;
      }
    }
    return false;
  }

  void Keep(const std::vector<bool>& enabled, Score score) {
    if (!score.BetterThan(best_score_)) return;
    best_ = enabled;
    best_score_ = std::move(score);
  }

  void SettleTogether(const std::vector<uint32_t>& together) {
    if (together.empty()) return;
    std::vector<bool> all_on = enabled_;
    for (const uint32_t c : together) all_on[c] = true;
    Score score = Try(all_on);
    reach_ = ReachOf(candidates_, gross_minor_, run_.Outcomes());
    std::vector<uint32_t> rivals;
    for (const auto& group : RivalGroups(candidates_, together, reach_, true)) {
      rivals.insert(rivals.end(), group.begin(), group.end());
    }
    if (rivals.empty()) {
      Keep(all_on, std::move(score));
      return;
    }
    std::sort(rivals.begin(), rivals.end());
    std::vector<bool> start = all_on;
    for (const uint32_t c : rivals) start[c] = false;
    if (rivals.size() <= kEveryCombinationMax &&
        trials_ + (1 << rivals.size()) <= trials_max_ + 1) {
      TryEvery(start, rivals);
      return;
    }
    exact_ = false;
    for (const uint32_t c : rivals) {
      if (!Clashes(c, rivals, start)) start[c] = true;
    }
    SettleByGroups(together, std::move(start));
    StepBack(together);
  }

  // Group by group, thresholds aside: first those that can be judged by their
  // own goods alone, then those that look at the whole basket.
  void SettleByGroups(const std::vector<uint32_t>& together,
                      std::vector<bool> start) {
    const std::vector<std::vector<uint32_t>> groups =
        RivalGroups(candidates_, together, reach_, false);
    for (const auto& group : groups) {
      if (!IsLocal(group)) continue;
      best_ = Neighbourhood(group, start);
      best_score_ = Score();
      TryGroup(group);
      for (const uint32_t c : group) start[c] = best_[c];
    }
    best_ = start;
    best_score_ = Try(start);
    for (const auto& group : groups) {
      if (!IsLocal(group)) TryGroup(group);
    }
  }

  bool IsLocal(const std::vector<uint32_t>& group) const {
    return std::all_of(group.begin(), group.end(), [&](uint32_t c) {
      return candidates_[c].pass < OfferPass::kBasket;
    });
  }

  // The rules of `on` that touch goods of the group, without those that look
  // at the whole basket.
  std::vector<bool> Neighbourhood(const std::vector<uint32_t>& group,
                                  const std::vector<bool>& on) const {
    std::bitset<kPricedLinesMax> goods;
    for (const uint32_t c : group) goods |= reach_[c].goods;
    std::vector<bool> near(candidates_.size(), false);
    for (uint32_t c = 0; c < candidates_.size(); ++c) {
      near[c] = on[c] && candidates_[c].pass < OfferPass::kBasket &&
                (reach_[c].goods & goods).any();
    }
    return near;
  }

  void TryGroup(const std::vector<uint32_t>& group) {
    if (group.size() <= kGroupCombinationMax) {
      TryEvery(best_, group);
    } else {
      if (best_score_.saving_minor < 0) best_score_ = Try(best_);
      ImproveByOne(group);
    }
  }

  // A rule that saves less than the next step of a threshold gives, and is all
  // that keeps the goods below it, is tried without.
  void StepBack(const std::vector<uint32_t>& together) {
    run_.Run(best_);
    const std::vector<OfferOutcome> now(run_.Outcomes().begin(),
                                        run_.Outcomes().end());
    std::vector<std::pair<int64_t, uint32_t>> tries;  // its saving, the rule
    for (const uint32_t b : together) {
      if (!reach_[b].at_stake || !best_[b]) continue;
      const int64_t eligible = now[b].eligible_minor;
      const int64_t shortfall = NextThreshold(rule(b), eligible) - eligible;
      for (const uint32_t a : together) {
        if (best_[a] && candidates_[a].pass < candidates_[b].pass &&
            now[a].saving_minor >= shortfall && shortfall > 0 &&
            now[a].saving_minor < MostGain(b, eligible) &&
            (reach_[a].goods & reach_[b].counted).any()) {
          tries.push_back({now[a].saving_minor, a});
        }
      }
    }
    std::sort(tries.begin(), tries.end());
    tries.erase(std::unique(tries.begin(), tries.end()), tries.end());
    for (size_t i = 0; i < tries.size() && i < kStepBacksMax; ++i) {
      if (trials_ >= trials_max_) return;
      std::vector<bool> enabled = best_;
      enabled[tries[i].second] = false;
      Keep(enabled, Try(enabled));
    }
  }

  // What crossing one more threshold of `b` can give at most.
  int64_t MostGain(uint32_t b, int64_t eligible_minor) const {
    int64_t most = 0;
    const auto add = [&](const Reward& reward) {
      most = std::max(most, reward.kind == RewardKind::kAmountOff
                                ? reward.amount_minor
                                : eligible_minor);
    };
    if (rule(b).offer == OfferKind::kTiers) {
      for (const Tier& tier : rule(b).tiers) add(tier.reward);
    } else {
      add(rule(b).reward);
    }
    return most;
  }

  bool Clashes(uint32_t c, const std::vector<uint32_t>& among,
               const std::vector<bool>& enabled) const {
    for (const uint32_t other : among) {
      if (other != c && enabled[other] &&
          ExcludeEachOther(rule(c), rule(other))) {
        return true;
      }
    }
    return false;
  }

  void TryEvery(std::vector<bool> enabled, const std::vector<uint32_t>& rules) {
    const uint32_t combinations = 1u << rules.size();
    for (uint32_t mask = 0; mask < combinations; ++mask) {
      for (size_t i = 0; i < rules.size(); ++i) {
        enabled[rules[i]] = (mask >> i & 1) != 0;
      }
      bool legal = true;
      for (const uint32_t c : rules) {
        legal = legal && !(enabled[c] && Clashes(c, rules, enabled));
      }
      if (!legal) continue;
      if (trials_ >= trials_max_) {
        exact_ = false;
        return;
      }
      Keep(enabled, Try(enabled));
    }
  }

  void ImproveByOne(const std::vector<uint32_t>& rules) {
    for (bool better = true; better;) {
      better = false;
      for (const uint32_t c : rules) {
        if (trials_ >= trials_max_) return;
        std::vector<bool> enabled = best_;
        if (enabled[c]) {
          enabled[c] = false;
        } else {
          TurnOn(c, rules, &enabled);
        }
        const Score score = Try(enabled);
        if (score.BetterThan(best_score_)) {
          Keep(enabled, score);
          better = true;
        }
      }
    }
  }

  // A rule that gives nothing excludes nothing.
  void KeepWhatFires(const std::vector<bool>& settled) {
    const OfferResult& result = run_.Run(best_);
    for (uint32_t c = 0; c < candidates_.size(); ++c) {
      enabled_[c] = best_[c] && (settled[c] || result.outcomes[c].times > 0);
    }
  }

  const absl::Span<const OfferCandidate> candidates_;
  const absl::Span<const int64_t> gross_minor_;
  int trials_max_;
  OfferRun& run_;
  std::vector<Reach> reach_;
  std::vector<bool> enabled_;  // settled so far
  std::vector<bool> best_;     // of the priority at hand
  Score best_score_;
  int trials_ = 0;
  bool exact_ = true;
};

}  // namespace

Combination FindCombination(absl::Span<const OfferCandidate> candidates,
                            absl::Span<const int64_t> gross_minor,
                            int trials_max, OfferRun* run) {
  return Search(candidates, gross_minor, trials_max, run).Find();
}

}  // namespace branchline
