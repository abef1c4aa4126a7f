#include "edge/pricing/combination.h"

#include <algorithm>
#include <map>
#include <utility>

#include "edge/pricing/rivalry.h"

namespace branchline {
namespace {

constexpr size_t kEveryCombinationMax = 8;  // rules: 256 trials
constexpr size_t kGroupCombinationMax = 5;  // of one rival group: 32 trials

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
    const std::vector<std::vector<uint32_t>> groups =
        RivalGroups(candidates_, together, gross_minor_, run_.Outcomes());
    if (groups.empty()) {
      Keep(all_on, std::move(score));
      return;
    }
    std::vector<uint32_t> rivals;
    for (const auto& group : groups) {
      rivals.insert(rivals.end(), group.begin(), group.end());
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
    Keep(start, Try(start));
    for (const auto& group : groups) {
      if (group.size() <= kGroupCombinationMax) {
        TryEvery(best_, group);
      } else {
        ImproveByOne(group);
      }
    }
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
  const int trials_max_;
  OfferRun& run_;
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
