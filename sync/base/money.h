#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// Money is int64 minor units of an ISO 4217 currency; unit prices carry four
// more decimals (minor_e4); quantities are int64 thousandths (milli).

// round(quantity x unit price), half away from zero.
//   OUT_OF_RANGE  the product does not fit 64 bits
absl::StatusOr<int64_t> PriceTimesQuantity(int64_t unit_price_minor_e4,
                                           int64_t quantity_milli);

// a + b, a - b.
//   OUT_OF_RANGE  the result does not fit 64 bits
absl::StatusOr<int64_t> CheckedAdd(int64_t a, int64_t b);
absl::StatusOr<int64_t> CheckedSub(int64_t a, int64_t b);

// What units j+1 .. k of a line of n give back of its amount a:
// round(a*k/n) - round(a*j/n). Parts that tile 0..n sum to a exactly.
// 0 <= j <= k <= n, n > 0.
int64_t ShareOfLine(int64_t amount_minor, int64_t j_milli, int64_t k_milli,
                    int64_t n_milli);

// Decimals of `currency`'s minor unit (ISO 4217): 2 for GBP, 0 for JPY.
//   INVALID_ARGUMENT  not three letters A-Z, or no such currency
absl::StatusOr<int> MinorDigits(absl::string_view currency);

// "12.34", "-0.05", "1200" for JPY: plain digits, for files and JSON.
std::string FormatMinor(int64_t amount_minor, int minor_digits);

// "1", "0.5", "-12.345": thousandths without trailing zeros.
std::string FormatMilli(int64_t quantity_milli);

// "12,345.67": grouped, for people.
std::string GroupedMinor(int64_t amount_minor, int minor_digits);

// A decimal number as a count of 10^-`digits`; refuses more decimals than that.
//   INVALID_ARGUMENT  not a plain decimal number, or too many decimals
//   OUT_OF_RANGE      does not fit 64 bits
absl::StatusOr<int64_t> ParseDecimal(absl::string_view text, int digits);

}  // namespace branchline
