// Over 400 lines: a sale from what was asked to its postings, step by step.

#include "edge/till/decide_sale.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "edge/commit/posting_builder.h"
#include "edge/payment/decide_payment.h"
#include "edge/pricing/amount_text.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_shift.h"
#include "edge/till/exchange.h"
#include "edge/till/item_rules.h"
#include "edge/till/price_sale.h"
#include "edge/till/sale_rights.h"
#include "sync/base/check.h"
#include "sync/base/money.h"
#include "sync/base/mutant.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::Status PriceLine(const DecideView& view, absl::string_view currency,
                       const v1::RingLine& asked, v1::SaleLine* line) {
  BL_ASSIGN_OR_RETURN(const v1::Item* item, view.FindItem(asked.sku()));
  if (item == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("no such SKU in the catalogue of ", view.branch(),
                     "; scan it again, or have the office add it"));
  }
  if (item->delisted() && asked.kind() != v1::LINE_KIND_RETURN) {
    return absl::FailedPreconditionError("the item is delisted");
  }
  if (item->kind() == v1::ITEM_KIND_OPEN_DEPARTMENT) {
    BL_RETURN_IF_ERROR(CheckKeyedPrice(*item, asked, currency));
    line->set_unit_price_minor_e4(asked.unit_price_minor_e4());
    line->set_price_source(v1::PRICE_SOURCE_KEYED);
  } else if (asked.has_unit_price_minor_e4()) {
    line->set_unit_price_minor_e4(asked.unit_price_minor_e4());
    line->set_price_overridden(true);
    BL_ASSIGN_OR_RETURN(const v1::Price* price,
                        view.FindPrice(asked.sku(), currency));
    if (price != nullptr) {
      line->set_book_price_minor_e4(price->price_minor_e4());
    }
  } else {
    BL_ASSIGN_OR_RETURN(const v1::Price* price,
                        view.FindPrice(asked.sku(), currency));
    if (price == nullptr) {
      return absl::NotFoundError(
          absl::StrCat("the item has no price in ", currency));
    }
    line->set_unit_price_minor_e4(price->price_minor_e4());
  }
  const int64_t unit_price = line->unit_price_minor_e4();
  if (unit_price > kUnitPriceMaxMinorE4 || unit_price < -kUnitPriceMaxMinorE4) {
    return absl::OutOfRangeError(absl::StrCat(
        "unit price ", UnitPriceText(unit_price, currency), " is beyond ",
        UnitPriceText(kUnitPriceMaxMinorE4, currency)));
  }
  BL_ASSIGN_OR_RETURN(const int64_t gross,
                      PriceTimesQuantity(unit_price, asked.quantity_milli()));
  BL_ASSIGN_OR_RETURN(const int64_t amount,
                      CheckedSub(gross, asked.discount_minor()));
  line->set_amount_minor(amount);
  return absl::OkStatus();
}

absl::Status AddLine(const DecideView& view, absl::string_view currency,
                     const v1::RingLine& asked, v1::SaleLine* line) {
  const v1::LineKind kind = asked.kind() == v1::LINE_KIND_UNSPECIFIED
                                ? v1::LINE_KIND_SALE
                                : asked.kind();
  if (!v1::LineKind_IsValid(kind)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "line kind ", static_cast<int>(kind), " is newer than this program"));
  }
  BL_RETURN_IF_ERROR(CheckLineQuantity(kind, asked.quantity_milli()));
  if (!asked.returns_receipt_no().empty()) {
    return absl::InvalidArgumentError(
        "goods are exchanged in a sale that the branch prices");
  }
  line->set_sku(asked.sku());
  line->set_kind(kind);
  line->set_quantity_milli(asked.quantity_milli());
  line->set_discount_minor(asked.discount_minor());
  line->set_voided(asked.voided());
  CopyRemarks(asked, line);
  return PriceLine(view, currency, asked, line);
}

