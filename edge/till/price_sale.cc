// Over 400 lines: a request becomes a basket, and the priced basket a sale;
// each half needs the other at hand.

#include "edge/till/price_sale.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/pricing/amount_text.h"
#include "edge/pricing/spread.h"
#include "edge/pricing/tendering.h"
#include "edge/till/decide_sale.h"
#include "edge/till/exchange.h"
#include "edge/till/item_rules.h"
#include "edge/till/pricing_book.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

v1::LineKind KindOf(const v1::RingLine& asked) {
  return asked.kind() == v1::LINE_KIND_UNSPECIFIED ? v1::LINE_KIND_SALE
                                                   : asked.kind();
}

ManualDiscount ManualOf(const v1::ManualDiscount& discount) {
  return {discount.percent_off_bp(), discount.amount_minor(),
          discount.reason()};
}

// Those that the till names, and those of the member as last pulled.
absl::StatusOr<std::vector<std::string>> CustomerGroups(
    const DecideView& view, const v1::RingRequest& request) {
  const auto& named = request.pricing().customer_groups();
  std::vector<std::string> groups(named.begin(), named.end());
  if (request.member().empty()) return groups;
  BL_ASSIGN_OR_RETURN(const auto member, view.FindMember(request.member()));
  if (!member.has_value() || member->removed()) return groups;
  for (const std::string& group : member->groups()) {
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) {
      groups.push_back(group);
    }
  }
  return groups;
}

// A million pieces are a scan into the wrong field.
absl::Status CheckScannedQuantity(const DecideView& view,
                                  const v1::RingLine& line) {
  if (line.quantity_milli() == 0 && !line.has_gross_minor()) {
    return absl::InvalidArgumentError(
        "the quantity is 0: void the line, or give a quantity");
  }
  BL_ASSIGN_OR_RETURN(const v1::TillPolicy* policy, view.Policy());
  const int64_t max_milli = policy->line_quantity_max_milli() == 0
                                ? kScannedQuantityMaxMilli
                                : policy->line_quantity_max_milli();
  if (std::abs(line.quantity_milli()) <= max_milli) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("a quantity of ", FormatMilli(line.quantity_milli()),
                   " is above ", FormatMilli(max_milli),
                   ": a code may have been scanned into it; split the line if "
                   "it is meant"));
}

class BasketMaker {
 public:
  BasketMaker(const DecideView& view, const PricingBook& book, absl::Time at,
              std::vector<std::string> customer_groups, std::string currency)
      : view_(view), book_(book), at_(at) {
    context_.currency = std::move(currency);
    context_.branch_groups = book.branch_groups;
    context_.customer_groups = std::move(customer_groups);
    context_.zone = view.time_zone();
    // What the catalogue itself says: the price where no list has one.
    catalogue_.currency = context_.currency;
    catalogue_.priority = std::numeric_limits<int>::min();
  }

  absl::StatusOr<BasketLine> Line(const v1::RingLine& asked) {
    const v1::LineKind kind = KindOf(asked);
    BL_RETURN_IF_ERROR(CheckLineQuantity(kind, asked.quantity_milli()));
    BL_RETURN_IF_ERROR(CheckScannedQuantity(view_, asked));
    if (asked.discount_minor() != 0) {
      return absl::InvalidArgumentError(
          "the branch prices this sale; a discount by hand goes into "
          "`discount`, with its reason");
    }
    BL_ASSIGN_OR_RETURN(const v1::Item* item, view_.FindItem(asked.sku()));
    if (item == nullptr) {
      return absl::NotFoundError(
          absl::StrCat("no such SKU in the catalogue of ", view_.branch(),
                       "; scan it again, or have the office add it"));
    }
    if (item->delisted() && kind != v1::LINE_KIND_RETURN) {
      return absl::FailedPreconditionError("the item is delisted");
    }
    BasketLine line;
    line.sku = asked.sku();
    line.quantity_milli = asked.quantity_milli();
    line.tax_class = item->tax_class();
    line.weighed = item->weighed();
    // A fee or a deposit is no price: nothing is taken off it.
    const bool no_price = item->kind() == v1::ITEM_KIND_FEE ||
                          item->kind() == v1::ITEM_KIND_DEPOSIT;
    line.no_discount = item->no_discount() || no_price;
    line.not_in_thresholds = item->not_in_thresholds() || no_price;
    if (no_price) line.price_is_final = true;
    SetCategories(*item, &line);
    line.tax_class_override = asked.tax_class_override();
    line.tax_override_reason = asked.tax_override_reason();
    if (asked.has_discount()) line.manual = ManualOf(asked.discount());
    if (item->kind() == v1::ITEM_KIND_OPEN_DEPARTMENT) {
      BL_RETURN_IF_ERROR(CheckKeyedPrice(*item, asked, context_.currency));
    }
    BL_RETURN_IF_ERROR(SetPrice(asked, kind, &line));
    if (item->kind() == v1::ITEM_KIND_OPEN_DEPARTMENT) {
      line.price.source = PriceSource::kKeyed;
    }
    return line;
  }

