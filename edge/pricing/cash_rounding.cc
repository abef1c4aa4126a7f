#include "edge/pricing/cash_rounding.h"

#include <array>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/pricing/spread.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr std::array<std::pair<absl::string_view, int64_t>, 18> kSteps = {{
    {"AMD", 100},
    {"AUD", 5},
    {"CAD", 5},
    {"CHF", 5},
    {"CRC", 100},
    {"CZK", 100},
    {"DKK", 50},
    {"GYD", 100},
    {"HUF", 500},
    {"MNT", 100},
    {"MUR", 100},
    {"NOK", 100},
    {"NZD", 10},
    {"RSD", 100},
    {"SEK", 100},
    {"TWD", 100},
    {"TZS", 100},
    {"UZS", 100},
}};

}  // namespace

absl::StatusOr<CashRounding> CashRoundingOf(absl::string_view currency) {
  BL_RETURN_IF_ERROR(MinorDigits(currency).status());
  CashRounding rounding;
  currency.copy(rounding.currency, sizeof(rounding.currency) - 1);
  for (const auto& [code, step_minor] : kSteps) {
    if (code == currency) rounding.step_minor = step_minor;
  }
  return rounding;
}

absl::StatusOr<int64_t> RoundCash(int64_t amount_minor,
                                  const CashRounding& rounding) {
  const int64_t step = rounding.step_minor;
  if (step < 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("rounding ", amount_minor, " for cash: the step is ", step,
                     " minor units, want 1 or more"));
  }
  const __int128 amount = amount_minor;
  __int128 steps = amount / step;
  switch (rounding.mode) {
    case RoundingMode::kHalfAwayFromZero:
      steps = RoundedQuotient(amount, step);
      break;
    case RoundingMode::kDown:
      break;
    case RoundingMode::kUp:
      if (amount % step != 0) steps += amount < 0 ? -1 : 1;
      break;
  }
  const __int128 rounded = steps * step;
  if (rounded > std::numeric_limits<int64_t>::max() ||
      rounded < std::numeric_limits<int64_t>::min()) {
    return absl::OutOfRangeError(absl::StrCat("rounding ", amount_minor,
                                              " for cash to steps of ", step,
                                              " does not fit 64 bits"));
  }
  return static_cast<int64_t>(rounded);
}

}  // namespace branchline
