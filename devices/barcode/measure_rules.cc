#include "devices/barcode/measure_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sync/base/check_digit.h"

namespace branchline {
namespace {

constexpr size_t kCodeSize = 13;
constexpr size_t kLongCodeSize = 18;
constexpr ptrdiff_t kValueDigitsMax = 6;

absl::Status CheckRule(const MeasureRule& rule) {
  const std::string& pattern = rule.pattern;
  const auto count = [&pattern](char c) {
    return std::count(pattern.begin(), pattern.end(), c);
  };
  const bool is_long = pattern.size() == kLongCodeSize;
  const bool is_price =
      rule.kind == MeasureKind::kPrice || rule.kind == MeasureKind::kReduced;
  const bool is_whole =
      (pattern.size() == kCodeSize || is_long) && pattern.back() == 'c' &&
      count('c') == 1 && count('i') >= 1 && count('v') >= 1 &&
      count('v') <= kValueDigitsMax && count('p') <= 1 &&
      (count('p') == 0 || count('v') == 4) && count('w') <= kValueDigitsMax &&
      (count('w') == 0 || (is_long && is_price)) &&
      pattern.find_first_not_of("0123456789ivpwc") == std::string::npos;
  if (is_whole && rule.decimals >= 0 && rule.decimals <= 4 &&
      rule.weight_decimals >= 0 && rule.weight_decimals <= 4) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "measure rule '", pattern.substr(0, 40), "' with ", rule.decimals,
      " decimals: want 13 or 18 places of 0-9, i, v (1 to 6), p (needs 4 v), w "
      "(beside a price, of 18 places) and c at the end, with 0 to 4 decimals, "
      "as in 21iiiiivvvvvc with 3"));
}

// The digits of `code` where `pattern` has `place`.
std::string At(absl::string_view pattern, absl::string_view code, char place) {
  std::string digits;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == place) digits.push_back(code[i]);
  }
  return digits;
}

bool Fits(absl::string_view pattern, absl::string_view code) {
  if (pattern.size() != code.size()) return false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool is_digit = pattern[i] >= '0' && pattern[i] <= '9';
    if (is_digit && pattern[i] != code[i]) return false;
  }
  return true;
}

// Of `digits` with so many decimals, in thousandths. Finer than a gram is 0 or
// noise: what scales print there is left out.
int64_t Thousandths(absl::string_view digits, int decimals) {
  int64_t value = 0;
  for (const char digit : digits) value = value * 10 + digit - '0';
  for (; decimals < 3; ++decimals) value *= 10;
  for (; decimals > 3; --decimals) value /= 10;
  return value;
}

// digit times weight, less its tens ("minus" weights) when asked.
int Weighted(char digit, int weight, bool minus) {
  const int product = (digit - '0') * weight;
  return (minus ? product - product / 10 + 10 : product) % 10;
}

}  // namespace

char PriceVerifier(absl::string_view digits) {
  const int sum = Weighted(digits[0], 2, true) + Weighted(digits[1], 2, true) +
                  Weighted(digits[2], 3, false) + Weighted(digits[3], 5, true);
  return static_cast<char>('0' + sum * 3 % 10);
}

absl::StatusOr<MeasureRules> MeasureRules::Make(
    std::vector<MeasureRule> rules) {
  if (rules.size() > kMeasureRulesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        rules.size(), " measure rules, at most ", kMeasureRulesMax));
  }
  for (const MeasureRule& rule : rules) {
    if (absl::Status status = CheckRule(rule); !status.ok()) return status;
  }
  return MeasureRules(std::move(rules));
}

absl::StatusOr<std::optional<MeasureCode>> MeasureRules::Read(
    absl::string_view code) const {
  const std::string padded = code.size() == kCodeSize - 1
                                 ? absl::StrCat("0", code)
                                 : std::string(code);
  if ((padded.size() != kCodeSize && padded.size() != kLongCodeSize) ||
      !AllDigits(padded)) {
    return std::optional<MeasureCode>();
  }
  for (const MeasureRule& rule : rules_) {
    if (!Fits(rule.pattern, padded)) continue;
    if (!HasGs1CheckDigit(padded)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "code '", code, "': its check digit is wrong; scan it again"));
    }
    const std::string digits = At(rule.pattern, padded, 'v');
    const std::string verifier = At(rule.pattern, padded, 'p');
    if (!verifier.empty() && verifier[0] != PriceVerifier(digits)) {
      return absl::InvalidArgumentError(
          absl::StrCat("code '", code, "': the verifier of ", digits,
                       " is wrong; scan it again"));
    }
    MeasureCode read;
    read.item = At(rule.pattern, padded, 'i');
    read.kind = rule.kind;
    if (rule.kind == MeasureKind::kPrice ||
        rule.kind == MeasureKind::kReduced) {
      for (const char digit : digits) {
        read.value = read.value * 10 + digit - '0';
      }
      read.decimals = rule.decimals;
    } else {
      read.value = Thousandths(digits, rule.decimals);
    }
    read.weight_milli =
        Thousandths(At(rule.pattern, padded, 'w'), rule.weight_decimals);
    return std::optional<MeasureCode>(read);
  }
  return std::optional<MeasureCode>();
}

absl::StatusOr<std::string> MeasureRules::Write(const MeasureRule& rule,
                                                absl::string_view item,
                                                int64_t value) {
  if (absl::Status status = CheckRule(rule); !status.ok()) return status;
  if (rule.kind == MeasureKind::kWeight || rule.kind == MeasureKind::kPieces) {
    for (int decimals = rule.decimals; decimals < 3; ++decimals) value /= 10;
    for (int decimals = rule.decimals; decimals > 3; --decimals) value *= 10;
  }
  std::string rest = absl::StrCat(value);
  std::string name(item);
  const auto fill = [&rule](char place, std::string* digits) {
    const auto places = static_cast<size_t>(
        std::count(rule.pattern.begin(), rule.pattern.end(), place));
    if (!AllDigits(*digits) || digits->size() > places) return false;
    digits->insert(0, places - digits->size(), '0');
    return true;
  };
  if (value < 0 || !fill('v', &rest) || !fill('i', &name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("item '", item.substr(0, 40), "' with the value ", value,
                     " does not go into a code of the form ", rule.pattern));
  }
  const char verifier = rest.size() == 4 ? PriceVerifier(rest) : '0';
  std::string code;
  size_t item_at = 0;
  size_t value_at = 0;
  for (const char place : rule.pattern) {
    switch (place) {
      case 'i':
        code.push_back(name[item_at++]);
        break;
      case 'v':
        code.push_back(rest[value_at++]);
        break;
      case 'p':
        code.push_back(verifier);
        break;
      case 'w':
        code.push_back('0');
        break;
      case 'c':
        code.push_back(Gs1CheckDigit(code));
        break;
      default:
        code.push_back(place);
    }
  }
  return code;
}

}  // namespace branchline