  // What the book has, whatever price was keyed.
  absl::StatusOr<PriceChoice> ListedPrice(const v1::RingLine& asked) {
    std::vector<PriceCandidate> candidates;
    for (const PriceList& list : book_.lists) {
      if (list.currency != context_.currency) continue;
      BL_ASSIGN_OR_RETURN(const v1::ListPrice* price,
                          view_.FindListPrice(asked.sku(), list.id));
      if (price == nullptr || price->removed()) continue;
      candidates.push_back({&list, price->price_minor_e4()});
    }
    BL_ASSIGN_OR_RETURN(const v1::Price* price,
                        view_.FindPrice(asked.sku(), context_.currency));
    if (price != nullptr) {
      candidates.push_back({&catalogue_, price->price_minor_e4()});
    }
    context_.added_at =
        asked.added_at_unix_micros() == 0
            ? at_
            : absl::FromUnixMicros(asked.added_at_unix_micros());
    return ChoosePrice(candidates, context_);
  }

 private:
  // The item's own, then all above it: by the chain's tree, and as it says.
  void SetCategories(const v1::Item& item, BasketLine* line) const {
    if (item.category().empty()) return;
    line->categories.push_back(item.category());
    const auto above = book_.categories_above.find(item.category());
    if (above != book_.categories_above.end()) {
      line->categories.insert(line->categories.end(), above->second.begin(),
                              above->second.end());
    }
    for (const std::string& category : item.categories_above()) {
      if (std::find(line->categories.begin(), line->categories.end(),
                    category) == line->categories.end()) {
        line->categories.push_back(category);
      }
    }
  }

  absl::Status SetPrice(const v1::RingLine& asked, v1::LineKind kind,
                        BasketLine* line) {
    if (asked.has_unit_price_minor_e4()) {
      line->price.unit_price_minor_e4 = asked.unit_price_minor_e4();
      line->price.source = PriceSource::kOverride;
      line->price_is_final = true;
    } else {
      auto listed = ListedPrice(asked);
      if (absl::IsNotFound(listed.status()) && asked.has_gross_minor()) {
        // The label, or the carton's code, says what it comes to.
        listed = PriceChoice();
        const auto unit = MultiplyDivide(asked.gross_minor(), 10'000'000,
                                         asked.quantity_milli());
        if (asked.quantity_milli() != 0) {
          BL_ASSIGN_OR_RETURN(listed->unit_price_minor_e4, unit);
        }
      }
      BL_ASSIGN_OR_RETURN(line->price, std::move(listed));
    }
    const int64_t unit_price = line->price.unit_price_minor_e4;
    if (unit_price < 0 || unit_price > kUnitPriceMaxMinorE4) {
      return absl::OutOfRangeError(absl::StrCat(
          "unit price ", UnitPriceText(unit_price, context_.currency),
          " is not between 0 and ",
          UnitPriceText(kUnitPriceMaxMinorE4, context_.currency)));
    }
    if (asked.has_gross_minor()) {
      if ((asked.gross_minor() < 0) != (asked.quantity_milli() < 0) &&
          asked.gross_minor() != 0) {
        return absl::InvalidArgumentError(absl::StrCat(
            "an amount of ", AmountText(asked.gross_minor(), context_.currency),
            " does not go with a quantity of ",
            FormatMilli(asked.quantity_milli())));
      }
      line->gross_minor = asked.gross_minor();
      line->price.source =
          asked.label() ? PriceSource::kLabel : PriceSource::kCarton;
      line->price_is_final = line->price_is_final || asked.label();
    }
    if (kind == v1::LINE_KIND_FREE) line->gross_minor = 0;
    return absl::OkStatus();
  }

