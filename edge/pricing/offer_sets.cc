// The part of OfferRun that makes sets of pieces: every X, buy and get,
// bundles.
#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <utility>

#include "edge/pricing/offer_run.h"
#include "edge/pricing/spread.h"
#include "sync/base/check.h"
#include "sync/base/money.h"

namespace branchline {
namespace {

// What an amount off or a fixed price, `times` times, takes off `base_minor`.
int64_t RewardOn(const Reward& reward, int64_t base_minor, int64_t times) {
  const __int128 amount = static_cast<__int128>(reward.amount_minor) * times;
  const int64_t bounded =
      amount > base_minor ? base_minor : static_cast<int64_t>(amount);
  return reward.kind == RewardKind::kFixedPrice ? base_minor - bounded
                                                : bounded;
}

}  // namespace

void OfferRun::BeginSets() {
  for (LineState& line : state_) line.set_base_minor = line.left_minor;
}

int64_t OfferRun::FreePieces(uint32_t line) const {
  return pieces_[line] - state_[line].pieces_taken;
}

// Sets are made of the dearest pieces first, so that they save most. Equal
// prices go by SKU, so that the order in which goods were scanned changes
// nothing.
std::vector<uint32_t> OfferRun::DearestFirst(
    uint32_t candidate, const std::vector<uint32_t>& lines) const {
  std::vector<uint32_t> order;
  for (const uint32_t line : lines) {
    if (Usable(candidate, line) && FreePieces(line) > 0) order.push_back(line);
  }
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    const __int128 left =
        static_cast<__int128>(state_[a].set_base_minor) * pieces_[b];
    const __int128 right =
        static_cast<__int128>(state_[b].set_base_minor) * pieces_[a];
    if (left != right) return left > right;
    const int by_sku = lines_[a].sku.compare(lines_[b].sku);
    return by_sku != 0 ? by_sku < 0 : a < b;
  });
  return order;
}

void OfferRun::RunSets(uint32_t candidate) {
  const OfferCandidate& c = candidates_[candidate];
  const Promotion& promotion = rule(candidate);
  OfferOutcome& outcome = result_.outcomes[candidate];
  for (const uint32_t line : c.counted) {
    outcome.eligible_minor += state_[line].left_minor;
    outcome.eligible_pieces += FreePieces(line);
  }
  outcome.below_threshold = true;
  if (outcome.eligible_minor < promotion.min_amount_minor ||
      outcome.eligible_pieces < promotion.min_pieces) {
    return;
  }
  // Most rules find too little in most baskets.
  int64_t free_pieces = 0;
  for (const uint32_t line : c.lines) free_pieces += FreePieces(line);
  const bool same_goods =
      promotion.offer == OfferKind::kBuyGet && !promotion.get_items.has_value();
  const int64_t wanted = same_goods
                             ? promotion.buy_pieces + promotion.get_pieces
                             : promotion.every_pieces;
  if (free_pieces < wanted) return;

  std::vector<SetRun> runs;
  std::vector<uint32_t> goods = DearestFirst(candidate, c.lines);
  if (promotion.offer == OfferKind::kBundle) {
    std::vector<Slot> slots;
    for (size_t i = 0; i < c.part_lines.size(); ++i) {
      slots.push_back(
          {DearestFirst(candidate, c.part_lines[i]), c.part_pieces[i], false});
    }
    MakeSets(candidate, std::move(slots), &runs);
  } else if (promotion.offer == OfferKind::kEvery) {
    MakeSets(candidate, {{std::move(goods), promotion.every_pieces, false}},
             &runs);
  } else if (promotion.get_items.has_value()) {
    // Buy with what can only be bought, and of that the cheapest.
    std::reverse(goods.begin(), goods.end());
    std::stable_partition(goods.begin(), goods.end(), [&](uint32_t line) {
      return std::find(c.get_lines.begin(), c.get_lines.end(), line) ==
             c.get_lines.end();
    });
    MakeSets(
        candidate,
        {{std::move(goods), promotion.buy_pieces, false},
         {DearestFirst(candidate, c.get_lines), promotion.get_pieces, true}},
        &runs);
  } else {
    std::map<std::string, std::vector<uint32_t>> by_sku;
    for (const uint32_t line : goods) {
      by_sku[promotion.same_sku ? lines_[line].sku : ""].push_back(line);
    }
    for (const auto& [sku, of_sku] : by_sku) {
      std::vector<Slot> slots;
      if (promotion.buy_pieces > 0) {
        slots.push_back({of_sku, promotion.buy_pieces, false});
      }
      slots.push_back({of_sku, promotion.get_pieces, true});
      MakeSets(candidate, std::move(slots), &runs);
    }
  }
  GiveSets(candidate, std::move(runs));
}

