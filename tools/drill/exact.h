#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The drill's own arithmetic. What the ledger must come out with is computed
// here and in expected_books without one line of the ledger's code, or an error
// in that code would confirm itself. Never include sync/base/money.h here.
namespace branchline::drill {

inline constexpr int kUnitPriceExtraDigits = 4;     // beyond the minor unit
inline constexpr int64_t kUnitPriceScale = 10'000;  // 10^ of the above
inline constexpr int64_t kQuantityScale = 1'000;    // thousandths
inline constexpr int kQuantityDigits = 3;
inline constexpr size_t kNumberSizeMax = 40;  // characters of a number

// A decimal number as the file has it: digits x 10^-`decimals`.
struct Decimal {
  __int128 digits = 0;
  int decimals = 0;
};

// From "-12.50": an optional minus, digits, and optionally a point with digits
// after it. Nothing else: no exponent, no grouping, no spaces.
//   INVALID_ARGUMENT  not that form, or too long
absl::StatusOr<Decimal> ReadDecimal(absl::string_view text);

// `value` as a count of 10^-`decimals`, not rounded.
//   INVALID_ARGUMENT  it has more decimals than that
//   OUT_OF_RANGE      beyond +-`max`
absl::StatusOr<int64_t> ExactCount(const Decimal& value, int decimals,
                                   int64_t max);

// The same, rounded half away from zero.
//   OUT_OF_RANGE  beyond +-`max`
absl::StatusOr<int64_t> RoundedCount(const Decimal& value, int decimals,
                                     int64_t max);

// numerator / denominator, rounded half away from zero. `denominator` is not 0.
__int128 DivideRounded(__int128 numerator, __int128 denominator);

// quantity x unit price in minor units, rounded half away from zero. Exact for
// all values that SalesFile lets through.
int64_t GrossMinor(int64_t quantity_milli, int64_t unit_price_minor_e4);

// Decimals of the minor unit by ISO 4217: 2 for GBP, 0 for JPY, 3 for KWD.
//   INVALID_ARGUMENT  no such currency in the table
absl::StatusOr<int> CurrencyDigits(absl::string_view currency);

// "5761931.38": a count of 10^-`decimals` as a plain decimal number.
std::string DecimalText(int64_t count, int decimals);

}  // namespace branchline::drill