absl::Status AddTenders(const v1::RingRequest& request, v1::Sale* sale) {
  if (request.tenders().empty()) {
    if (sale->total_minor() == 0) return absl::OkStatus();
    v1::Tender* cash = sale->add_tenders();
    cash->set_kind(v1::TENDER_KIND_CASH);
    cash->set_amount_minor(sale->total_minor());
    return absl::OkStatus();
  }
  int64_t sum = 0;
  for (const v1::Tender& tender : request.tenders()) {
    if (tender.kind() == v1::TENDER_KIND_UNSPECIFIED ||
        !v1::TenderKind_IsValid(tender.kind())) {
      return absl::InvalidArgumentError(
          absl::StrCat("tender kind ", static_cast<int>(tender.kind()),
                       " is not known here"));
    }
    if (tender.amount_minor() > kPostingAmountMax ||
        tender.amount_minor() < -kPostingAmountMax) {
      return absl::OutOfRangeError(absl::StrCat(
          "a tender of ", AmountText(tender.amount_minor(), sale->currency()),
          " is beyond ", AmountText(kPostingAmountMax, sale->currency())));
    }
    BL_ASSIGN_OR_RETURN(sum, CheckedAdd(sum, tender.amount_minor()));
    *sale->add_tenders() = tender;
  }
  if (sum != sale->total_minor()) {
    return absl::InvalidArgumentError(
        absl::StrCat("tenders come to ", AmountText(sum, sale->currency()),
                     ", the receipt to ",
                     AmountText(sale->total_minor(), sale->currency())));
  }
  return absl::OkStatus();
}

void PostGoods(const v1::Sale& sale, PostingBuilder* postings) {
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided() || !IsStocked(line.item_kind())) continue;
    const std::string unit = SkuUnit(line.sku());
    if (line.quantity_milli() >= 0) {
      postings->Move(unit, v1::ACCOUNT_KIND_ON_HAND, v1::ACCOUNT_KIND_SOLD,
                     line.quantity_milli());
    } else {
      postings->Move(unit, v1::ACCOUNT_KIND_SOLD, v1::ACCOUNT_KIND_ON_HAND,
                     -line.quantity_milli());
    }
  }
}

// What the lines that count come to, and the tax in it. Checked: the sums fit.
struct SaleSums {
  int64_t sold_minor = 0;
  int64_t returned_minor = 0;
  int64_t total_minor = 0;
  int64_t sold_tax_minor = 0;
  int64_t returned_tax_minor = 0;
};

absl::StatusOr<SaleSums> SumsOf(const v1::Sale& sale) {
  SaleSums sums;
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided()) continue;
    const bool back = line.kind() == v1::LINE_KIND_RETURN;
    int64_t* sum = back ? &sums.returned_minor : &sums.sold_minor;
    const auto more = CheckedAdd(*sum, line.amount_minor());
    if (!more.ok()) return Annotate(more.status(), "total of the receipt");
    *sum = *more;
    for (const v1::LineTax& tax : line.taxes()) {
      (back ? sums.returned_tax_minor : sums.sold_tax_minor) += tax.tax_minor();
    }
  }
  auto total = CheckedAdd(sums.sold_minor, sums.returned_minor);
  BL_RETURN_IF_ERROR(Annotate(total.status(), "total of the receipt"));
  sums.total_minor = *total;
  return sums;
}

// The lines as the request says they come to.
absl::Status TakeLines(const DecideView& view, const v1::RingRequest& request,
                       v1::Sale* sale) {
  for (int i = 0; i < request.lines_size(); ++i) {
    const absl::Status added =
        AddLine(view, sale->currency(), request.lines(i), sale->add_lines());
    if (added.ok()) continue;
    return Annotate(added, LineText(i, request.lines(i).sku()));
  }
  return absl::OkStatus();
}