  const DecideView& view_;
  const PricingBook& book_;
  const absl::Time at_;
  PriceContext context_;
  PriceList catalogue_;
};

void AddPriced(const v1::RingLine& asked, const BasketLine& line,
               const PricedLine* priced, v1::Sale* sale) {
  v1::SaleLine* to = sale->add_lines();
  to->set_sku(asked.sku());
  to->set_kind(KindOf(asked));
  to->set_quantity_milli(asked.quantity_milli());
  to->set_voided(asked.voided());
  to->set_unit_price_minor_e4(line.price.unit_price_minor_e4);
  to->set_price_overridden(line.price.source == PriceSource::kOverride);
  to->set_follows_items(asked.follows_items());
  to->set_price_source(ToProto(line.price.source));
  to->set_price_list_id(line.price.price_list_id);
  to->set_price_book_version(line.price.price_book_version);
  CopyRemarks(asked, to);
  if (line.gross_minor.has_value()) to->set_gross_minor(*line.gross_minor);
  if (priced == nullptr) return;
  to->set_discount_minor(priced->discount_minor);
  to->set_amount_minor(priced->tax.payable_minor);
  for (const LineDiscount& discount : priced->discounts) {
    *to->add_discounts() = ToProto(discount);
  }
  for (const LineTax& tax : priced->tax.taxes) *to->add_taxes() = ToProto(tax);
}

void AddCash(int64_t kept_minor, v1::Sale* sale) {
  if (kept_minor == 0) return;
  v1::Tender* cash = sale->add_tenders();
  cash->set_kind(v1::TENDER_KIND_CASH);
  cash->set_amount_minor(kept_minor);
}

// Gives back what a receipt comes to below 0: to the tenders of what is
// exchanged, the rest in cash; all in cash if one tender, of cash, says so.
absl::Status GiveBack(const DecideView& view, const v1::RingRequest& request,
                      const CashRounding& rounding, v1::Sale* sale) {
  const int64_t total_minor = sale->total_minor();
  int64_t rest_minor = -total_minor;
  if (request.tenders().empty()) {
    BL_RETURN_IF_ERROR(RefundExchange(view, sale, &rest_minor));
  }
  BL_ASSIGN_OR_RETURN(const int64_t cash_minor,
                      RoundCash(rest_minor, rounding));
  if (!request.tenders().empty() &&
      (request.tenders_size() > 1 ||
       request.tenders(0).kind() != v1::TENDER_KIND_CASH ||
       request.tenders(0).amount_minor() != -cash_minor)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the receipt gives back ", AmountText(-total_minor, sale->currency()),
        "; name no tender, or cash of ",
        AmountText(-cash_minor, sale->currency())));
  }
  sale->set_cash_rounding_minor(rest_minor - cash_minor);
  AddCash(-cash_minor, sale);
  return absl::OkStatus();
}

absl::Status Pay(const DecideView& view, const v1::RingRequest& request,
                 const v1::TillPolicy& policy, v1::Sale* sale) {
  BL_ASSIGN_OR_RETURN(const CashRounding rounding,
                      CashRoundingOf(sale->currency()));
  const int64_t total_minor = sale->total_minor();
  const auto by_default = static_cast<v1::TenderKind>(policy.default_tender());
  const bool by_cash = by_default == v1::TENDER_KIND_UNSPECIFIED ||
                       by_default == v1::TENDER_KIND_CASH ||
                       !MeansOf(by_default).ok();
  if (request.tenders().empty() && !by_cash && total_minor > 0) {
    v1::Tender* tender = sale->add_tenders();
    tender->set_kind(by_default);
    tender->set_amount_minor(total_minor);
    return absl::OkStatus();
  }
  if (total_minor < 0) return GiveBack(view, request, rounding, sale);
  if (request.tenders().empty()) {  // cash, as exactly as coins allow
    BL_ASSIGN_OR_RETURN(const int64_t cash_minor,
                        RoundCash(total_minor, rounding));
    sale->set_cash_rounding_minor(cash_minor - total_minor);
    AddCash(cash_minor, sale);
    return absl::OkStatus();
  }
  std::vector<TenderGiven> given;
  for (const v1::Tender& tender : request.tenders()) {
    BL_ASSIGN_OR_RETURN(const TenderMeans means, MeansOf(tender.kind()));
    given.push_back({means, tender.amount_minor()});
  }
  BL_ASSIGN_OR_RETURN(const Settlement settled,
                      SettleTenders(total_minor, given, rounding));
  for (const v1::Tender& tender : request.tenders()) {
    if (tender.kind() != v1::TENDER_KIND_CASH && tender.amount_minor() != 0) {
      *sale->add_tenders() = tender;
    }
  }
  AddCash(settled.cash_given_minor - settled.change_minor, sale);
  sale->set_change_minor(settled.change_minor);
  sale->set_cash_rounding_minor(settled.rounding_minor);
  return absl::OkStatus();
}

}  // namespace

