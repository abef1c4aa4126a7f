#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "edge/pricing/basket_line.h"
#include "edge/pricing/promotion.h"

namespace branchline {

inline constexpr size_t kPromotionsMax = 10'000;

// An ItemFilter made ready for lookups.
class ItemMatcher {
 public:
  ItemMatcher() = default;
  explicit ItemMatcher(const ItemFilter& filter);

  bool Matches(const BasketLine& line) const;
  bool Excludes(const BasketLine& line) const;
  bool names_nothing() const { return skus_.empty() && categories_.empty(); }

 private:
  absl::flat_hash_set<std::string> skus_;
  absl::flat_hash_set<std::string> categories_;
  absl::flat_hash_set<std::string> except_skus_;
  absl::flat_hash_set<std::string> except_categories_;
};

// One rule with its matchers.
struct CompiledPromotion {
  Promotion rule;
  ItemMatcher items;
  ItemMatcher get_items;            // if the rule has other goods to give
  std::vector<ItemMatcher> bundle;  // as the rule's parts
};

// The promotions of a chain, checked and indexed by what they name, so that a
// basket meets only the rules that could touch it. In the order of their ids.
// Immutable; safe for concurrent use.
class PromotionSet {
 public:
  PromotionSet() = default;

  //   INVALID_ARGUMENT  a rule is not legal or its id is there twice; names it
  //   OUT_OF_RANGE      more than kPromotionsMax rules
  static absl::StatusOr<PromotionSet> Build(std::vector<Promotion> promotions);

  const std::vector<CompiledPromotion>& rules() const { return rules_; }

  // A rule and the lines that its `items` match (of a bundle: its first part).
  struct Touch {
    size_t rule = 0;
    std::vector<uint32_t> lines;  // rising
  };

  // The rules that match a line, rising. Costs a few lookups a line, however
  // many rules there are that name other goods.
  std::vector<Touch> Touching(absl::Span<const BasketLine> lines) const;

 private:
  void Index(size_t rule, const ItemFilter& filter);

  std::vector<CompiledPromotion> rules_;
  absl::flat_hash_map<std::string, std::vector<size_t>> by_sku_;
  absl::flat_hash_map<std::string, std::vector<size_t>> by_category_;
  std::vector<size_t> of_everything_;
};

// Whose basket it is, where and when.
struct PromotionContext {
  std::string currency;
  absl::Time at;
  absl::TimeZone zone;
  std::vector<std::string> branch_groups;
  bool is_member = false;
  std::vector<std::string> customer_groups;
  std::vector<std::string> coupons;
  // Times each rule has been given in this branch, for its cap.
  std::map<std::string, int64_t> times_in_branch;
};

// Why a rule did not fire. kNone: it did, or still may.
enum class NotFired {
  kNone,
  kOtherCurrency,
  kNotYet,
  kExpired,
  kOtherWeekday,
  kOtherDayOfMonth,
  kOtherHour,
  kOtherBranch,
  kNotAMember,
  kOtherCustomerGroup,
  kNoCoupon,
  kBranchCap,
  kNoEligibleGoods,
  kBelowThreshold,
  kSavesNothing,
  kExcluded,   // by a rule of higher priority
  kSavesLess,  // than the combination that was chosen
};

// The conditions that do not depend on what is in the basket.
NotFired GateOf(const Promotion& promotion, const PromotionContext& context);

}  // namespace branchline
