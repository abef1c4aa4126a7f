#include "edge/pricing/amount_text.h"

#include "absl/strings/str_cat.h"
#include "sync/base/money.h"

namespace branchline {
namespace {

constexpr int64_t kE4 = 10'000;
constexpr int kE4Digits = 4;

}  // namespace

std::string AmountText(int64_t amount_minor, absl::string_view currency) {
  const auto digits = MinorDigits(currency);
  if (!digits.ok()) return absl::StrCat(amount_minor, " minor units");
  return absl::StrCat(FormatMinor(amount_minor, *digits), " ", currency);
}

std::string UnitPriceText(int64_t price_minor_e4, absl::string_view currency) {
  if (price_minor_e4 % kE4 == 0) {
    return AmountText(price_minor_e4 / kE4, currency);
  }
  const auto digits = MinorDigits(currency);
  if (!digits.ok()) {
    return absl::StrCat(FormatMinor(price_minor_e4, kE4Digits), " minor units");
  }
  return absl::StrCat(FormatMinor(price_minor_e4, *digits + kE4Digits), " ",
                      currency);
}

}  // namespace branchline
