#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "edge/pricing/tax.h"

namespace branchline {

// A line as it was sold: the figures of the receipt.
struct SoldLine {
  int64_t quantity_milli = 0;  // > 0
  int64_t amount_minor = 0;    // after discounts
  std::vector<LineTax> taxes;
};

// What goes back to the customer for a part of a line.
struct ReturnFigures {
  int64_t amount_minor = 0;
  std::vector<LineTax> taxes;
};

// The figures for `quantity_milli` more of a line of which `returned_milli`
// came back before: stored figures shared out, never priced or tested against
// thresholds again. All returns of a line together give back exactly its
// figures; the last piece takes the rest.
//   INVALID_ARGUMENT     the quantity is not above 0
//   FAILED_PRECONDITION  more than was sold less what came back
absl::StatusOr<ReturnFigures> FiguresOfReturn(const SoldLine& line,
                                              int64_t returned_milli,
                                              int64_t quantity_milli);

}  // namespace branchline