void PostMoney(absl::string_view till, const SaleSums& sums,
               const v1::Sale& sale, PostingBuilder* postings) {
  std::vector<PostingBuilder::Leg> legs = {
      {v1::ACCOUNT_KIND_REVENUE, "", sums.sold_minor - sums.sold_tax_minor},
      {v1::ACCOUNT_KIND_RETURNS, "",
       sums.returned_minor - sums.returned_tax_minor},
      {v1::ACCOUNT_KIND_CASH_ROUNDING, "", sale.cash_rounding_minor()}};
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided()) continue;
    for (const v1::LineTax& tax : line.taxes()) {
      const auto leg = std::find_if(
          legs.begin() + 3, legs.end(),
          [&](const auto& have) { return have.detail == tax.code(); });
      if (leg == legs.end()) {
        legs.push_back({v1::ACCOUNT_KIND_TAX, tax.code(), tax.tax_minor()});
      } else {
        leg->gives_minor += tax.tax_minor();
      }
    }
  }
  for (const v1::Tender& tender : sale.tenders()) {
    legs.push_back({v1::ACCOUNT_KIND_TENDER,
                    tender.unconfirmed() ? UnconfirmedDetail(till)
                                         : TenderDetail(tender.kind(), till),
                    -tender.amount_minor()});
  }
  postings->Settle(sale.currency(), legs);
}

absl::Status CheckTexts(const v1::RingRequest& request) {
  if (request.member().size() > kReferenceSizeMax ||
      request.reference().size() > kReferenceSizeMax ||
      request.note().size() > kSaleNoteSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("member and reference have at most ", kReferenceSizeMax,
                     " bytes, a note ", kSaleNoteSizeMax));
  }
  for (const v1::Tender& tender : request.tenders()) {
    if (tender.reference().size() <= kReferenceSizeMax) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("a tender's reference has ", tender.reference().size(),
                     " bytes, at most ", kReferenceSizeMax));
  }
  for (const v1::RingLine& line : request.lines()) {
    if (line.salesperson().size() > kReferenceSizeMax ||
        line.override_reason().size() > kReferenceSizeMax ||
        line.unknown_code().size() > kReferenceSizeMax ||
        line.unknown_code().find('\0') != std::string::npos ||
        line.note().size() > kSaleNoteSizeMax) {
      return absl::InvalidArgumentError(absl::StrCat(
          "a line's salesperson, reason and unknown code have at most ",
          kReferenceSizeMax, " bytes, its note ", kSaleNoteSizeMax));
    }
  }
  return absl::OkStatus();
}

// What is not stocked, and codes that nobody knew.
absl::Status MarkKinds(const DecideView& view, v1::Sale* sale) {
  for (v1::SaleLine& line : *sale->mutable_lines()) {
    BL_ASSIGN_OR_RETURN(const v1::Item* item, view.FindItem(line.sku()));
    if (item != nullptr && !IsStocked(item->kind())) {
      line.set_item_kind(item->kind());
    }
    // What is exchanged is as it was sold.
    if (item != nullptr && line.returns_receipt_no().empty()) {
      line.set_no_points(item->no_points());
    }
    if (line.unknown_code().empty() ||
        line.item_kind() == v1::ITEM_KIND_OPEN_DEPARTMENT) {
      continue;
    }
    return absl::InvalidArgumentError(absl::StrCat(
        "SKU ", line.sku(),
        " is no open department: an unknown code goes under one of those"));
  }
  return absl::OkStatus();
}

// Whether somebody looked at the customer, where an item wants it.
absl::Status CheckAge(const DecideView& view, const v1::RingRequest& request) {
  if (request.age_checked()) return absl::OkStatus();
  for (const v1::RingLine& line : request.lines()) {
    if (line.voided() || line.kind() == v1::LINE_KIND_RETURN) continue;
    BL_ASSIGN_OR_RETURN(const v1::Item* item, view.FindItem(line.sku()));
    if (item == nullptr || item->age_limit() == 0) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "SKU ", line.sku(), " is not sold to people under ", item->age_limit(),
        ": check the customer's age, and say that it was checked"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckLineQuantity(v1::LineKind kind, int64_t quantity_milli) {
  if (quantity_milli == 0) {
    // Money alone: a surcharge, a coupon, weighed goods too light for the
    // scale.
    if (kind == v1::LINE_KIND_SALE) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "quantity is 0, which only a line of kind sale may be");
  }
  if (quantity_milli > kLineQuantityMaxMilli ||
      quantity_milli < -kLineQuantityMaxMilli) {
    return absl::OutOfRangeError(
        absl::StrCat("quantity ", FormatMilli(quantity_milli), " is beyond ",
                     FormatMilli(kLineQuantityMaxMilli)));
  }
  const bool comes_back = kind == v1::LINE_KIND_RETURN;
  if (comes_back != (quantity_milli < 0)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "quantity ", FormatMilli(quantity_milli), " of a ",
        comes_back ? "return line must be below 0"
                   : "sale line must be above 0"
                     "; goods that come back are a line of kind return"));
  }
  return absl::OkStatus();
}

