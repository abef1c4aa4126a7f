#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/cli/sheet_file.h"

namespace branchline::cli {
namespace {

constexpr size_t kDigitsMax = 15;  // that a spreadsheet keeps
constexpr int kExponentMax = 40;

// Digits and where the point stands in them.
struct Decimal {
  bool negative = false;
  std::string digits;
  int point = 0;  // digits in front of it; may lie outside
};

bool Parse(absl::string_view text, Decimal* out) {
  if (!text.empty() && text[0] == '-') {
    out->negative = true;
    text.remove_prefix(1);
  }
  const size_t e = text.find_first_of("eE");
  int exponent = 0;
  if (e != absl::string_view::npos) {
    absl::string_view after = text.substr(e + 1);
    if (!after.empty() && after[0] == '+') after.remove_prefix(1);
    if (!absl::SimpleAtoi(after, &exponent)) return false;
    if (exponent > kExponentMax || exponent < -kExponentMax) return false;
    text = text.substr(0, e);
  }
  bool seen_point = false;
  for (const char c : text) {
    if (c == '.' && !seen_point) {
      seen_point = true;
    } else if (c >= '0' && c <= '9') {
      out->digits.push_back(c);
      if (!seen_point) ++out->point;
    } else {
      return false;
    }
  }
  out->point += exponent;
  return !out->digits.empty();
}

// To kDigitsMax digits that say something.
void Round(Decimal* number) {
  size_t first = number->digits.find_first_not_of('0');
  if (first == std::string::npos) return;
  if (number->digits.size() - first <= kDigitsMax) return;
  const bool up = number->digits[first + kDigitsMax] >= '5';
  number->digits.resize(first + kDigitsMax);
  for (size_t i = number->digits.size(); up && i > 0;) {
    if (number->digits[--i] != '9') {
      ++number->digits[i];
      return;
    }
    number->digits[i] = '0';
    if (i == 0) {
      number->digits.insert(number->digits.begin(), '1');
      ++number->point;
    }
  }
}

}  // namespace

std::string PlainNumber(absl::string_view text) {
  Decimal number;
  if (!Parse(text, &number)) return std::string(text);
  const bool is_plain = text.find_first_of("eE") == absl::string_view::npos;
  if (is_plain && number.digits.size() <= kDigitsMax) return std::string(text);
  Round(&number);
  std::string& digits = number.digits;
  if (number.point <= 0) {
    digits.insert(0, static_cast<size_t>(1 - number.point), '0');
    number.point = 1;
  }
  const auto point = static_cast<size_t>(number.point);
  if (digits.size() < point) digits.append(point - digits.size(), '0');
  std::string whole = digits.substr(0, point);
  std::string rest = digits.substr(point);
  while (!rest.empty() && rest.back() == '0') rest.pop_back();
  const size_t first = whole.find_first_not_of('0');
  whole = first == std::string::npos ? "0" : whole.substr(first);
  return absl::StrCat(number.negative ? "-" : "", whole,
                      rest.empty() ? "" : ".", rest);
}

}  // namespace branchline::cli
