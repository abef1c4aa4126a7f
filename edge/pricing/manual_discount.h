#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "edge/pricing/basket_line.h"

namespace branchline {

inline constexpr size_t kReasonSizeMax = 64;  // bytes

// What a role may do to a price by hand. Zero: nothing.
struct ManualLimits {
  std::string role;                   // for messages
  int64_t line_percent_max_bp = 0;    // of a line's amount
  int64_t basket_percent_max_bp = 0;  // of the receipt's amount
  int64_t amount_max_minor = 0;      // of one discount; 0: the percentage alone
  int64_t override_down_max_bp = 0;  // below the price book's price
  bool may_override_up = false;
  int64_t drop_change_max_minor = 0;
  std::string currency = "";  // for messages; empty: they say minor units
};

// What `discount` takes off `amount_minor`: a percentage rounded half away
// from zero, or an amount.
//   INVALID_ARGUMENT  no figure or both, a percentage beyond 100, no reason
//   OUT_OF_RANGE      more than the amount
// `currency`: for messages.
absl::StatusOr<int64_t> ManualSaving(const ManualDiscount& discount,
                                     int64_t amount_minor,
                                     absl::string_view currency = "");

// May the role take `saving_minor` off `amount_minor`? A manager's approval is
// the same check with the manager's limits.
//   PERMISSION_DENIED  beyond the role's limit; names the limit
absl::Status CheckManualSaving(const ManualLimits& limits, bool whole_basket,
                               int64_t amount_minor, int64_t saving_minor);

// May the role sell at `price` what the book has at `book_price`? Both in
// minor units with four decimals.
//   INVALID_ARGUMENT   the price is below 0, or there is no reason
//   PERMISSION_DENIED  too far below, or above and not allowed
absl::Status CheckPriceOverride(const ManualLimits& limits,
                                int64_t book_price_minor_e4,
                                int64_t price_minor_e4,
                                absl::string_view reason);

}  // namespace branchline
