#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

enum class RoundingMode {
  kHalfAwayFromZero,  // what most laws on small coins say
  kDown,              // towards zero
  kUp,                // away from zero
};

// How an amount is paid where the smallest coins are gone. Applies to what is
// left to pay in cash, never to a card or a wallet.
struct CashRounding {
  int64_t step_minor = 1;  // the smallest coin; 1: nothing is rounded
  RoundingMode mode = RoundingMode::kHalfAwayFromZero;
  char currency[4] = "";  // for messages; empty: they say minor units
};

// The usual rule of a currency (CLDR's cash digits and cash rounding; AUD and
// NZD by their coinage). A branch may be given another one.
//   INVALID_ARGUMENT  ISO 4217 has no such currency
absl::StatusOr<CashRounding> CashRoundingOf(absl::string_view currency);

// The nearest amount that coins can pay. A refund has the figures of its sale,
// negated.
//   INVALID_ARGUMENT  step is below 1
//   OUT_OF_RANGE      the result does not fit 64 bits
absl::StatusOr<int64_t> RoundCash(int64_t amount_minor,
                                  const CashRounding& rounding);

}  // namespace branchline
