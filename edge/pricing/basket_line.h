#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "edge/pricing/price_choice.h"

namespace branchline {

inline constexpr size_t kPricedLinesMax = 1'000;

// A discount keyed by a person; one of the two figures.
struct ManualDiscount {
  int64_t percent_off_bp = 0;
  int64_t amount_minor = 0;
  std::string reason;  // a code of the chain's list
};

// One line of a basket as the engine sees it: the item's master data and the
// price that was chosen when the line was added.
struct BasketLine {
  std::string sku;
  std::vector<std::string> categories;  // its own first, then those above
  int64_t quantity_milli = 0;           // < 0: goods come back, no promotions
  bool weighed = false;                 // counts as one piece
  PriceChoice price;
  // The line's amount where it is not round(quantity x price): a label's, or a
  // carton's.
  std::optional<int64_t> gross_minor;
  // A label's amount or a price keyed by a person: no promotion touches it.
  bool price_is_final = false;
  bool no_discount = false;        // item flag: nor does a person
  bool not_in_thresholds = false;  // item flag

  std::string tax_class;
  // Another tax class for this line, with the reason; empty: none.
  std::string tax_class_override;
  std::string tax_override_reason;

  std::optional<ManualDiscount> manual;
};

}  // namespace branchline
