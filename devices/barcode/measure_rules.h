#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

enum class MeasureKind {
  kWeight,
  kPrice,
  kPieces,
  kReduced,  // the new price of one piece that is cleared
};

// How a country or a chain puts a weight or a price into an in-store code of 13
// digits (GS1 restricted circulation, prefixes 02 and 20 to 29), or into the 18
// digits that label scales in China print. `pattern` has a place for each
// digit:
//
//   0-9  that digit        i  item          v  value
//   p    verifier of the four digits of v   c  check digit, last
//   w    of 18 places: the weight, beside the price at v
//
// "21iiiiivvvvvc" with 3 decimals: 2112345015002 is 1.500 of item 12345.
// "22iiiiivvvvvwwwwwc": item, price and weight.
struct MeasureRule {
  std::string pattern;
  MeasureKind kind = MeasureKind::kWeight;
  int decimals = 3;  // of the value: of kilograms, or of the currency's unit
  int weight_decimals = 3;  // of w
};

struct MeasureCode {
  std::string item;  // the digits at i
  MeasureKind kind = MeasureKind::kWeight;
  int64_t value = 0;  // kWeight and kPieces: thousandths; prices: as printed
  int decimals = 0;   // of a price's `value`
  int64_t weight_milli = 0;  // beside a price; 0: the code has none
};

// Ready to use: all patterns have 13 or 18 places, one c at the end, at least
// one i and one v, at most 6 v, and at most one p, which needs 4 v; up to 6 w
// in 18 places beside a price.
//
//   INVALID_ARGUMENT  a rule that is not so, or more than kMeasureRulesMax
class MeasureRules {
 public:
  static constexpr size_t kMeasureRulesMax = 100;

  static absl::StatusOr<MeasureRules> Make(std::vector<MeasureRule> rules);

  // What `code` (13 digits, 12 of a UPC-A, or 18) says by the first rule that
  // fits it; nothing if none does.
  //
  //   INVALID_ARGUMENT  a rule fits, but its check digit or verifier is wrong
  absl::StatusOr<std::optional<MeasureCode>> Read(absl::string_view code) const;

  // The code that says `item` and `value` by `rule`, which Make() took: what a
  // labeller prints. `value` as in MeasureCode.
  //
  //   INVALID_ARGUMENT  `item` has other than as many digits as there are i
  //   (fewer
  //                     get zeros in front), or `value` does not fit
  static absl::StatusOr<std::string> Write(const MeasureRule& rule,
                                           absl::string_view item,
                                           int64_t value);

 private:
  explicit MeasureRules(std::vector<MeasureRule> rules)
      : rules_(std::move(rules)) {}
  std::vector<MeasureRule> rules_;
};

// The verifier of a price of four digits (GS1 General Specifications, 7.9.5
// and 7.9.6): weights 2-, 2-, 3, 5-, the sum times 3, modulo 10.
char PriceVerifier(absl::string_view four_digits);

}  // namespace branchline
