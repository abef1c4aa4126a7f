#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/base/date.h"

namespace branchline {

inline constexpr size_t kTaxRulesMax = 10'000;
inline constexpr size_t kTaxComponentsMax = 8;        // on one line
inline constexpr int64_t kTaxRateMaxE6 = 10'000'000;  // 1000 %

enum class TaxKind { kPercent, kPerUnit };

// Where food and drink are consumed: some places tax it differently.
enum class Consumption { kAny, kTakeAway, kEatIn };

// One tax of a rule. Later ones may be taken on earlier ones.
struct TaxComponent {
  std::string code;  // "vat19"; one row of the receipt's tax table
  TaxKind kind = TaxKind::kPercent;
  int64_t rate_e6 = 0;            // kPercent: 190000 is 19 %
  int64_t per_unit_minor_e4 = 0;  // kPerUnit: of one stock unit
  bool included = true;           // the price holds it already
  bool raises_base = false;       // later components are taxed on it as well
};

// What a tax class pays somewhere, from a date on.
struct TaxRule {
  std::string id;
  uint64_t version = 0;
  std::string tax_class;
  std::string region;  // empty: everywhere
  Consumption consumption = Consumption::kAny;
  Date from_date = 0;                    // first day; 0: since ever
  Date until_date = 0;                   // first day no more; 0: for ever
  std::vector<TaxComponent> components;  // none: not taxed
};

// The tax rules of a chain, checked. Immutable; safe for concurrent use.
class TaxTable {
 public:
  TaxTable() = default;

  //   INVALID_ARGUMENT  a rule is wrong, or two of one scope overlap; names
  //                     them
  //   OUT_OF_RANGE      more than kTaxRulesMax rules
  static absl::StatusOr<TaxTable> Build(std::vector<TaxRule> rules);

  // The most specific rule in force: one for the region before one for
  // everywhere, then one for the consumption before one for any. The pointer
  // lives as long as the table.
  //   NOT_FOUND  no rule for this class, place and date
  absl::StatusOr<const TaxRule*> Find(absl::string_view tax_class,
                                      absl::string_view region,
                                      Consumption consumption, Date date) const;

 private:
  std::vector<TaxRule> rules_;
  absl::flat_hash_map<std::string, std::vector<size_t>> by_class_;
};

}  // namespace branchline
