#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"

namespace branchline {

inline constexpr size_t kFilterNamesMax = 10'000;  // in one item filter
inline constexpr size_t kTiersMax = 20;
inline constexpr size_t kBundlePartsMax = 10;
inline constexpr int64_t kSetPiecesMax = 10'000;
inline constexpr int kPriorityMax = 9;
inline constexpr int64_t kPromotionAmountMaxMinor = 1'000'000'000'000'000;

// Which items a rule looks at. Nothing named: all of them.
struct ItemFilter {
  std::vector<std::string> skus;
  std::vector<std::string> categories;  // with all below them
  std::vector<std::string> except_skus;
  std::vector<std::string> except_categories;
};

enum class RewardKind { kPercentOff, kAmountOff, kFixedPrice };

struct Reward {
  RewardKind kind = RewardKind::kPercentOff;
  int64_t percent_off_bp = 0;  // 1 to 10000; 10000 is free
  int64_t amount_minor = 0;    // off, or the new price
};

// What of: a line's unit, a group's set, or the basket's sum.
enum class PromotionScope { kLine, kGroup, kBasket };

enum class OfferKind {
  kSimple,  // the reward on everything eligible
  kEvery,   // the reward for each full `every_...`, again and again
  kTiers,   // the reward of the highest tier that is reached, once
  kBuyGet,  // of each buy + get pieces, the reward on the `get` cheapest
  kBundle,  // the reward on each full set of the bundle's parts
};

// Reached when both thresholds are (0: not asked for).
struct Tier {
  int64_t from_amount_minor = 0;
  int64_t from_pieces = 0;
  Reward reward;
};

struct BundlePart {
  ItemFilter items;
  int64_t pieces = 1;
};

// Seconds of the local day, [from, until). until < from runs past midnight.
struct HourWindow {
  int32_t from_second = 0;       // 0 to 86399
  int32_t until_second = 86400;  // 1 to 86400
};

enum class Stacking {
  kStacks,          // with any other rule that stacks
  kAloneOnLine,     // no other rule on the goods that it discounts
  kAloneOnReceipt,  // no other rule on the receipt
};

// A rule that takes money off, as the hub publishes it. `CheckPromotion()` says
// what a legal one is; docs/PRICING.md shows each kind at work.
struct Promotion {
  std::string id;
  uint64_t version = 0;
  std::string name;
  std::string currency;  // of its amounts; empty if it has none
  PromotionScope scope = PromotionScope::kLine;
  // Not empty: fires only if this coupon is shown, after all rules without.
  std::string coupon;

  // When and for whom. All given ones must hold.
  absl::CivilSecond from = absl::CivilSecond::min();  // the branch's own time
  absl::CivilSecond until = absl::CivilSecond::max();
  uint8_t weekdays = 0;           // bit 0: Monday ... bit 6: Sunday; 0: any
  uint32_t days_of_month = 0;     // bit 1 to 31, the member day; 0: any
  std::vector<HourWindow> hours;  // none: all day
  std::vector<std::string> branch_groups;
  std::vector<std::string> customer_groups;  // one of them
  bool members_only = false;

  // What on.
  ItemFilter items;
  int64_t min_amount_minor = 0;  // of eligible goods, 0: no threshold
  int64_t min_pieces = 0;

  // What for.
  OfferKind offer = OfferKind::kSimple;
  Reward reward;
  int64_t every_amount_minor = 0;  // kEvery: one of the two
  int64_t every_pieces = 0;
  std::vector<Tier> tiers;  // kTiers: rising
  int64_t buy_pieces = 0;   // kBuyGet
  int64_t get_pieces = 0;
  std::optional<ItemFilter> get_items;  // kBuyGet: from other goods
  bool same_sku = false;                // kBuyGet: each set of one SKU
  std::vector<BundlePart> bundle;       // kBundle: 2 or more
  // The discount stands on the pieces given, instead of being spread over the
  // whole set. kBuyGet only.
  bool on_free_item = false;

  // Caps; 0: none.
  int64_t pieces_per_line_max = 0;  // scope kLine
  int64_t times_per_receipt_max = 0;
  int64_t saving_per_receipt_max_minor = 0;
  int64_t times_per_branch_max = 0;

  // Among rules that exclude each other the higher priority goes first,
  // whatever it saves; equal ones compete by what the customer saves.
  int priority = 0;  // 0 to kPriorityMax
  Stacking stacking = Stacking::kStacks;
  std::string exclusion_group;  // at most one rule of it on a receipt
};

// Does the rule work on pieces, each of which counts in one set only?
bool TakesPieces(const Promotion& promotion);

// OK if the rule can be published. INVALID_ARGUMENT for the first it breaks:
//
//   1. id of 1 to 64 bytes, name of at most 200
//   2. a span that ends after it starts, hours and days of the calendar
//   3. no filter with more than kFilterNamesMax names
//   4. rewards that take off something and never more than there is
//   5. an offer that has what its kind needs, and suits its scope
//   6. caps and thresholds of 0 or more, a priority of 0 to kPriorityMax
//   7. a currency if, and only if, there are amounts
absl::Status CheckPromotion(const Promotion& promotion);

}  // namespace branchline
