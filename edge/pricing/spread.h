#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace branchline {

inline constexpr size_t kSpreadPartsMax = 100'000;
inline constexpr int64_t kBpPerWhole = 10'000;  // basis points: 1 = 0.01 %

// round(value x numerator / denominator), half away from zero.
//   INVALID_ARGUMENT  denominator is not above 0
//   OUT_OF_RANGE      the result does not fit 64 bits
absl::StatusOr<int64_t> MultiplyDivide(int64_t value, int64_t numerator,
                                       int64_t denominator);

// numerator / denominator, half away from zero; denominator > 0.
__int128 RoundedQuotient(__int128 numerator, __int128 denominator);

// `bp` basis points of `amount_minor`, half away from zero. 0 <= bp <= 10000,
// so that the result always fits.
int64_t PercentOf(int64_t amount_minor, int64_t bp);

// Splits `total_minor` in the proportion of `weights`: by largest remainder,
// ties to the earlier part, nothing to a part of weight zero. The parts sum to
// the total exactly, each has its sign or is 0, and none is larger than its
// weight while the total is not larger than the sum of the weights.
//   INVALID_ARGUMENT  a weight is below 0; or all are 0 and the total is not
//   OUT_OF_RANGE      more than kSpreadPartsMax parts, or the weights' sum
//                     does not fit 64 bits
absl::StatusOr<std::vector<int64_t>> SpreadByWeight(
    int64_t total_minor, absl::Span<const int64_t> weights);

}  // namespace branchline
