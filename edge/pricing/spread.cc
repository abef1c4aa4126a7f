#include "edge/pricing/spread.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"

namespace branchline {

__int128 RoundedQuotient(__int128 numerator, __int128 denominator) {
  BL_CHECK(denominator > 0, "a quotient has a denominator above zero");
  const __int128 whole = numerator / denominator;
  const __int128 rest = numerator % denominator;
  const __int128 magnitude = rest < 0 ? -rest : rest;
  // Compared so, twice the remainder cannot overflow.
  if (magnitude < denominator - magnitude) return whole;
  return numerator < 0 ? whole - 1 : whole + 1;
}

absl::StatusOr<int64_t> MultiplyDivide(int64_t value, int64_t numerator,
                                       int64_t denominator) {
  if (denominator <= 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("taking a share of ", value, ": the denominator is ",
                     denominator, ", want one above 0"));
  }
  const __int128 result =
      RoundedQuotient(static_cast<__int128>(value) * numerator, denominator);
  if (result > std::numeric_limits<int64_t>::max() ||
      result < std::numeric_limits<int64_t>::min()) {
    return absl::OutOfRangeError(absl::StrCat(
        value, " x ", numerator, " / ", denominator, " does not fit 64 bits"));
  }
  return static_cast<int64_t>(result);
}

int64_t PercentOf(int64_t amount_minor, int64_t bp) {
  BL_CHECK(0 <= bp && bp <= kBpPerWhole, "a percentage is 0 to 100");
  return static_cast<int64_t>(
      RoundedQuotient(static_cast<__int128>(amount_minor) * bp, kBpPerWhole));
}

absl::StatusOr<std::vector<int64_t>> SpreadByWeight(
    int64_t total_minor, absl::Span<const int64_t> weights) {
  if (weights.size() > kSpreadPartsMax) {
    return absl::OutOfRangeError(
        absl::StrCat("spreading ", total_minor, " over ", weights.size(),
                     " parts, at most ", kSpreadPartsMax));
  }
  int64_t sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("spreading ", total_minor, ": part ", i + 1,
                       " has weight ", weights[i], ", want 0 or more"));
    }
    if (__builtin_add_overflow(sum, weights[i], &sum)) {
      return absl::OutOfRangeError(
          absl::StrCat("spreading ", total_minor,
                       ": the sum of the weights does not fit 64 bits"));
    }
  }
  std::vector<int64_t> parts(weights.size(), 0);
  if (total_minor == 0) return parts;
  if (sum == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "spreading ", total_minor, ": all weights are 0, nothing can take it"));
  }
  // Magnitudes, so that a refund is spread exactly as its sale was.
  const bool negative = total_minor < 0;
  const __int128 total = negative ? -static_cast<__int128>(total_minor)
                                  : static_cast<__int128>(total_minor);
  std::vector<int64_t> remainders(weights.size());
  __int128 left = total;
  for (size_t i = 0; i < weights.size(); ++i) {
    const __int128 product = total * weights[i];
    parts[i] = static_cast<int64_t>(product / sum);
    remainders[i] = static_cast<int64_t>(product % sum);
    left -= parts[i];
  }
  std::vector<size_t> order(weights.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return remainders[a] > remainders[b];
  });
  for (size_t i = 0; left > 0; ++i, --left) ++parts[order[i]];
  if (negative) {
    for (int64_t& part : parts) part = -part;
  }
  return parts;
}

}  // namespace branchline