namespace {

// How often this branch has given the rules that have a cap.
absl::Status CountCapped(const DecideView& view, const PricingBook& book,
                         PromotionContext* context) {
  for (const CompiledPromotion& promotion : book.promotions.rules()) {
    if (promotion.rule.times_per_branch_max == 0) continue;
    const std::string& id = promotion.rule.id;
    BL_ASSIGN_OR_RETURN(const Cell cell,
                        view.BookCell(books::RuleTimes(view.branch(), id)));
    BL_ASSIGN_OR_RETURN(const int64_t times,
                        Narrow(cell.Get(books::kTimesField), "a rule's times"));
    context->times_in_branch[id] = times;
  }
  return absl::OkStatus();
}

void AddCapped(const PricedReceipt& receipt, const PromotionContext& context,
               v1::Sale* sale) {
  for (const RuleReport& report : receipt.rules) {
    if (report.why != NotFired::kNone || report.times == 0) continue;
    if (context.times_in_branch.count(report.rule_id) == 0) continue;
    v1::RuleTimes* times = sale->add_capped_rules();
    times->set_rule_id(report.rule_id);
    times->set_times(report.times);
  }
}

}  // namespace

bool IsExchanged(const v1::RingLine& line) {
  return !line.voided() && !line.returns_receipt_no().empty();
}

absl::StatusOr<TenderMeans> MeansOf(v1::TenderKind kind) {
  switch (kind) {
    case v1::TENDER_KIND_CASH:
      return TenderMeans::kCash;
    case v1::TENDER_KIND_CARD:
      return TenderMeans::kCard;
    case v1::TENDER_KIND_VOUCHER:
      return TenderMeans::kVoucher;
    case v1::TENDER_KIND_WALLET:
      return TenderMeans::kWallet;
    default:
      return absl::InvalidArgumentError(absl::StrCat(
          "tender kind ", static_cast<int>(kind), " is not known here"));
  }
}

absl::StatusOr<Basket> BasketFor(const DecideView& view,
                                 const v1::RingRequest& request, absl::Time at,
                                 const std::string& currency) {
  const v1::PricingRequest& pricing = request.pricing();
  if (pricing.coupons_size() > kCouponsMax ||
      pricing.customer_groups_size() > kCustomerGroupsMax) {
    return absl::OutOfRangeError(absl::StrCat(
        "the sale has ", pricing.coupons_size(), " coupons and ",
        pricing.customer_groups_size(), " customer groups, at most ",
        kCouponsMax, " and ", kCustomerGroupsMax));
  }
  BL_ASSIGN_OR_RETURN(const PricingBook* book, view.Book());
  Basket basket;
  BL_ASSIGN_OR_RETURN(const std::vector<std::string> groups,
                      CustomerGroups(view, request));
  BasketMaker maker(view, *book, at, groups, currency);
  for (int i = 0; i < request.lines_size(); ++i) {
    if (request.lines(i).voided() || IsExchanged(request.lines(i))) continue;
    auto line = maker.Line(request.lines(i));
    BL_RETURN_IF_ERROR(
        Annotate(line.status(), LineText(i, request.lines(i).sku())));
    basket.lines.push_back(*std::move(line));
  }
  basket.promotions.currency = currency;
  basket.promotions.at = at;
  basket.promotions.zone = view.time_zone();
  basket.promotions.branch_groups = book->branch_groups;
  basket.promotions.is_member = !request.member().empty();
  basket.promotions.customer_groups = {groups.begin(), groups.end()};
  basket.promotions.coupons = {pricing.coupons().begin(),
                               pricing.coupons().end()};
  BL_RETURN_IF_ERROR(CountCapped(view, *book, &basket.promotions));
  if (pricing.has_discount()) basket.manual = ManualOf(pricing.discount());
  basket.dropped_change_minor = pricing.dropped_change_minor();
  basket.tax_region = book->tax_region;
  basket.tax_date = DateOf(at, view.time_zone());
  basket.consumption = pricing.consumption() == v1::CONSUMPTION_EAT_IN
                           ? Consumption::kEatIn
                           : Consumption::kTakeAway;
  basket.tax_exempt = pricing.tax_exempt();
  basket.tax_exempt_reason = pricing.tax_exempt_reason();
  return basket;
}

