#include "edge/pricing/manual_discount.h"

#include "absl/strings/str_cat.h"
#include "edge/pricing/amount_text.h"
#include "edge/pricing/spread.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// "12.5 %"
std::string Percent(int64_t bp) {
  return absl::StrCat(FormatMilli(bp * 10), " %");
}

absl::Status CheckReason(absl::string_view reason) {
  if (!reason.empty() && reason.size() <= kReasonSizeMax) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "the reason has ", reason.size(), " bytes, want 1 to ", kReasonSizeMax));
}

// Is part / whole beyond bp / 10000? Exact.
bool Beyond(int64_t part, int64_t whole, int64_t bp) {
  return static_cast<__int128>(part) * kBpPerWhole >
         static_cast<__int128>(whole) * bp;
}

}  // namespace

absl::StatusOr<int64_t> ManualSaving(const ManualDiscount& discount,
                                     int64_t amount_minor,
                                     absl::string_view currency) {
  BL_RETURN_IF_ERROR(CheckReason(discount.reason));
  const bool percent = discount.percent_off_bp != 0;
  if (percent == (discount.amount_minor != 0)) {
    return absl::InvalidArgumentError(
        "a manual discount is a percentage or an amount, one of the two");
  }
  if (discount.percent_off_bp < 0 || discount.percent_off_bp > kBpPerWhole ||
      discount.amount_minor < 0) {
    return absl::InvalidArgumentError(
        "a manual discount takes off 0 to 100 %, or an amount above 0");
  }
  if (percent) return PercentOf(amount_minor, discount.percent_off_bp);
  if (discount.amount_minor > amount_minor) {
    return absl::OutOfRangeError(absl::StrCat(
        "a manual discount of ", AmountText(discount.amount_minor, currency),
        " is more than the ", AmountText(amount_minor, currency),
        " that is left"));
  }
  return discount.amount_minor;
}

absl::Status CheckManualSaving(const ManualLimits& limits, bool whole_basket,
                               int64_t amount_minor, int64_t saving_minor) {
  const int64_t bp =
      whole_basket ? limits.basket_percent_max_bp : limits.line_percent_max_bp;
  const absl::string_view what = whole_basket ? "the receipt" : "a line";
  if (Beyond(saving_minor, amount_minor, bp)) {
    return absl::PermissionDeniedError(
        absl::StrCat("a ", limits.role, " may take ", Percent(bp), " off ",
                     what, "; ", AmountText(saving_minor, limits.currency),
                     " of ", AmountText(amount_minor, limits.currency),
                     " is more, ask somebody who may approve it"));
  }
  if (limits.amount_max_minor != 0 && saving_minor > limits.amount_max_minor) {
    return absl::PermissionDeniedError(absl::StrCat(
        "a ", limits.role, " may take ",
        AmountText(limits.amount_max_minor, limits.currency), " off ", what,
        "; ", AmountText(saving_minor, limits.currency),
        " is more, ask somebody who may approve it"));
  }
  return absl::OkStatus();
}

absl::Status CheckPriceOverride(const ManualLimits& limits,
                                int64_t book_price_minor_e4,
                                int64_t price_minor_e4,
                                absl::string_view reason) {
  BL_RETURN_IF_ERROR(CheckReason(reason));
  if (price_minor_e4 < 0) {
    return absl::InvalidArgumentError("a keyed price is 0 or more");
  }
  if (price_minor_e4 > book_price_minor_e4) {
    if (limits.may_override_up) return absl::OkStatus();
    return absl::PermissionDeniedError(absl::StrCat(
        "a ", limits.role,
        " may not raise a price; ask somebody who may approve it"));
  }
  if (Beyond(book_price_minor_e4 - price_minor_e4, book_price_minor_e4,
             limits.override_down_max_bp)) {
    return absl::PermissionDeniedError(absl::StrCat(
        "a ", limits.role, " may lower a price by ",
        Percent(limits.override_down_max_bp), "; ",
        UnitPriceText(price_minor_e4, limits.currency), " instead of ",
        UnitPriceText(book_price_minor_e4, limits.currency),
        " is more, ask somebody who may approve it"));
  }
  return absl::OkStatus();
}

}  // namespace branchline
