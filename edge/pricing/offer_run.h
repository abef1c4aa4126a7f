#pragma once

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "edge/pricing/basket_line.h"
#include "edge/pricing/promotion_set.h"

namespace branchline {

// The order in which rules are applied. Within a pass: by priority, the higher
// first, then by id.
enum class OfferPass {
  kLine,
  kGroupSets,    // sets of pieces, each piece in one set
  kGroupTotals,  // what looks at a group's sum
  kBasket,       // from here on thresholds count what was shown before
  kCouponLine,
  kCouponSets,
  kCouponTotals,
  kCouponBasket,
};
OfferPass PassOf(const Promotion& promotion);

// A rule that passed its gate, and the lines that it could touch.
struct OfferCandidate {
  const CompiledPromotion* compiled = nullptr;
  OfferPass pass = OfferPass::kLine;
  std::vector<uint32_t> lines;    // may be discounted (and bought)
  std::vector<uint32_t> counted;  // count for thresholds
  std::vector<uint32_t> get_lines;
  std::vector<std::vector<uint32_t>> part_lines;  // of a bundle, rarest first
  std::vector<int64_t> part_pieces;
  int64_t times_max = 0;   // by both caps; INT64_MAX: no cap
  int64_t saving_max = 0;  // minor units; INT64_MAX: no cap
};

// What a rule took off a line.
struct OfferTake {
  uint32_t candidate = 0;
  uint32_t line = 0;
  int64_t amount_minor = 0;
};

// What became of one candidate in a run.
struct OfferOutcome {
  int64_t times = 0;
  int64_t saving_minor = 0;
  int64_t eligible_minor = 0;  // goods counted, when it was its turn
  int64_t eligible_pieces = 0;
  bool below_threshold = false;
};

struct OfferResult {
  int64_t saving_minor = 0;
  std::vector<OfferTake> takes;        // in the order they were made
  std::vector<OfferOutcome> outcomes;  // per candidate
};

// Applies a chosen set of rules to a basket, one after the other: the pure
// arithmetic of promotions, without any choice between rules except this one:
// of line rules that exclude each other on a line, the best for that line.
//
// Made once per basket and run many times; not thread-safe. `lines` and
// `candidates` must outlive it. Candidates are in the order of OfferPass and
// priority, then as they are to be applied. All amounts are 0 to
// kLineAmountMaxMinor.
class OfferRun {
 public:
  // The lines' amounts before promotions, in minor units, one per line.
  OfferRun(absl::Span<const BasketLine> lines,
           absl::Span<const int64_t> gross_minor,
           absl::Span<const OfferCandidate> candidates);

  // The result is valid until the next call.
  const OfferResult& Run(const std::vector<bool>& enabled);
  absl::Span<const OfferOutcome> Outcomes() const { return result_.outcomes; }

 private:
  struct LineState {
    int64_t left_minor = 0;
    int64_t shown_minor = 0;     // after line and group rules
    int64_t set_base_minor = 0;  // when sets began to be made
    int64_t pieces_taken = 0;    // by sets
    int32_t rules = 0;
    bool alone = false;
  };
  struct LineRule {  // a line rule on one of its lines
    uint32_t line;
    uint32_t candidate;
  };
  struct SetPart {  // pieces of one line in a run of equal sets
    uint32_t line;
    int64_t from_piece;
    int64_t pieces;
    bool got;
  };
  struct SetRun {                       // equal sets, made but not yet paid for
    std::vector<SetPart> parts;         // by line
    std::vector<int64_t> values_minor;  // of the parts
    int64_t base_minor = 0;             // what the reward is taken on
    int64_t saving_minor = 0;
  };
  struct Slot {  // a part of a set, and the lines that may fill it, in order
    std::vector<uint32_t> lines;
    int64_t pieces = 0;
    bool got = false;
    size_t cursor = 0;
  };

  const Promotion& rule(uint32_t candidate) const {
    return candidates_[candidate].compiled->rule;
  }
  bool Usable(uint32_t candidate, uint32_t line) const;
  void Take(uint32_t candidate, uint32_t line, int64_t amount_minor);
  // `saving` under the rule's cap for the receipt.
  int64_t Capped(uint32_t candidate, int64_t saving_minor) const;
  int64_t TimesLeft(uint32_t candidate) const;

  // Up to what is shown, then from there on.
  void RunOwnGoods(const std::vector<bool>& enabled);
  void RunWholeBasket(const std::vector<bool>& enabled);
  void RunRule(uint32_t candidate);

  void RunLineRules(OfferPass pass, const std::vector<bool>& enabled);
  void ChooseForLine(absl::Span<const LineRule> rules);
  int64_t LineSaving(uint32_t candidate, uint32_t line,
                     int64_t left_minor) const;

  void RunTotal(uint32_t candidate);
  void SpreadOver(uint32_t candidate, const std::vector<uint32_t>& lines,
                  int64_t saving_minor);

  // offer_sets.cc
  void BeginSets();
  void RunSets(uint32_t candidate);
  void MakeSets(uint32_t candidate, std::vector<Slot> slots,
                std::vector<SetRun>* runs);
  int64_t EqualSets(std::vector<Slot>& slots) const;
  bool FillOneSet(const std::vector<Slot>& slots, std::vector<SetPart>* parts);
  SetRun ValueOf(uint32_t candidate, int64_t sets,
                 std::vector<SetPart> parts) const;
  void GiveSets(uint32_t candidate, std::vector<SetRun> runs);
  int64_t FreePieces(uint32_t line) const;
  std::vector<uint32_t> DearestFirst(uint32_t candidate,
                                     const std::vector<uint32_t>& lines) const;

  const absl::Span<const BasketLine> lines_;
  const absl::Span<const int64_t> gross_minor_;
  const absl::Span<const OfferCandidate> candidates_;
  std::vector<int64_t> pieces_;       // per line
  std::vector<LineRule> line_rules_;  // by pass, line, then candidate
  uint32_t own_goods_count_ = 0;      // candidates before OfferPass::kBasket
  std::vector<LineState> state_;
  OfferResult result_;
  // As shown, after the rules before kBasket of an earlier run: what only the
  // rules on the whole basket tell apart need not be made again.
  bool kept_ = false;
  std::vector<bool> kept_enabled_;
  std::vector<LineState> kept_state_;
  OfferResult kept_result_;
};

// Pieces that a line counts as: its quantity, or 1 if it is weighed or cut.
int64_t PiecesOf(const BasketLine& line);

}  // namespace branchline
