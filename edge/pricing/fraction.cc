#include "edge/pricing/fraction.h"

#include <limits>

#include "edge/pricing/spread.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

__int128 Gcd(__int128 a, __int128 b) {
  if (a < 0) a = -a;
  while (b != 0) {
    const __int128 rest = a % b;
    a = b;
    b = rest;
  }
  return a == 0 ? 1 : a;
}

absl::Status DoesNotFit() {
  return absl::OutOfRangeError(
      "an exact fraction does not fit 128 bits; use fewer taxes on one line, "
      "or rates with fewer decimals");
}

absl::StatusOr<__int128> Product(__int128 a, __int128 b) {
  __int128 product;
  if (__builtin_mul_overflow(a, b, &product)) return DoesNotFit();
  return product;
}

}  // namespace

Fraction::Fraction(__int128 numerator, __int128 denominator) {
  const __int128 common = Gcd(numerator, denominator);
  numerator_ = numerator / common;
  denominator_ = denominator / common;
}

Fraction Fraction::Of(int64_t numerator, int64_t denominator) {
  BL_CHECK(denominator > 0, "a fraction has a denominator above zero");
  return Fraction(static_cast<__int128>(numerator),
                  static_cast<__int128>(denominator));
}

absl::StatusOr<Fraction> Fraction::Plus(const Fraction& other) const {
  const __int128 common = Gcd(denominator_, other.denominator_);
  BL_ASSIGN_OR_RETURN(const __int128 left,
                      Product(numerator_, other.denominator_ / common));
  BL_ASSIGN_OR_RETURN(const __int128 right,
                      Product(other.numerator_, denominator_ / common));
  BL_ASSIGN_OR_RETURN(const __int128 denominator,
                      Product(denominator_, other.denominator_ / common));
  __int128 numerator;
  if (__builtin_add_overflow(left, right, &numerator)) return DoesNotFit();
  return Fraction(numerator, denominator);
}

absl::StatusOr<Fraction> Fraction::Minus(const Fraction& other) const {
  Fraction negated = other;
  negated.numerator_ = -negated.numerator_;
  return Plus(negated);
}

absl::StatusOr<Fraction> Fraction::Times(const Fraction& other) const {
  const __int128 across = Gcd(numerator_, other.denominator_);
  const __int128 back = Gcd(other.numerator_, denominator_);
  BL_ASSIGN_OR_RETURN(const __int128 numerator,
                      Product(numerator_ / across, other.numerator_ / back));
  BL_ASSIGN_OR_RETURN(
      const __int128 denominator,
      Product(denominator_ / back, other.denominator_ / across));
  return Fraction(numerator, denominator);
}

absl::StatusOr<Fraction> Fraction::Over(const Fraction& other) const {
  BL_CHECK(other.numerator_ > 0, "a fraction is divided by one above zero");
  return Times(Fraction(other.denominator_, other.numerator_));
}

absl::StatusOr<int64_t> Fraction::Rounded() const {
  const __int128 rounded = RoundedQuotient(numerator_, denominator_);
  if (rounded > std::numeric_limits<int64_t>::max() ||
      rounded < std::numeric_limits<int64_t>::min()) {
    return absl::OutOfRangeError("an amount does not fit 64 bits");
  }
  return static_cast<int64_t>(rounded);
}

}  // namespace branchline
