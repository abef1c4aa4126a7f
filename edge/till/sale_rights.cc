#include "edge/till/sale_rights.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "edge/pricing/manual_discount.h"
#include "edge/till/cash_amounts.h"
#include "edge/till/item_rules.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// What a line was worth before anybody took something off by hand, and what
// was taken off for this line alone.
struct ByHand {
  int64_t amount_minor = 0;
  int64_t line_saving_minor = 0;
  int64_t all_saving_minor = 0;  // its share of the receipt's too
};

absl::StatusOr<ByHand> ByHandOf(const v1::RingLine& asked,
                                const v1::SaleLine& line) {
  ByHand by_hand;
  if (line.has_gross_minor()) {
    by_hand.amount_minor = line.gross_minor();
  } else {
    BL_ASSIGN_OR_RETURN(
        by_hand.amount_minor,
        PriceTimesQuantity(line.unit_price_minor_e4(), line.quantity_milli()));
  }
  if (line.discounts().empty()) {  // lines that say what they come to
    by_hand.line_saving_minor = line.discount_minor();
    by_hand.all_saving_minor = line.discount_minor();
    return by_hand;
  }
  for (const v1::LineDiscount& discount : line.discounts()) {
    if (discount.stage() == v1::DISCOUNT_STAGE_MANUAL) {
      by_hand.all_saving_minor += discount.amount_minor();
    } else {
      by_hand.amount_minor -= discount.amount_minor();
    }
  }
  if (!asked.has_discount()) return by_hand;
  BL_ASSIGN_OR_RETURN(
      by_hand.line_saving_minor,
      ManualSaving({asked.discount().percent_off_bp(),
                    asked.discount().amount_minor(), asked.discount().reason()},
                   by_hand.amount_minor));
  return by_hand;
}

absl::Status CheckLine(const v1::RingLine& asked, const v1::SaleLine& line,
                       const ByHand& by_hand, const std::string& currency,
                       Authority* authority) {
  if (line.kind() == v1::LINE_KIND_FREE) {
    BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_FREE_LINE, "give goods away"));
  }
  if (line.price_source() == v1::PRICE_SOURCE_KEYED) {
    BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_OPEN_DEPARTMENT,
                                       "sell under an open department"));
  }
  if (line.hand_weighed()) {
    BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_HAND_WEIGHT, "key a weight"));
  }
  if (!asked.tax_class_override().empty()) {
    BL_RETURN_IF_ERROR(
        authority->Need(v1::RIGHT_TAX_EXEMPT, "change a tax class"));
  }
  if (line.price_overridden()) {
    BL_RETURN_IF_ERROR(authority->Need(
        v1::RIGHT_PRICE_OVERRIDE, "key a price", [&](const v1::Role& role) {
          return CheckPriceOverride(
              LimitsOf(role, currency), line.book_price_minor_e4(),
              line.unit_price_minor_e4(), line.override_reason());
        }));
  }
  if (by_hand.line_saving_minor > 0) {
    BL_RETURN_IF_ERROR(authority->Need(
        v1::RIGHT_DISCOUNT, "give this discount", [&](const v1::Role& role) {
          return CheckManualSaving(LimitsOf(role, currency),
                                   /*whole_basket=*/false, by_hand.amount_minor,
                                   by_hand.line_saving_minor);
        }));
  }
  return absl::OkStatus();
}

}  // namespace

ManualLimits LimitsOf(const v1::Role& role, const std::string& currency) {
  ManualLimits limits;
  limits.currency = currency;
  limits.role = role.id();
  limits.line_percent_max_bp = role.line_discount_max_bp();
  limits.basket_percent_max_bp = role.basket_discount_max_bp();
  limits.override_down_max_bp = role.override_down_max_bp();
  limits.may_override_up = role.may_override_up();
  limits.drop_change_max_minor = role.drop_change_max_minor();
  return limits;
}