absl::StatusOr<Explanation> ExplainSale(const DecideView& view,
                                        const v1::RingRequest& request,
                                        absl::Time at,
                                        const std::string& currency) {
  BL_ASSIGN_OR_RETURN(const Basket basket,
                      BasketFor(view, request, at, currency));
  BL_ASSIGN_OR_RETURN(const PricingBook* book, view.Book());
  const PricingRules rules{&book->promotions,
                           book->taxed ? &book->taxes : nullptr,
                           book->tax_rounding};
  BL_ASSIGN_OR_RETURN(const PricedReceipt receipt,
                      PriceBasket(basket, rules, /*explain=*/true));
  return Explain(basket, rules, receipt);
}

absl::Status PriceSale(const DecideView& view, const v1::RingRequest& request,
                       absl::Time at, v1::Sale* sale) {
  BL_ASSIGN_OR_RETURN(const Basket basket,
                      BasketFor(view, request, at, sale->currency()));
  BL_ASSIGN_OR_RETURN(const PricingBook* book, view.Book());
  const PricingRules rules{&book->promotions,
                           book->taxed ? &book->taxes : nullptr,
                           book->tax_rounding};
  BL_ASSIGN_OR_RETURN(const PricedReceipt receipt, PriceBasket(basket, rules));
  size_t next = 0;
  BL_ASSIGN_OR_RETURN(std::vector<std::string> groups,
                      CustomerGroups(view, request));
  BasketMaker maker(view, *book, at, std::move(groups), sale->currency());
  Exchange exchange(view, sale);
  for (int i = 0; i < request.lines_size(); ++i) {
    const v1::RingLine& asked = request.lines(i);
    if (IsExchanged(asked)) {
      BL_RETURN_IF_ERROR(
          Annotate(exchange.Add(asked), LineText(i, asked.sku())));
      continue;
    }
    if (asked.voided()) {
      BasketLine line;
      line.price.unit_price_minor_e4 = asked.unit_price_minor_e4();
      AddPriced(asked, line, nullptr, sale);
      continue;
    }
    AddPriced(asked, basket.lines[next], &receipt.lines[next], sale);
    if (asked.has_unit_price_minor_e4()) {
      // An item without a price is sold at the keyed one.
      const auto listed = maker.ListedPrice(asked);
      if (listed.ok()) {
        sale->mutable_lines(sale->lines_size() - 1)
            ->set_book_price_minor_e4(listed->unit_price_minor_e4);
      } else if (absl::IsDataLoss(listed.status())) {
        return listed.status();
      }
    }
    ++next;
  }
  AddCapped(receipt, basket.promotions, sale);
  for (const LineTax& tax : receipt.taxes) *sale->add_taxes() = ToProto(tax);
  BL_ASSIGN_OR_RETURN(const int64_t total_minor,
                      CheckedAdd(receipt.total_minor, exchange.total_minor()));
  if (request.pricing().has_shown_total_minor() &&
      request.pricing().shown_total_minor() != total_minor) {
    return absl::AbortedError(absl::StrCat(
        "the sale comes to ", AmountText(total_minor, sale->currency()),
        ", the till showed ",
        AmountText(request.pricing().shown_total_minor(), sale->currency()),
        ": prices or rules have changed; show the new total and ask again"));
  }
  sale->set_total_minor(total_minor);
  exchange.AddTaxes();
  if (basket.tax_exempt) {
    sale->set_tax_exempt_reason(basket.tax_exempt_reason);
  }
  BL_ASSIGN_OR_RETURN(const v1::TillPolicy* policy, view.Policy());
  return Pay(view, request, *policy, sale);
}

}  // namespace branchline
