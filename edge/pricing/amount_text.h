#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace branchline {

// Money as a sentence says it: "12.50 EUR". Without a currency that ISO 4217
// knows: "1250 minor units".
std::string AmountText(int64_t amount_minor, absl::string_view currency);

// The same of a unit price, with no more decimals than it needs.
std::string UnitPriceText(int64_t price_minor_e4, absl::string_view currency);

}  // namespace branchline
