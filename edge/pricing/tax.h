#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "edge/pricing/tax_table.h"

namespace branchline {

// Tax on the amounts that are left after all discounts. Pure.
//
// Lines of one rule are taxed together: their sum is split exactly and rounded
// once per tax, and the tax is spread back to the lines by their amounts (a tax
// per unit by their quantities). Lines that bring money back are taxed apart,
// so that a return has the figures of its sale, negated.

enum class TaxRounding { kPerReceipt, kPerLine };

struct TaxableLine {
  int64_t amount_minor = 0;       // after all discounts; < 0: given back
  int64_t quantity_milli = 0;     // for taxes per unit
  const TaxRule* rule = nullptr;  // null: not taxed
  // Taxes in the price are taken out of it and those on top are not charged.
  bool exempt = false;
};

struct LineTax {
  std::string code;
  int64_t rate_e6 = 0;
  bool included = false;
  int64_t base_minor = 0;
  int64_t tax_minor = 0;
};

struct TaxedLine {
  std::vector<LineTax> taxes;  // in the order of the rule's components
  int64_t net_minor = 0;
  int64_t tax_minor = 0;
  int64_t payable_minor = 0;   // net + tax
  int64_t exempted_minor = 0;  // tax taken out of the price
};

struct TaxedReceipt {
  std::vector<TaxedLine> lines;  // one per line given, in their order
  // One per code, rate and kind, in the order of first use.
  std::vector<LineTax> table;
  int64_t net_minor = 0;
  int64_t tax_minor = 0;
  int64_t payable_minor = 0;
};

//   OUT_OF_RANGE  an amount or an exact share does not fit
absl::StatusOr<TaxedReceipt> TaxLines(absl::Span<const TaxableLine> lines,
                                      TaxRounding rounding);

}  // namespace branchline