std::string ReceiptNo(absl::string_view branch, absl::string_view till,
                      uint64_t epoch, uint64_t counter) {
  return absl::StrFormat("%s-%s-%d-%06d", branch, till,
                         BL_MUTANT(kReceiptNumberReused) ? 1 : epoch, counter);
}

std::string UnconfirmedDetail(absl::string_view till) {
  return absl::StrCat("code:", till);
}

std::string TenderDetail(v1::TenderKind kind, absl::string_view till) {
  switch (kind) {
    case v1::TENDER_KIND_CARD:
      return absl::StrCat("card:", till);
    case v1::TENDER_KIND_VOUCHER:
      return absl::StrCat("voucher:", till);
    case v1::TENDER_KIND_WALLET:
      return absl::StrCat("wallet:", till);
    default:
      return absl::StrCat("cash:", till);
  }
}

absl::StatusOr<v1::RingRequest> WithBasket(const DecideView& view,
                                           const v1::RingRequest& request) {
  if (request.basket_id().empty()) return request;
  if (!request.lines().empty()) {
    return absl::InvalidArgumentError(
        "a sale rings a basket or its own lines, not both");
  }
  BL_ASSIGN_OR_RETURN(const auto basket, view.FindBasket(request.basket_id()));
  if (!basket.has_value()) {
    return absl::NotFoundError(absl::StrCat("there is no basket '",
                                            request.basket_id(),
                                            "'; it was rung up or dropped"));
  }
  v1::RingRequest filled = request;
  filled.clear_basket_id();
  *filled.mutable_lines() = basket->lines();
  if (filled.currency().empty()) filled.set_currency(basket->currency());
  if (filled.member().empty()) filled.set_member(basket->member());
  if (!filled.has_pricing() && basket->has_pricing()) {
    *filled.mutable_pricing() = basket->pricing();
  }
  if (filled.note().empty()) filled.set_note(basket->note());
  if (basket->age_checked()) filled.set_age_checked(true);
  if (basket->training() != view.training()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "basket ", request.basket_id(), " was begun ",
        basket->training() ? "in training, and this till does not train"
                           : "at a real till, and this till trains"));
  }
  return filled;
}

void CopyRemarks(const v1::RingLine& asked, v1::SaleLine* line) {
  line->set_salesperson(asked.salesperson());
  line->set_note(asked.note());
  line->set_override_reason(asked.override_reason());
  line->set_hand_weighed(asked.hand_weighed());
  line->set_unknown_code(asked.unknown_code());
}

absl::Status QuoteSale(const DecideView& view, const v1::RingRequest& request,
                       absl::Time at, v1::Sale* sale) {
  if (request.lines().empty() || request.lines_size() > kReceiptLinesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("receipt has ", request.lines_size(), " lines, want 1 to ",
                     kReceiptLinesMax));
  }
  BL_RETURN_IF_ERROR(CheckTexts(request));
  if (request.tenders_size() > kTendersMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("receipt has ", request.tenders_size(),
                     " tenders, at most ", kTendersMax));
  }
  sale->set_currency(request.currency().empty() ? view.currency()
                                                : request.currency());
  BL_RETURN_IF_ERROR(MinorDigits(sale->currency()).status());
  BL_RETURN_IF_ERROR(request.has_pricing() ? PriceSale(view, request, at, sale)
                                           : TakeLines(view, request, sale));
  if (!request.has_pricing()) {
    BL_ASSIGN_OR_RETURN(const SaleSums sums, SumsOf(*sale));
    sale->set_total_minor(sums.total_minor);
    BL_RETURN_IF_ERROR(AddTenders(request, sale));
  }
  BL_RETURN_IF_ERROR(MarkKinds(view, sale));
  sale->set_member(request.member());
  sale->set_reference(request.reference());
  sale->set_note(request.note());
  sale->set_age_checked(request.age_checked());
  return absl::OkStatus();
}

