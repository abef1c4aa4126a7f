#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace branchline {

// The number that ISO 4217 gives to a currency: 978 for EUR. A terminal knows
// it by that.
//   INVALID_ARGUMENT  there is none
absl::StatusOr<int> CurrencyNumber(const std::string& currency);

}  // namespace branchline
