#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "edge/pricing/basket_line.h"

namespace branchline {

// What a barcode means besides its item.
struct BarcodeMeaning {
  int64_t pieces = 1;  // whole pieces of the stock unit; a carton: 10
  // The price of one scan, if the code has its own.
  std::optional<int64_t> price_minor = std::nullopt;
  // A label printed in the shop, with the amount of this very package. Final:
  // no price list and no promotion changes it.
  std::optional<int64_t> label_amount_minor = std::nullopt;
  // The weight that the label states, or that follows from its amount.
  int64_t label_quantity_milli = 0;
};

// Puts `scans` scans of a code into `line`, whose SKU, flags and book price
// (line->price) are set already: quantity, amount and where the price is from.
//   INVALID_ARGUMENT  scans below 1; a code for fewer than one piece; a label
//                     scanned as several, or with a negative amount
//   OUT_OF_RANGE      the quantity or amount does not fit
absl::Status ApplyBarcode(const BarcodeMeaning& meaning, int64_t scans,
                          BasketLine* line);

}  // namespace branchline