void PostSale(const DecideView& view, absl::string_view till,
              v1::Event* event) {
  v1::Sale* sale = event->mutable_sale();
  const uint64_t counter = view.receipts_of(till) + 1;
  sale->set_receipt_counter(counter);
  sale->set_receipt_no(ReceiptNo(view.branch(), till, view.epoch(), counter));
  PostingBuilder postings(view.branch(), event);
  PostGoods(*sale, &postings);
  const absl::StatusOr<SaleSums> sums = SumsOf(*sale);
  BL_CHECK(sums.ok(), "a decided sale's sums fit");
  PostMoney(till, *sums, *sale, &postings);
}

namespace {

// What an item, or a payment on the customer's word, wants.
absl::Status CheckGoods(const DecideView& view, const v1::RingRequest& request,
                        const v1::Sale& sale) {
  BL_RETURN_IF_ERROR(CheckAge(view, request));
  BL_RETURN_IF_ERROR(CheckNegativeStock(view, sale));
  return CheckUnconfirmed(view, sale);
}

// A request whose lines are all there.
absl::Status DecideRung(const DecideView& view, absl::string_view till,
                        const v1::RingRequest& request, Authority* authority,
                        v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, request.date()));
  BL_RETURN_IF_ERROR(CheckShift(view, till));
  event->set_business_date(date);
  v1::Sale* sale = event->mutable_sale();
  const absl::Time at = absl::FromUnixMicros(event->business_at_unix_micros());
  BL_RETURN_IF_ERROR(QuoteSale(view, request, at, sale));
  BL_RETURN_IF_ERROR(SumsOf(*sale).status());
  BL_RETURN_IF_ERROR(CheckGoods(view, request, *sale));
  BL_RETURN_IF_ERROR(CheckPaid(view, request, authority, sale));
  BL_RETURN_IF_ERROR(CheckSaleRights(request, *sale, authority));
  BL_RETURN_IF_ERROR(CheckExchangeRefund(view, *sale, authority));
  BL_RETURN_IF_ERROR(OpenExchangeRefunds(view, sale));
  PostSale(view, till, event);
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckMayRing(const DecideView& view, absl::string_view till,
                          const v1::RingRequest& request, const v1::Sale& sale,
                          absl::Time wall_now) {
  v1::Event event;
  BL_ASSIGN_OR_RETURN(Authority authority,
                      Authority::Of(view, till, request.header(),
                                    /*approver=*/"", wall_now, &event));
  BL_RETURN_IF_ERROR(PostingDate(view, request.date()).status());
  BL_RETURN_IF_ERROR(CheckShift(view, till));
  BL_RETURN_IF_ERROR(CheckGoods(view, request, sale));
  BL_RETURN_IF_ERROR(CheckSaleRights(request, sale, &authority));
  return CheckExchangeRefund(view, sale, &authority);
}

absl::Status DecideSale(const DecideView& view, absl::string_view till,
                        const v1::RingRequest& request, Authority* authority,
                        v1::Event* event) {
  if (!request.basket_id().empty()) {
    BL_ASSIGN_OR_RETURN(const v1::RingRequest filled,
                        WithBasket(view, request));
    return DecideSale(view, till, filled, authority, event);
  }
  if (request.has_pricing()) {
    BL_ASSIGN_OR_RETURN(const auto with, WithDeposits(view, request));
    if (with.has_value()) {
      return DecideRung(view, till, *with, authority, event);
    }
  }
  return DecideRung(view, till, request, authority, event);
}

}  // namespace branchline