// Makes sets until the goods or the caps end. Each round uses up at least one
// line, so that there are at most two rounds per line whatever the quantities.
void OfferRun::MakeSets(uint32_t candidate, std::vector<Slot> slots,
                        std::vector<SetRun>* runs) {
  OfferOutcome& outcome = result_.outcomes[candidate];
  while (TimesLeft(candidate) > 0) {
    const int64_t equal = std::min(EqualSets(slots), TimesLeft(candidate));
    std::vector<SetPart> parts;
    if (equal > 0) {
      for (const Slot& slot : slots) {
        const uint32_t line = slot.lines[slot.cursor];
        parts.push_back(
            {line, state_[line].pieces_taken, equal * slot.pieces, slot.got});
        state_[line].pieces_taken += equal * slot.pieces;
      }
    } else if (!FillOneSet(slots, &parts)) {
      return;
    }
    outcome.below_threshold = false;
    const int64_t sets = std::max<int64_t>(equal, 1);
    SetRun run = ValueOf(candidate, sets, std::move(parts));
    if (run.saving_minor <= 0) {
      for (const SetPart& part : run.parts) {
        state_[part.line].pieces_taken -= part.pieces;
      }
      return;  // Later sets are cheaper and would save nothing either.
    }
    outcome.times += sets;
    runs->push_back(std::move(run));
  }
}

// How many equal sets the first lines of the slots can fill. Moves the slots
// past lines that are used up.
int64_t OfferRun::EqualSets(std::vector<Slot>& slots) const {
  int64_t sets = std::numeric_limits<int64_t>::max();
  for (Slot& slot : slots) {
    while (slot.cursor < slot.lines.size() &&
           FreePieces(slot.lines[slot.cursor]) == 0) {
      ++slot.cursor;
    }
    if (slot.cursor == slot.lines.size()) return 0;
  }
  for (const Slot& slot : slots) {
    const uint32_t line = slot.lines[slot.cursor];
    int64_t of_this_line = 0;
    for (const Slot& other : slots) {
      if (other.lines[other.cursor] == line) of_this_line += other.pieces;
    }
    sets = std::min(sets, FreePieces(line) / of_this_line);
  }
  return sets;
}

// Fills one set from several lines. Takes nothing if the goods do not suffice.
bool OfferRun::FillOneSet(const std::vector<Slot>& slots,
                          std::vector<SetPart>* parts) {
  for (const Slot& slot : slots) {
    int64_t wanted = slot.pieces;
    for (size_t i = slot.cursor; i < slot.lines.size() && wanted > 0; ++i) {
      const uint32_t line = slot.lines[i];
      const int64_t pieces = std::min(wanted, FreePieces(line));
      if (pieces == 0) continue;
      parts->push_back({line, state_[line].pieces_taken, pieces, slot.got});
      state_[line].pieces_taken += pieces;
      wanted -= pieces;
    }
    if (wanted > 0) {
      for (const SetPart& part : *parts) {
        state_[part.line].pieces_taken -= part.pieces;
      }
      return false;
    }
  }
  return true;
}

OfferRun::SetRun OfferRun::ValueOf(uint32_t candidate, int64_t sets,
                                   std::vector<SetPart> parts) const {
  const Promotion& promotion = rule(candidate);
  const bool on_got = promotion.offer == OfferKind::kBuyGet;
  SetRun run;
  run.parts = std::move(parts);
  // Odd cents go to the earlier line, whichever part of the set it fills.
  std::stable_sort(
      run.parts.begin(), run.parts.end(),
      [](const SetPart& a, const SetPart& b) { return a.line < b.line; });
  int64_t times = on_got ? 0 : sets;
  for (const SetPart& part : run.parts) {
    const LineState& line = state_[part.line];
    const int64_t value =
        ShareOfLine(line.set_base_minor, part.from_piece,
                    part.from_piece + part.pieces, pieces_[part.line]);
    run.values_minor.push_back(value);
    if (!on_got || part.got) run.base_minor += value;
    if (on_got && part.got) times += part.pieces;
  }
  // What a percentage is worth is rounded later, once for all sets.
  run.saving_minor = promotion.reward.kind == RewardKind::kPercentOff
                         ? run.base_minor
                         : RewardOn(promotion.reward, run.base_minor, times);
  return run;
}

void OfferRun::GiveSets(uint32_t candidate, std::vector<SetRun> runs) {
  const Promotion& promotion = rule(candidate);
  int64_t saving = 0;
  std::vector<int64_t> savings;
  for (const SetRun& run : runs) {
    saving += run.saving_minor;
    savings.push_back(run.saving_minor);
  }
  if (promotion.reward.kind == RewardKind::kPercentOff) {
    saving = PercentOf(saving, promotion.reward.percent_off_bp);
  }
  saving = Capped(candidate, saving);
  OfferOutcome& outcome = result_.outcomes[candidate];
  if (saving == 0) {
    outcome.times = 0;
    return;
  }
  if (runs.size() == 1 && runs[0].parts.size() == 1) {
    Take(candidate, runs[0].parts[0].line, saving);
    return;
  }
  const auto by_run = SpreadByWeight(saving, savings);
  BL_CHECK(by_run.ok(), "a saving spreads over the sets that earned it");
  for (size_t r = 0; r < runs.size(); ++r) {
    SetRun& run = runs[r];
    for (size_t i = 0; i < run.parts.size(); ++i) {
      if (promotion.on_free_item && !run.parts[i].got) run.values_minor[i] = 0;
    }
    const auto shares = SpreadByWeight((*by_run)[r], run.values_minor);
    BL_CHECK(shares.ok(), "a saving spreads over the set that earned it");
    for (size_t i = 0; i < run.parts.size(); ++i) {
      Take(candidate, run.parts[i].line, (*shares)[i]);
    }
  }
}

}  // namespace branchline
