#pragma once

#include <cstdint>

#include "absl/status/statusor.h"

namespace branchline {

// An exact rational number, kept in lowest terms: what tax on tax needs between
// its base and the one rounding at the end. Denominator above 0.
//
// Every operation: OUT_OF_RANGE if a term does not fit 128 bits.
class Fraction {
 public:
  Fraction() = default;
  explicit Fraction(int64_t whole) : numerator_(whole) {}
  // `denominator` > 0.
  static Fraction Of(int64_t numerator, int64_t denominator);

  absl::StatusOr<Fraction> Plus(const Fraction& other) const;
  absl::StatusOr<Fraction> Minus(const Fraction& other) const;
  absl::StatusOr<Fraction> Times(const Fraction& other) const;
  // `other` must be above 0.
  absl::StatusOr<Fraction> Over(const Fraction& other) const;

  // The nearest whole number, half away from zero.
  absl::StatusOr<int64_t> Rounded() const;

 private:
  Fraction(__int128 numerator, __int128 denominator);

  __int128 numerator_ = 0;
  __int128 denominator_ = 1;
};

}  // namespace branchline
