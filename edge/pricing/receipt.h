#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "edge/pricing/basket_line.h"
#include "edge/pricing/promotion_choice.h"
#include "edge/pricing/tax.h"
#include "sync/base/date.h"

namespace branchline {

// edge/pricing turns a basket into the figures of a receipt. It is pure: plain
// structs in, plain structs out; no clock, chance, storage or protocol. Any
// thread may call it. docs/PRICING.md tells the order and the rounding.

// Beyond this a finger slipped; sums of kPricedLinesMax such lines fit 64 bits.
inline constexpr int64_t kLineAmountMaxMinor = 1'000'000'000'000'000;

struct Basket {
  std::vector<BasketLine> lines;         // at most kPricedLinesMax
  PromotionContext promotions;           // currency, time, customer, coupons
  std::optional<ManualDiscount> manual;  // on the whole receipt, last
  // Dropping the small change, on top of it; 0: none.
  int64_t dropped_change_minor = 0;
  std::string tax_region;
  Consumption consumption = Consumption::kTakeAway;
  Date tax_date = 0;
  bool tax_exempt = false;
  std::string tax_exempt_reason;  // wanted if exempt
};

// The chain's rules that a basket is priced by. Not owned.
struct PricingRules {
  const PromotionSet* promotions = nullptr;  // null: none
  const TaxTable* taxes = nullptr;           // null: nothing is taxed
  TaxRounding tax_rounding = TaxRounding::kPerReceipt;
};

struct PricedLine {
  int64_t gross_minor = 0;              // round(quantity x price), or the label
  std::vector<LineDiscount> discounts;  // in the order they were applied
  int64_t discount_minor = 0;           // their sum
  int64_t amount_minor = 0;             // gross - discount
  TaxedLine tax;
};

struct PricedReceipt {
  std::vector<PricedLine> lines;  // one per basket line, in their order
  int64_t gross_minor = 0;
  int64_t discount_minor = 0;  // the sum of the lines' discounts, exactly
  int64_t amount_minor = 0;    // gross - discount
  int64_t total_minor = 0;     // what is to be paid: with taxes on top
  std::vector<LineTax> taxes;  // the receipt's tax table
  int64_t tax_minor = 0;
  std::vector<RuleReport> rules;  // that fired; with `explain` all
  int trials = 0;
  bool exact = true;
};

// Prices a basket: gross, promotions by stage, manual discounts, tax.
//   INVALID_ARGUMENT  a line or discount is wrong; names it
//   NOT_FOUND         no tax rule for a line
//   OUT_OF_RANGE      an amount or sum does not fit; too many lines
absl::StatusOr<PricedReceipt> PriceBasket(const Basket& basket,
                                          const PricingRules& rules,
                                          bool explain = false);

}  // namespace branchline
