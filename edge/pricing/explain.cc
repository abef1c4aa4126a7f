#include "edge/pricing/explain.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

absl::string_view StageText(DiscountStage stage) {
  switch (stage) {
    case DiscountStage::kLine:
      return "line";
    case DiscountStage::kGroup:
      return "group";
    case DiscountStage::kBasket:
      return "basket";
    case DiscountStage::kCoupon:
      return "coupon";
    case DiscountStage::kManual:
      return "manual";
  }
  return "?";
}

std::string SourceText(const PriceChoice& price) {
  switch (price.source) {
    case PriceSource::kUnknown:
      return "as given";
    case PriceSource::kPriceList:
      if (price.price_list_id.empty()) return "the catalogue's price";
      return absl::StrCat("price list ", price.price_list_id);
    case PriceSource::kMarkdown:
      return absl::StrCat("markdown ", price.price_list_id);
    case PriceSource::kMemberPrice:
      return absl::StrCat("member price ", price.price_list_id);
    case PriceSource::kCarton:
      return "carton";
    case PriceSource::kLabel:
      return "label";
    case PriceSource::kOverride:
      return "keyed by hand";
    case PriceSource::kKeyed:
      return "keyed, open department";
  }
  return "?";
}

class Teller {
 public:
  Teller(const Basket& basket, int digits) : basket_(basket), digits_(digits) {}

  std::vector<std::string> Line(size_t i, const PricedLine& priced) const {
    const BasketLine& line = basket_.lines[i];
    std::vector<std::string> told;
    // A code for several pieces, or a label, brings the whole amount.
    told.push_back(absl::StrCat(
        FormatMilli(line.quantity_milli),
        line.gross_minor.has_value()
            ? std::string(" for ")
            : absl::StrCat(" x ", UnitPrice(line.price.unit_price_minor_e4),
                           " = "),
        Money(priced.gross_minor), " (", SourceText(line.price),
        line.price.price_book_version == 0
            ? ""
            : absl::StrCat(", price book ", line.price.price_book_version),
        ")"));
    for (const LineDiscount& discount : priced.discounts) {
      told.push_back(absl::StrCat("-", Money(discount.amount_minor), " by ",
                                  discount.rule_id, " (",
                                  StageText(discount.stage), ")"));
    }
    told.push_back(absl::StrCat("= ", Money(priced.amount_minor)));
    return told;
  }

  std::string Why(const Promotion& rule, const RuleReport& report) const {
    return absl::StrCat(rule.id, ": ", Reason(rule, report));
  }

 private:
  std::string Money(int64_t amount_minor) const {
    return FormatMinor(amount_minor, digits_);
  }

  // With the decimals of its currency, and more only where it has more.
  std::string UnitPrice(int64_t price_minor_e4) const {
    int digits = digits_ + 4;
    for (; digits > digits_ && price_minor_e4 % 10 == 0; --digits) {
      price_minor_e4 /= 10;
    }
    return FormatMinor(price_minor_e4, digits);
  }

  std::string Below(const Promotion& rule, const RuleReport& report) const {
    int64_t amount_minor = rule.min_amount_minor;
    int64_t pieces = rule.min_pieces;
    if (rule.offer == OfferKind::kTiers) {
      amount_minor = std::max(amount_minor, rule.tiers[0].from_amount_minor);
      pieces = std::max(pieces, rule.tiers[0].from_pieces);
    }
    amount_minor = std::max(amount_minor, rule.every_amount_minor);
    pieces = std::max(
        {pieces, rule.every_pieces, rule.buy_pieces + rule.get_pieces});
    int64_t parts = 0;
    for (const BundlePart& part : rule.bundle) parts += part.pieces;
    pieces = std::max(pieces, parts);
    std::string found = absl::StrCat(
        "the eligible goods come to ", Money(report.eligible_minor), " and ",
        report.eligible_pieces, " pieces, it wants");
    if (amount_minor > 0) absl::StrAppend(&found, " ", Money(amount_minor));
    if (amount_minor > 0 && pieces > 0) absl::StrAppend(&found, " and");
    if (pieces > 0) absl::StrAppend(&found, " ", pieces, " pieces");
    if (rule.offer == OfferKind::kBundle) {
      absl::StrAppend(&found, " of the right kinds");
    }
    return found;
  }

  std::string Reason(const Promotion& rule, const RuleReport& report) const {
    const std::string local = absl::FormatCivilTime(
        absl::ToCivilSecond(basket_.promotions.at, basket_.promotions.zone));
    switch (report.why) {
      case NotFired::kNone:
        return absl::StrCat("fired ", report.times, " times");
      case NotFired::kOtherCurrency:
        return absl::StrCat("it is for ", rule.currency);
      case NotFired::kNotYet:
        return absl::StrCat("it starts at ", absl::FormatCivilTime(rule.from),
                            ", it is ", local);
      case NotFired::kExpired:
        return absl::StrCat("it ended at ", absl::FormatCivilTime(rule.until),
                            ", it is ", local);
      case NotFired::kOtherWeekday:
        return absl::StrCat("not on this weekday, it is ", local);
      case NotFired::kOtherDayOfMonth:
        return absl::StrCat("not on this day of the month, it is ", local);
      case NotFired::kOtherHour:
        return absl::StrCat("not at this hour, it is ", local);
      case NotFired::kOtherBranch:
        return "not in this branch";
      case NotFired::kNotAMember:
        return "for members only";
      case NotFired::kOtherCustomerGroup:
        return "for another group of customers";
      case NotFired::kNoCoupon:
        return absl::StrCat("coupon ", rule.coupon, " was not shown");
      case NotFired::kBranchCap:
        return absl::StrCat("this branch has given it ",
                            rule.times_per_branch_max, " times, its cap");
      case NotFired::kNoEligibleGoods:
        return "no eligible goods in the basket";
      case NotFired::kBelowThreshold:
        return Below(rule, report);
      case NotFired::kSavesNothing:
        return "it would save nothing";
      case NotFired::kExcluded:
        return "a rule of higher priority excludes it";
      case NotFired::kSavesLess:
        return "rules that it does not go with save more";
    }
    return "?";
  }

  const Basket& basket_;
  const int digits_;
};

}  // namespace

absl::StatusOr<Explanation> Explain(const Basket& basket,
                                    const PricingRules& rules,
                                    const PricedReceipt& receipt) {
  BL_ASSIGN_OR_RETURN(const int digits,
                      MinorDigits(basket.promotions.currency));
  const Teller teller(basket, digits);
  Explanation explanation;
  for (size_t i = 0; i < receipt.lines.size(); ++i) {
    explanation.lines.push_back(teller.Line(i, receipt.lines[i]));
  }
  if (rules.promotions == nullptr) return explanation;
  const std::vector<CompiledPromotion>& compiled = rules.promotions->rules();
  for (const RuleReport& report : receipt.rules) {
    if (report.why == NotFired::kNone) continue;
    const auto it =
        std::lower_bound(compiled.begin(), compiled.end(), report.rule_id,
                         [](const CompiledPromotion& c, const std::string& id) {
                           return c.rule.id < id;
                         });
    if (it == compiled.end() || it->rule.id != report.rule_id) continue;
    explanation.not_fired.push_back(teller.Why(it->rule, report));
  }
  return explanation;
}

}  // namespace branchline
