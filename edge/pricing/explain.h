#pragma once

#include <string>
#include <vector>

#include "edge/pricing/receipt.h"

namespace branchline {

// What the till answers to "why this price?": plain sentences, amounts in the
// currency's own decimals.
struct Explanation {
  // Per basket line: where its price came from, what each rule took off, what
  // is left.
  std::vector<std::vector<std::string>> lines;
  // Per rule that did not fire, by id: why.
  std::vector<std::string> not_fired;
};

// `receipt` is what PriceBasket() made of `basket` and `rules` with `explain`.
//   INVALID_ARGUMENT  the currency of the basket does not exist
absl::StatusOr<Explanation> Explain(const Basket& basket,
                                    const PricingRules& rules,
                                    const PricedReceipt& receipt);

}  // namespace branchline
