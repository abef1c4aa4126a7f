#include "devices/barcode/measure_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "devices/barcode/check_digit.h"

namespace branchline {
namespace {

constexpr size_t kCodeSize = 13;
constexpr ptrdiff_t kValueDigitsMax = 6;

absl::Status CheckRule(const MeasureRule& rule) {
  const std::string& pattern = rule.pattern;
  const auto count = [&pattern](char c) {
    return std::count(pattern.begin(), pattern.end(), c);
  };
  const bool is_whole =
      pattern.size() == kCodeSize && pattern.back() == 'c' && count('c') == 1 &&
      count('i') >= 1 && count('v') >= 1 && count('v') <= kValueDigitsMax &&
      count('p') <= 1 && (count('p') == 0 || count('v') == 4) &&
      pattern.find_first_not_of("0123456789ivpc") == std::string::npos;
  if (is_whole && rule.decimals >= 0 && rule.decimals <= 4) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "measure rule '", pattern, "' with ", rule.decimals,
      " decimals: want 13 places of 0-9, i, v (1 to 6), p (needs 4 v), and c "
      "at the end, with 0 to 4 decimals, as in 21iiiiivvvvvc with 3"));
}

// The digits of `code` where `pattern` has `place`.
std::string At(absl::string_view pattern, absl::string_view code, char place) {
  std::string digits;
  for (size_t i = 0; i < kCodeSize; ++i) {
    if (pattern[i] == place) digits.push_back(code[i]);
  }
  return digits;
}

bool Fits(absl::string_view pattern, absl::string_view code) {
  for (size_t i = 0; i < kCodeSize; ++i) {
    const bool is_digit = pattern[i] >= '0' && pattern[i] <= '9';
    if (is_digit && pattern[i] != code[i]) return false;
  }
  return true;
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
  if (padded.size() != kCodeSize || !AllDigits(padded)) {
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
    for (const char digit : digits) read.value = read.value * 10 + digit - '0';
    read.decimals = rule.decimals;
    if (rule.kind != MeasureKind::kPrice) {
      for (; read.decimals < 3; ++read.decimals) read.value *= 10;
      // Finer than a gram: what scales print there is 0 or noise.
      for (; read.decimals > 3; --read.decimals) read.value /= 10;
    }
    return std::optional<MeasureCode>(read);
  }
  return std::optional<MeasureCode>();
}

}  // namespace branchline
