#include "edge/till/decide_void.h"

#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "edge/commit/posting_builder.h"
#include "edge/payment/decide_payment.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "edge/till/write_off.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::Status CheckReason(absl::string_view reason, size_t size_min) {
  if (reason.size() >= size_min && reason.size() <= kActReasonSizeMax) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the reason has ", reason.size(), " bytes, want ", size_min,
                   " to ", kActReasonSizeMax));
}

void Negate(v1::LineTax* tax) {
  tax->set_base_minor(-tax->base_minor());
  tax->set_tax_minor(-tax->tax_minor());
}

void Reverse(v1::SaleLine* line) {
  line->set_quantity_milli(-line->quantity_milli());
  line->set_amount_minor(-line->amount_minor());
  line->set_discount_minor(-line->discount_minor());
  if (line->has_gross_minor()) line->set_gross_minor(-line->gross_minor());
  for (v1::LineDiscount& discount : *line->mutable_discounts()) {
    discount.set_amount_minor(-discount.amount_minor());
  }
  for (v1::LineTax& tax : *line->mutable_taxes()) Negate(&tax);
  line->set_kind(line->kind() == v1::LINE_KIND_RETURN ? v1::LINE_KIND_SALE
                                                      : v1::LINE_KIND_RETURN);
}

v1::Sale Reversed(const v1::Sale& sale, const std::string& reason) {
  v1::Sale reversal = sale;
  reversal.clear_receipt_no();
  reversal.clear_receipt_counter();
  reversal.clear_change_minor();
  reversal.clear_reference();
  reversal.set_voids_receipt_no(sale.receipt_no());
  reversal.set_note(reason);
  reversal.set_total_minor(-sale.total_minor());
  reversal.set_cash_rounding_minor(-sale.cash_rounding_minor());
  for (v1::SaleLine& line : *reversal.mutable_lines()) {
    if (!line.voided()) Reverse(&line);
  }
  for (v1::LineTax& tax : *reversal.mutable_taxes()) Negate(&tax);
  for (int i = 0; i < reversal.tenders_size(); ++i) {
    v1::Tender* tender = reversal.mutable_tenders(i);
    tender->set_amount_minor(-tender->amount_minor());
    // What an exchange gave back to a tender of the exchanged receipt is taken
    // back there.
    if (tender->refunds_tender() != 0) continue;
    tender->set_refunds_tender(static_cast<uint32_t>(i) + 1);
  }
  for (v1::RuleTimes& rule : *reversal.mutable_capped_rules()) {
    rule.set_times(-rule.times());
  }
  return reversal;
}

// Whether the sale at `at` was rung in the till's open shift.
absl::Status CheckSameShift(const DecideView& view, absl::string_view till,
                            const DecideView::Document& sale) {
  BL_ASSIGN_OR_RETURN(const v1::ShiftState shift, view.Shift(till));
  if (!shift.open()) {
    return absl::FailedPreconditionError(
        absl::StrCat("no shift is open on till ", till,
                     ": what was sold before is taken back by a return"));
  }
  const bool of_shift = sale.event.till() == till &&
                        std::tuple(shift.opened_epoch(), shift.opened_seq()) <
                            std::tuple(sale.at.epoch(), sale.at.seq());
  if (of_shift) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "receipt ", sale.event.sale().receipt_no(), " is not of till ", till,
      "'s open shift: it cannot be voided any more, take the goods back by a "
      "return"));
}

// A payment that was taken unconfirmed goes back to where its money is by now.
// Says which of them were a loss, which ends with the sale.
absl::StatusOr<std::vector<v1::UnconfirmedTender>> FollowUnconfirmed(
    const DecideView& view, const v1::Sale& sale, v1::Sale* reversal) {
  std::vector<v1::UnconfirmedTender> lost;
  for (int i = 0; i < sale.tenders_size(); ++i) {
    if (!sale.tenders(i).unconfirmed()) continue;
    const auto index = static_cast<uint32_t>(i);
    BL_ASSIGN_OR_RETURN(const auto found,
                        view.FindMatched(sale.receipt_no(), index));
    if (found.has_value()) {
      reversal->mutable_tenders(i)->set_unconfirmed(false);
      continue;
    }
    BL_ASSIGN_OR_RETURN(const auto loss,
                        FindLoss(view, sale.receipt_no(), index));
    if (loss.has_value()) lost.push_back(*loss);
  }
  return lost;
}

