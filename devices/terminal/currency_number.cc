#include "devices/terminal/currency_number.h"

#include <unicode/ucurr.h>

#include "absl/strings/str_cat.h"

namespace branchline {

absl::StatusOr<int> CurrencyNumber(const std::string& currency) {
  const std::u16string code(currency.begin(), currency.end());
  const int number =
      currency.size() == 3 ? ucurr_getNumericCode(code.c_str()) : 0;
  if (number > 0) return number;
  return absl::InvalidArgumentError(
      absl::StrCat("a terminal cannot be told of currency '", currency,
                   "': ISO 4217 has no number for it"));
}

}  // namespace branchline
