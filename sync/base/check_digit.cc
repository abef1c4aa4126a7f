#include "sync/base/check_digit.h"

#include <cstddef>

namespace branchline {

char Gs1CheckDigit(absl::string_view digits) {
  int sum = 0;
  int weight = 3;
  for (size_t i = digits.size(); i > 0; --i) {
    sum += (digits[i - 1] - '0') * weight;
    weight = 4 - weight;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

bool AllDigits(absl::string_view text) {
  if (text.empty()) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return true;
}

bool HasGs1CheckDigit(absl::string_view digits) {
  return digits.size() >= 2 && AllDigits(digits) &&
         Gs1CheckDigit(digits.substr(0, digits.size() - 1)) == digits.back();
}

}  // namespace branchline