// What an exchange gave back through the edge's own terminal or wallet is gone:
// no reversal brings it here again.
absl::Status CheckNothingWentBack(const DecideView& view,
                                  const v1::Sale& sale) {
  if (sale.total_minor() >= 0) return absl::OkStatus();
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided() || line.returns_receipt_no().empty()) continue;
    BL_ASSIGN_OR_RETURN(const auto sold,
                        view.FindSale(line.returns_receipt_no()));
    for (const v1::Tender& tender : sale.tenders()) {
      const int index = static_cast<int>(tender.refunds_tender()) - 1;
      if (!sold.has_value() || index < 0 || index >= sold->tenders_size() ||
          sold->tenders(index).payment_id().empty()) {
        continue;
      }
      return absl::FailedPreconditionError(absl::StrCat(
          "receipt ", sale.receipt_no(),
          " gave money back by card or wallet: it cannot be voided, ring the "
          "goods up again"));
    }
    break;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DecideVoidReceipt(const DecideView& view, absl::string_view till,
                               const v1::VoidReceiptRequest& request,
                               Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_POST_VOID, "void a receipt"));
  BL_RETURN_IF_ERROR(CheckReason(request.reason(), 1));
  BL_ASSIGN_OR_RETURN(const auto found, view.FindReceipt(request.receipt_no()));
  if (!found.has_value() || !found->event.has_sale()) {
    return absl::NotFoundError(
        absl::StrCat("receipt ", request.receipt_no().substr(0, 64),
                     " is not a sale of ", view.branch()));
  }
  const v1::Sale& sale = found->event.sale();
  if (!sale.voids_receipt_no().empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("receipt ", sale.receipt_no(), " itself voids ",
                     sale.voids_receipt_no(), ": ring the goods up again"));
  }
  BL_RETURN_IF_ERROR(CheckSameShift(view, till, *found));
  BL_ASSIGN_OR_RETURN(
      const Cell returned,
      view.BookCell(books::Returned(view.branch(), sale.receipt_no())));
  for (const auto& [field, sum] : returned.fields()) {
    if (sum == 0) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("goods of receipt ", sale.receipt_no(),
                     " came back, or it was voided already"));
  }
  event->set_business_date(date);
  *event->mutable_sale() = Reversed(sale, request.reason());
  BL_RETURN_IF_ERROR(CheckNothingWentBack(view, sale));
  BL_ASSIGN_OR_RETURN(const std::vector<v1::UnconfirmedTender> lost,
                      FollowUnconfirmed(view, sale, event->mutable_sale()));
  BL_RETURN_IF_ERROR(OpenRefunds(view, sale, event->mutable_sale()));
  BL_ASSIGN_OR_RETURN(const auto invoice, view.InvoiceOf(sale.receipt_no()));
  event->mutable_sale()->set_credit_invoice_due(invoice.has_value());
  PostSale(view, till, event);
  PostingBuilder postings(view.branch(), event);
  for (const v1::UnconfirmedTender& loss : lost) {
    PostLossEnds(loss, loss.amount_minor(), &postings);
  }
  return absl::OkStatus();
}

absl::Status DecideCancelBasket(const DecideView& view, absl::string_view till,
                                const v1::CancelBasketRequest& request,
                                Authority* authority, v1::Event* event) {
  (void)till;
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  BL_RETURN_IF_ERROR(
      authority->Need(v1::RIGHT_CANCEL_BASKET, "cancel a basket"));
  BL_RETURN_IF_ERROR(CheckReason(request.reason(), 0));
  v1::RingRequest basket;
  basket.set_basket_id(request.basket_id());
  basket.set_currency(request.currency());
  *basket.mutable_lines() = request.lines();
  BL_ASSIGN_OR_RETURN(basket, WithBasket(view, basket));
  if (basket.lines().empty() || basket.lines_size() > kReceiptLinesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the basket has ", basket.lines_size(),
                     " lines, want 1 to ", kReceiptLinesMax));
  }
  event->set_business_date(date);
  v1::BasketCancelled* cancelled = event->mutable_basket_cancelled();
  cancelled->set_basket_id(request.basket_id());
  cancelled->set_reason(request.reason());
  cancelled->set_currency(basket.currency().empty() ? view.currency()
                                                    : basket.currency());
  BL_RETURN_IF_ERROR(MinorDigits(cancelled->currency()).status());
  for (const v1::RingLine& asked : basket.lines()) {
    v1::SaleLine* line = cancelled->add_lines();
    line->set_sku(asked.sku().substr(0, 64));
    line->set_kind(asked.kind());
    line->set_quantity_milli(asked.quantity_milli());
    line->set_voided(asked.voided());
    line->set_note(asked.note().substr(0, kSaleNoteSizeMax));
    // At the catalogue's price: it is told, never posted.
    BL_ASSIGN_OR_RETURN(const v1::Price* price,
                        view.FindPrice(asked.sku(), cancelled->currency()));
    line->set_unit_price_minor_e4(asked.has_unit_price_minor_e4()
                                      ? asked.unit_price_minor_e4()
                                  : price == nullptr ? 0
                                                     : price->price_minor_e4());
    const auto amount =
        PriceTimesQuantity(line->unit_price_minor_e4(), asked.quantity_milli());
    if (!amount.ok() || asked.voided()) continue;
    const auto total = CheckedAdd(cancelled->total_minor(), *amount);
    if (!total.ok()) continue;
    line->set_amount_minor(*amount);
    cancelled->set_total_minor(*total);
  }
  return absl::OkStatus();
}

}  // namespace branchline
