#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "branchline/v1/master.pb.h"
#include "branchline/v1/pricing.pb.h"
#include "edge/pricing/price_choice.h"
#include "edge/pricing/promotion_choice.h"
#include "edge/pricing/promotion_set.h"
#include "edge/pricing/tax.h"

namespace branchline {

// The hub's pricing facts in the form in which they are applied. Made once for
// each change of the hub's streams; immutable, safe for concurrent use.
struct PricingBook {
  uint64_t version = 0;
  std::vector<PriceList> lists;
  PromotionSet promotions;
  TaxTable taxes;
  bool taxed = false;  // there is at least one tax rule
  TaxRounding tax_rounding = TaxRounding::kPerReceipt;
  // Of this branch.
  std::vector<std::string> branch_groups;
  std::string tax_region;
  // By category: those above it, the nearest first.
  absl::flat_hash_map<std::string, std::vector<std::string>> categories_above;
  // Rules that this program cannot apply, and why: left out, because a rule
  // that is wrong must not stop a shop.
  std::vector<std::string> left_out;
};

inline constexpr int kPriceListsMax = 64;
inline constexpr int kPromotionsSetMax = 1'000;
inline constexpr int kTaxRulesSetMax = 1'000;

// Each message is as the hub published it; an empty one: none. Lists beyond
// kPriceListsMax and rules beyond their limits are left out, and so is every
// tax rule if they do not go together.
PricingBook MakePricingBook(const v1::PriceBookSet& book,
                            const v1::PromotionsSet& promotions,
                            const v1::TaxRulesSet& taxes);

// The categories above each one of the tree. A parent that is not there, or
// that is below its own child, ends the way up.
absl::flat_hash_map<std::string, std::vector<std::string>> CategoriesAbove(
    const v1::CategoriesSet& tree);

// One fact in its plain form.
//   INVALID_ARGUMENT  a kind that this program does not know, or a rule that
//                     is not legal
absl::StatusOr<PriceList> FromProto(const v1::PriceList& list,
                                    uint64_t book_version);
absl::StatusOr<Promotion> FromProto(const v1::Promotion& promotion);
absl::StatusOr<TaxRule> FromProto(const v1::TaxRule& rule);

// A line's results as they stand in the sale.
v1::LineDiscount ToProto(const LineDiscount& discount);
v1::LineTax ToProto(const LineTax& tax);
v1::PriceSource ToProto(PriceSource source);

}  // namespace branchline
