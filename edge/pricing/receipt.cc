#include "edge/pricing/receipt.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/pricing/manual_discount.h"
#include "edge/pricing/spread.h"
#include "sync/base/check.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

std::string LineText(size_t index, const BasketLine& line) {
  return absl::StrCat("line ", index + 1, " (SKU ", line.sku.substr(0, 64),
                      ")");
}

absl::StatusOr<int64_t> GrossOf(const BasketLine& line) {
  int64_t gross_minor = 0;
  if (line.gross_minor.has_value()) {
    gross_minor = *line.gross_minor;
  } else {
    BL_ASSIGN_OR_RETURN(gross_minor,
                        PriceTimesQuantity(line.price.unit_price_minor_e4,
                                           line.quantity_milli));
  }
  if (gross_minor > kLineAmountMaxMinor || gross_minor < -kLineAmountMaxMinor) {
    return absl::OutOfRangeError(absl::StrCat("an amount of ", gross_minor,
                                              " minor units is beyond ",
                                              kLineAmountMaxMinor));
  }
  return gross_minor;
}

void Discount(DiscountStage stage, const std::string& reason,
              int64_t amount_minor, PricedLine* line) {
  if (amount_minor == 0) return;
  line->discounts.push_back({stage, reason, 0, amount_minor});
  line->discount_minor += amount_minor;
  line->amount_minor -= amount_minor;
}

bool TakesManual(const BasketLine& line, const PricedLine& priced) {
  return !line.no_discount && priced.amount_minor > 0 &&
         line.quantity_milli > 0;
}

absl::Status ManualOnLine(const BasketLine& line, absl::string_view currency,
                          PricedLine* priced) {
  if (!line.manual.has_value()) return absl::OkStatus();
  if (!TakesManual(line, *priced)) {
    return absl::InvalidArgumentError(
        "nothing can be taken off this line: the item allows no discount, or "
        "nothing is left");
  }
  BL_ASSIGN_OR_RETURN(
      const int64_t saving_minor,
      ManualSaving(*line.manual, priced->amount_minor, currency));
  Discount(DiscountStage::kManual, line.manual->reason, saving_minor, priced);
  return absl::OkStatus();
}

// Spreads a person's discount on the receipt over what is left of its lines.
absl::Status SpreadManual(const Basket& basket, const ManualDiscount& discount,
                          PricedReceipt* receipt) {
  std::vector<int64_t> weights(basket.lines.size(), 0);
  int64_t base_minor = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!TakesManual(basket.lines[i], receipt->lines[i])) continue;
    weights[i] = receipt->lines[i].amount_minor;
    base_minor += weights[i];
  }
  BL_ASSIGN_OR_RETURN(
      const int64_t saving_minor,
      ManualSaving(discount, base_minor, basket.promotions.currency));
  BL_ASSIGN_OR_RETURN(const std::vector<int64_t> parts,
                      SpreadByWeight(saving_minor, weights));
  for (size_t i = 0; i < parts.size(); ++i) {
    Discount(DiscountStage::kManual, discount.reason, parts[i],
             &receipt->lines[i]);
  }
  return absl::OkStatus();
}

absl::Status Tax(const Basket& basket, const PricingRules& rules,
                 PricedReceipt* receipt) {
  if (basket.tax_exempt && basket.tax_exempt_reason.empty()) {
    return absl::InvalidArgumentError(
        "a receipt without tax needs a reason for the exemption");
  }
  std::vector<TaxableLine> taxable(basket.lines.size());
  for (size_t i = 0; i < taxable.size(); ++i) {
    const BasketLine& line = basket.lines[i];
    taxable[i].amount_minor = receipt->lines[i].amount_minor;
    taxable[i].quantity_milli = line.quantity_milli;
    taxable[i].exempt = basket.tax_exempt;
    if (rules.taxes == nullptr) continue;
    const bool overridden = !line.tax_class_override.empty();
    if (overridden && line.tax_override_reason.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(LineText(i, line), ": another tax needs a reason"));
    }
    const auto rule = rules.taxes->Find(
        overridden ? line.tax_class_override : line.tax_class,
        basket.tax_region, basket.consumption, basket.tax_date);
    BL_RETURN_IF_ERROR(Annotate(rule.status(), LineText(i, line)));
    taxable[i].rule = *rule;
  }
  BL_ASSIGN_OR_RETURN(TaxedReceipt taxed,
                      TaxLines(taxable, rules.tax_rounding));
  for (size_t i = 0; i < taxable.size(); ++i) {
    receipt->lines[i].tax = std::move(taxed.lines[i]);
  }
  receipt->taxes = std::move(taxed.table);
  receipt->tax_minor = taxed.tax_minor;
  receipt->total_minor = taxed.payable_minor;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PricedReceipt> PriceBasket(const Basket& basket,
                                          const PricingRules& rules,
                                          bool explain) {
  if (basket.lines.size() > kPricedLinesMax) {
    return absl::OutOfRangeError(
        absl::StrCat("the basket has ", basket.lines.size(), " lines, at most ",
                     kPricedLinesMax));
  }
  PricedReceipt receipt;
  receipt.lines.resize(basket.lines.size());
  std::vector<int64_t> gross_minor(basket.lines.size());
  for (size_t i = 0; i < basket.lines.size(); ++i) {
    const auto gross = GrossOf(basket.lines[i]);
    BL_RETURN_IF_ERROR(Annotate(gross.status(), LineText(i, basket.lines[i])));
    gross_minor[i] = *gross;
    receipt.lines[i].gross_minor = receipt.lines[i].amount_minor = *gross;
  }
  if (rules.promotions != nullptr) {
    ChosenPromotions chosen =
        ChoosePromotions(*rules.promotions, basket.lines, gross_minor,
                         basket.promotions, explain);
    for (size_t i = 0; i < basket.lines.size(); ++i) {
      PricedLine& line = receipt.lines[i];
      line.discounts = std::move(chosen.discounts[i]);
      for (const LineDiscount& discount : line.discounts) {
        line.discount_minor += discount.amount_minor;
      }
      line.amount_minor = line.gross_minor - line.discount_minor;
    }
    receipt.rules = std::move(chosen.reports);
    receipt.trials = chosen.trials;
    receipt.exact = chosen.exact;
  }
  for (size_t i = 0; i < basket.lines.size(); ++i) {
    BL_RETURN_IF_ERROR(
        Annotate(ManualOnLine(basket.lines[i], basket.promotions.currency,
                              &receipt.lines[i]),
                 LineText(i, basket.lines[i])));
  }
  if (basket.manual.has_value()) {
    BL_RETURN_IF_ERROR(SpreadManual(basket, *basket.manual, &receipt));
  }
  if (basket.dropped_change_minor != 0) {
    const ManualDiscount drop{0, basket.dropped_change_minor, "small change"};
    BL_RETURN_IF_ERROR(SpreadManual(basket, drop, &receipt));
  }
  for (const PricedLine& line : receipt.lines) {
    BL_CHECK(line.discounts.empty() || line.amount_minor >= 0,
             "no discount takes a line below zero");
    receipt.gross_minor += line.gross_minor;
    receipt.discount_minor += line.discount_minor;
    receipt.amount_minor += line.amount_minor;
  }
  BL_RETURN_IF_ERROR(Tax(basket, rules, &receipt));
  return receipt;
}

}  // namespace branchline
