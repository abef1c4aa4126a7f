#include "sync/base/money.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

__int128 DivideHalfAwayFromZero(__int128 numerator, __int128 denominator) {
  const __int128 half = denominator / 2;
  return numerator >= 0 ? (numerator + half) / denominator
                        : (numerator - half) / denominator;
}

// ISO 4217, list one, without metals, funds' units of account and test codes,
// which have no minor unit. Those withdrawn since 2020 stay: old books hold
// them.
constexpr absl::string_view kHundredths =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB "
    "BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC "
    "CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
    "GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD "
    "KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR "
    "RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC "
    "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES "
    "WST XCD XCG YER ZAR ZMW ZWG ZWL";

// Those of the list whose minor unit is not a hundredth.
constexpr std::array<std::pair<absl::string_view, int>, 26> kOddDigits = {{
    {"BHD", 3}, {"BIF", 0}, {"CLF", 4}, {"CLP", 0}, {"DJF", 0}, {"GNF", 0},
    {"IQD", 3}, {"ISK", 0}, {"JOD", 3}, {"JPY", 0}, {"KMF", 0}, {"KRW", 0},
    {"KWD", 3}, {"LYD", 3}, {"OMR", 3}, {"PYG", 0}, {"RWF", 0}, {"TND", 3},
    {"UGX", 0}, {"UYI", 0}, {"UYW", 4}, {"VND", 0}, {"VUV", 0}, {"XAF", 0},
    {"XOF", 0}, {"XPF", 0},
}};

}  // namespace

absl::StatusOr<int64_t> PriceTimesQuantity(int64_t unit_price_minor_e4,
                                           int64_t quantity_milli) {
  const __int128 product =
      static_cast<__int128>(unit_price_minor_e4) * quantity_milli;
  const __int128 minor = DivideHalfAwayFromZero(product, 10'000'000);
  if (minor > kMax || minor < kMin) {
    return absl::OutOfRangeError(
        absl::StrCat("quantity ", FormatMilli(quantity_milli),
                     " at a price of ", FormatMinor(unit_price_minor_e4, 4),
                     " minor units does not fit 64 bits"));
  }
  return static_cast<int64_t>(minor);
}

absl::StatusOr<int64_t> CheckedAdd(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum)) {
    return absl::OutOfRangeError(
        absl::StrCat("sum of ", a, " and ", b, " does not fit 64 bits"));
  }
  return sum;
}

absl::StatusOr<int64_t> CheckedSub(int64_t a, int64_t b) {
  int64_t difference;
  if (__builtin_sub_overflow(a, b, &difference)) {
    return absl::OutOfRangeError(
        absl::StrCat("difference of ", a, " and ", b, " does not fit 64 bits"));
  }
  return difference;
}

int64_t ShareOfLine(int64_t amount_minor, int64_t j_milli, int64_t k_milli,
                    int64_t n_milli) {
  BL_CHECK(n_milli > 0, "a line has a quantity");
  BL_CHECK(0 <= j_milli && j_milli <= k_milli, "a share goes forward");
  BL_CHECK(k_milli <= n_milli, "a share ends inside the line");
  const __int128 amount = amount_minor;
  return static_cast<int64_t>(
      DivideHalfAwayFromZero(amount * k_milli, n_milli) -
      DivideHalfAwayFromZero(amount * j_milli, n_milli));
}

absl::StatusOr<int> MinorDigits(absl::string_view currency) {
  const bool letters = currency.size() == 3 &&
                       std::all_of(currency.begin(), currency.end(),
                                   [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!letters) {
    return absl::InvalidArgumentError(
        absl::StrCat("currency '", currency,
                     "' is not an ISO 4217 code of three capital letters"));
  }
  for (const auto& [code, digits] : kOddDigits) {
    if (code == currency) return digits;
  }
  if (absl::StrContains(kHundredths, currency)) return 2;
  return absl::InvalidArgumentError(
      absl::StrCat("ISO 4217 has no currency '", currency, "'"));
}

std::string FormatMinor(int64_t amount_minor, int minor_digits) {
  const bool negative = amount_minor < 0;
  // Unsigned, so that INT64_MIN has a magnitude.
  const auto bits = static_cast<uint64_t>(amount_minor);
  uint64_t unit = 1;
  for (int i = 0; i < minor_digits; ++i) unit *= 10;
  const uint64_t magnitude = negative ? 0 - bits : bits;
  const std::string whole = absl::StrCat(negative ? "-" : "", magnitude / unit);
  if (minor_digits == 0) return whole;
  // One digit more than is shown keeps the zeros in front.
  const std::string decimals = absl::StrCat(unit + magnitude % unit);
  return absl::StrCat(whole, ".", absl::string_view(decimals).substr(1));
}

std::string FormatMilli(int64_t quantity_milli) {
  std::string text = FormatMinor(quantity_milli, 3);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string GroupedMinor(int64_t amount_minor, int minor_digits) {
  const std::string plain = FormatMinor(amount_minor, minor_digits);
  const size_t first = plain[0] == '-' ? 1 : 0;
  const size_t end = std::min(plain.find('.'), plain.size());
  std::string grouped = plain.substr(0, first);
  for (size_t i = first; i < end; ++i) {
    if (i > first && (end - i) % 3 == 0) grouped.push_back(',');
    grouped.push_back(plain[i]);
  }
  grouped.append(plain, end, std::string::npos);
  return grouped;
}

absl::StatusOr<int64_t> ParseDecimal(absl::string_view text, int digits) {
  const auto bad = [&](absl::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat("'", text.substr(0, 40), "' ", why));
  };
  absl::string_view rest = text;
  const bool negative = !rest.empty() && rest[0] == '-';
  if (negative || (!rest.empty() && rest[0] == '+')) rest.remove_prefix(1);
  // One more below zero than above it, so that INT64_MIN is read as well.
  const __int128 limit = negative ? -static_cast<__int128>(kMin) : kMax;
  __int128 value = 0;
  int decimals = -1;  // -1: before the point
  bool any = false;
  for (const char c : rest) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (c < '0' || c > '9') return bad("is not a decimal number");
    any = true;
    if (decimals >= digits) {
      if (c != '0') {
        return bad(absl::StrCat("has more than ", digits, " decimals"));
      }
      continue;
    }
    if (decimals >= 0) ++decimals;
    value = value * 10 + (c - '0');
    if (value > limit) {
      return absl::OutOfRangeError(
          absl::StrCat("'", text.substr(0, 40), "' does not fit 64 bits"));
    }
  }
  if (!any) return bad("is not a decimal number");
  for (int i = std::max(decimals, 0); i < digits; ++i) {
    value *= 10;
    if (value > limit) {
      return absl::OutOfRangeError(
          absl::StrCat("'", text.substr(0, 40), "' does not fit 64 bits"));
    }
  }
  return static_cast<int64_t>(negative ? -value : value);
}

}  // namespace branchline