absl::Status CheckSaleRights(const v1::RingRequest& request,
                             const v1::Sale& sale, Authority* authority) {
  if (!authority->checked()) return absl::OkStatus();
  BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_SELL, "sell"));
  int64_t back_minor = 0;   // goods without a receipt
  int64_t worth_minor = 0;  // before discounts on the whole receipt
  int64_t basket_saving_minor = 0;
  for (int i = 0; i < sale.lines_size(); ++i) {
    const v1::SaleLine& line = sale.lines(i);
    if (line.voided()) continue;
    if (!line.returns_receipt_no().empty()) {
      BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_RETURN, "exchange goods"));
      continue;
    }
    if (line.kind() == v1::LINE_KIND_RETURN) {
      // Empties come back alone, without a receipt, all day.
      if (line.item_kind() == v1::ITEM_KIND_DEPOSIT) continue;
      back_minor -= line.amount_minor();
      continue;
    }
    BL_ASSIGN_OR_RETURN(const ByHand by_hand, ByHandOf(request.lines(i), line));
    BL_RETURN_IF_ERROR(Annotate(
        CheckLine(request.lines(i), line, by_hand, sale.currency(), authority),
        LineText(i, line.sku())));
    worth_minor += by_hand.amount_minor - by_hand.line_saving_minor;
    basket_saving_minor += by_hand.all_saving_minor - by_hand.line_saving_minor;
  }
  const v1::PricingRequest& pricing = request.pricing();
  const int64_t dropped_minor = pricing.dropped_change_minor();
  basket_saving_minor -= dropped_minor;
  if (pricing.has_discount()) {
    BL_RETURN_IF_ERROR(authority->Need(
        v1::RIGHT_DISCOUNT, "give this discount on the receipt",
        [&](const v1::Role& role) {
          return CheckManualSaving(LimitsOf(role, sale.currency()),
                                   /*whole_basket=*/true, worth_minor,
                                   basket_saving_minor);
        }));
  }
  if (dropped_minor != 0) {
    BL_RETURN_IF_ERROR(authority->Need(
        v1::RIGHT_DROP_CHANGE, "drop so much small change",
        [&](const v1::Role& role) -> absl::Status {
          if (dropped_minor <= role.drop_change_max_minor()) {
            return absl::OkStatus();
          }
          return absl::PermissionDeniedError(absl::StrCat(
              CashText(dropped_minor, sale.currency()),
              " is above the limit of the role ", role.id(), ", ",
              CashText(role.drop_change_max_minor(), sale.currency())));
        }));
  }
  if (pricing.tax_exempt()) {
    BL_RETURN_IF_ERROR(
        authority->Need(v1::RIGHT_TAX_EXEMPT, "leave the tax out"));
  }
  if (back_minor == 0) return absl::OkStatus();
  return authority->Need(
      v1::RIGHT_RETURN_WITHOUT_RECEIPT, "take goods back without a receipt",
      [&](const v1::Role& role) -> absl::Status {
        if (back_minor <= role.return_without_receipt_max_minor()) {
          return absl::OkStatus();
        }
        return absl::PermissionDeniedError(
            absl::StrCat(CashText(back_minor, sale.currency()),
                         " is above the limit of the role ", role.id(), ", ",
                         CashText(role.return_without_receipt_max_minor(),
                                  sale.currency())));
      });
}

absl::Status CheckUnconfirmed(const DecideView& view, const v1::Sale& sale) {
  int64_t unconfirmed_minor = 0;
  for (const v1::Tender& tender : sale.tenders()) {
    if (!tender.unconfirmed()) continue;
    if (tender.kind() == v1::TENDER_KIND_CASH) {
      return absl::InvalidArgumentError("cash is in the drawer or it is not");
    }
    if (tender.reference().empty()) {
      return absl::InvalidArgumentError(
          "a payment that nobody has confirmed needs its last digits, to be "
          "matched to the channel's bill");
    }
    unconfirmed_minor += tender.amount_minor();
  }
  if (unconfirmed_minor == 0) return absl::OkStatus();
  BL_ASSIGN_OR_RETURN(const v1::TillPolicy* policy, view.Policy());
  if (unconfirmed_minor <= policy->unconfirmed_max_minor()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(absl::StrCat(
      CashText(unconfirmed_minor, sale.currency()),
      " would be taken unconfirmed; of one receipt the branch takes at most ",
      CashText(policy->unconfirmed_max_minor(), sale.currency())));
}

}  // namespace branchline
