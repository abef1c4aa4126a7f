#include "tools/drill/exact.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"

namespace branchline::drill {
namespace {

// ISO 4217, currencies in use; the rest of the table has two decimals.
constexpr absl::string_view kDigits0 =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
constexpr absl::string_view kDigits3 = "BHD IQD JOD KWD LYD OMR TND";
constexpr absl::string_view kDigits4 = "CLF UYW";
constexpr absl::string_view kDigits2 =
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV "
    "BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE "
    "CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD "
    "HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD "
    "LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN "
    "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG "
    "SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD "
    "TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWL";

bool Lists(absl::string_view codes, absl::string_view code) {
  for (absl::string_view one : absl::StrSplit(codes, ' ')) {
    if (one == code) return true;
  }
  return false;
}

// 38 digits are what 128 bits hold in any case.
constexpr int kDecimalsMax = 36;

absl::Status OutOfRange(int decimals, int64_t max) {
  return absl::OutOfRangeError(absl::StrCat(
      "the number is beyond the limit of ", DecimalText(max, decimals)));
}

__int128 PowerOfTen(int exponent) {
  BL_CHECK(exponent >= 0, "negative power of ten");
  BL_CHECK(exponent <= kDecimalsMax, "power of ten beyond 128 bits");
  __int128 power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

}  // namespace

absl::StatusOr<Decimal> ReadDecimal(absl::string_view text) {
  const absl::Status wrong = absl::InvalidArgumentError(
      "not a plain decimal number such as 12.50 or -3");
  if (text.size() > kNumberSizeMax) return wrong;
  absl::string_view rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  if (negative) rest.remove_prefix(1);
  Decimal value;
  int digit_count = 0;
  bool point = false;
  for (size_t i = 0; i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '.' && !point && i > 0 && i + 1 < rest.size()) {
      point = true;
      continue;
    }
    if (!absl::ascii_isdigit(c)) return wrong;
    if (value.digits != 0 && ++digit_count > kDecimalsMax) return wrong;
    value.digits = value.digits * 10 + (c - '0');
    if (point) ++value.decimals;
  }
  if (rest.empty()) return wrong;
  if (value.decimals > kDecimalsMax) return wrong;
  if (negative) value.digits = -value.digits;
  return value;
}

absl::StatusOr<int64_t> ExactCount(const Decimal& value, int decimals,
                                   int64_t max) {
  if (value.decimals > decimals &&
      value.digits % PowerOfTen(value.decimals - decimals) != 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", decimals, " decimals"));
  }
  return RoundedCount(value, decimals, max);
}

absl::StatusOr<int64_t> RoundedCount(const Decimal& value, int decimals,
                                     int64_t max) {
  __int128 count = value.digits;
  if (value.decimals > decimals) {
    count = DivideRounded(count, PowerOfTen(value.decimals - decimals));
  } else {
    for (int i = value.decimals; i < decimals; ++i) {
      if (count > max || count < -max) return OutOfRange(decimals, max);
      count *= 10;
    }
  }
  if (count > max || count < -max) return OutOfRange(decimals, max);
  return static_cast<int64_t>(count);
}

__int128 DivideRounded(__int128 numerator, __int128 denominator) {
  BL_CHECK(denominator != 0, "division by zero");
  if (denominator < 0) {
    numerator = -numerator;
    denominator = -denominator;
  }
  const __int128 size = numerator < 0 ? -numerator : numerator;
  __int128 quotient = size / denominator;
  const __int128 rest = size % denominator;
  if (rest >= denominator - rest) ++quotient;
  return numerator < 0 ? -quotient : quotient;
}

int64_t GrossMinor(int64_t quantity_milli, int64_t unit_price_minor_e4) {
  const __int128 gross =
      DivideRounded(static_cast<__int128>(quantity_milli) * unit_price_minor_e4,
                    static_cast<__int128>(kQuantityScale) * kUnitPriceScale);
  BL_CHECK(gross <= INT64_MAX, "line amount beyond 64 bits");
  BL_CHECK(gross >= INT64_MIN, "line amount beyond 64 bits");
  return static_cast<int64_t>(gross);
}

absl::StatusOr<int> CurrencyDigits(absl::string_view currency) {
  if (Lists(kDigits2, currency)) return 2;
  if (Lists(kDigits0, currency)) return 0;
  if (Lists(kDigits3, currency)) return 3;
  if (Lists(kDigits4, currency)) return 4;
  return absl::InvalidArgumentError(
      "not a currency of ISO 4217 such as GBP or JPY");
}

std::string DecimalText(int64_t count, int decimals) {
  // Unsigned, so that the smallest number has its opposite too.
  const uint64_t size = count < 0 ? 0 - static_cast<uint64_t>(count)
                                  : static_cast<uint64_t>(count);
  std::string digits = absl::StrCat(size);
  const size_t whole_min = static_cast<size_t>(decimals) + 1;
  if (digits.size() < whole_min) {
    digits = absl::StrCat(std::string(whole_min - digits.size(), '0'), digits);
  }
  const absl::string_view all = digits;
  const size_t whole = all.size() - static_cast<size_t>(decimals);
  return absl::StrCat(count < 0 ? "-" : "", all.substr(0, whole),
                      decimals > 0 ? "." : "", all.substr(whole));
}

}  // namespace branchline::drill
