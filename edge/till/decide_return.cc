#include "edge/till/decide_return.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "edge/commit/posting_builder.h"
#include "edge/payment/decide_payment.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "edge/till/decide_shift.h"
#include "edge/till/item_rules.h"
#include "edge/till/pricing_book.h"
#include "edge/till/refund.h"
#include "edge/till/return_share.h"
#include "edge/till/sold_receipt.h"
#include "edge/till/write_off.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

// Adds what one line gives back to the return's tax table, figures below 0.
void AddTaxes(const std::vector<LineTax>& taxes, v1::Return* back) {
  for (const LineTax& tax : taxes) {
    v1::LineTax* row = nullptr;
    for (v1::LineTax& have : *back->mutable_taxes()) {
      if (have.code() == tax.code && have.rate_e6() == tax.rate_e6 &&
          have.on_top() == !tax.included) {
        row = &have;
      }
    }
    if (row == nullptr) {
      row = back->add_taxes();
      *row = ToProto(tax);
      row->set_base_minor(0);
      row->set_tax_minor(0);
    }
    row->set_base_minor(row->base_minor() - tax.base_minor);
    row->set_tax_minor(row->tax_minor() - tax.tax_minor);
  }
}

absl::Status AddLine(const v1::Sale& sale, const Cell& returned,
                     const v1::ReturnGoodsLine& asked,
                     std::map<uint32_t, int64_t>* in_this_return,
                     v1::Return* back) {
  const uint32_t index = asked.original_line();
  BL_ASSIGN_OR_RETURN(
      const int64_t before,
      Narrow(returned.Get(books::ReturnedField(index)), "returned goods"));
  int64_t& now = (*in_this_return)[index];
  BL_ASSIGN_OR_RETURN(
      const ReturnFigures share,
      ShareOfSaleLine(sale, index, asked.quantity_milli(), before + now));
  now += asked.quantity_milli();
  v1::ReturnLine* out = back->add_lines();
  out->set_original_line(index);
  out->set_sku(sale.lines(static_cast<int>(index)).sku());
  out->set_quantity_milli(asked.quantity_milli());
  out->set_amount_minor(share.amount_minor);
  out->set_item_kind(sale.lines(static_cast<int>(index)).item_kind());
  for (const LineTax& tax : share.taxes) *out->add_taxes() = ToProto(tax);
  AddTaxes(share.taxes, back);
  return absl::OkStatus();
}

// What was paid on the customer's word and given up since: nothing goes back
// for it. The tenders that say so, by their index in the return.
using Losses = std::map<int, v1::UnconfirmedTender>;

absl::StatusOr<Losses> LossesOf(const DecideView& view, const v1::Sale& sale,
                                v1::Return* back) {
  Losses losses;
  for (int i = 0; i < back->tenders_size(); ++i) {
    const uint32_t refunds = back->tenders(i).refunds_tender();
    if (refunds == 0 ||
        !sale.tenders(static_cast<int>(refunds) - 1).unconfirmed()) {
      continue;
    }
    BL_ASSIGN_OR_RETURN(const auto loss,
                        FindLoss(view, sale.receipt_no(), refunds - 1));
    if (!loss.has_value()) continue;
    back->mutable_tenders(i)->set_unconfirmed(true);
    losses[i] = *loss;
  }
  return losses;
}

void Post(absl::string_view branch, absl::string_view till,
          const Losses& losses, v1::Event* event) {
  const v1::Return& back = event->return_();
  PostingBuilder postings(std::string(branch), event);
  for (const v1::ReturnLine& line : back.lines()) {
    if (!IsStocked(line.item_kind())) continue;
    postings.Move(SkuUnit(line.sku()), v1::ACCOUNT_KIND_SOLD,
                  v1::ACCOUNT_KIND_ON_HAND, line.quantity_milli());
  }
  std::vector<PostingBuilder::Leg> legs;
  for (int i = 0; i < back.tenders_size(); ++i) {
    const v1::Tender& tender = back.tenders(i);
    const auto loss = losses.find(i);
    legs.push_back({v1::ACCOUNT_KIND_TENDER,
                    loss == losses.end()
                        ? TenderDetail(tender.kind(), till)
                        : UnconfirmedDetail(loss->second.till()),
                    -tender.amount_minor()});
  }
  int64_t tax_minor = 0;  // below 0: given back
  for (const v1::LineTax& tax : back.taxes()) {
    legs.push_back({v1::ACCOUNT_KIND_TAX, tax.code(), tax.tax_minor()});
    tax_minor += tax.tax_minor();
  }
  legs.push_back(
      {v1::ACCOUNT_KIND_RETURNS, "", back.total_minor() - tax_minor});
  legs.push_back(
      {v1::ACCOUNT_KIND_CASH_ROUNDING, "", back.cash_rounding_minor()});
  postings.Settle(back.currency(), legs);
  for (const auto& [i, loss] : losses) {
    PostLossEnds(loss, -back.tenders(i).amount_minor(), &postings);
  }
}

}  // namespace

absl::Status DecideReturn(const DecideView& view, absl::string_view till,
                          const v1::ReturnGoodsRequest& request,
                          Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, request.date()));
  BL_RETURN_IF_ERROR(CheckShift(view, till));
  BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_RETURN, "take goods back"));
  BL_ASSIGN_OR_RETURN(const SoldReceipt sold, FindSold(view, request));
  const v1::Sale* const sale = &sold.sale;
  if (request.lines().empty() || request.lines_size() > kReceiptLinesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("return has ", request.lines_size(), " lines, want 1 to ",
                     kReceiptLinesMax));
  }
  if (request.reason().size() > kActReasonSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the reason has ", request.reason().size(),
                     " bytes, at most ", kActReasonSizeMax));
  }
  BL_ASSIGN_OR_RETURN(
      const Cell returned,
      view.BookCell(books::Returned(view.branch(), sale->receipt_no())));

  event->set_business_date(date);
  v1::Return* back = event->mutable_return_();
  back->set_original_receipt_no(sale->receipt_no());
  back->set_currency(sale->currency());
  back->set_reason(request.reason());
  back->set_sold_by_branch(sold.away_branch);
  back->set_evidence(sold.evidence);
  BL_ASSIGN_OR_RETURN(const auto invoice, view.InvoiceOf(sale->receipt_no()));
  back->set_credit_invoice_due(invoice.has_value());
  std::map<uint32_t, int64_t> in_this_return;
  int64_t given_back_minor = 0;
  for (const v1::ReturnGoodsLine& line : request.lines()) {
    BL_RETURN_IF_ERROR(AddLine(*sale, returned, line, &in_this_return, back));
    const v1::ReturnLine& added = back->lines(back->lines_size() - 1);
    BL_ASSIGN_OR_RETURN(given_back_minor,
                        CheckedAdd(given_back_minor, added.amount_minor()));
  }
  back->set_total_minor(-given_back_minor);
  if (!sold.away_branch.empty()) {
    BL_RETURN_IF_ERROR(PayAway(view, *sale, returned, request.tender(), back));
  } else if (request.tender() != v1::TENDER_KIND_UNSPECIFIED) {
    BL_RETURN_IF_ERROR(authority->Need(
        v1::RIGHT_REFUND_OTHER_TENDER,
        "refund by another tender than the receipt was paid with",
        [&](const v1::Role&) { return absl::OkStatus(); }));
  }
  BL_RETURN_IF_ERROR(
      Refund(*sale, returned,
             sold.away_branch.empty() ? request.tender() : v1::TENDER_KIND_CASH,
             back));
  BL_RETURN_IF_ERROR(OpenRefunds(view, *sale, back));
  BL_ASSIGN_OR_RETURN(const Losses losses, LossesOf(view, *sale, back));
  const uint64_t counter = view.receipts_of(till) + 1;
  back->set_receipt_counter(counter);
  back->set_receipt_no(ReceiptNo(view.branch(), till, view.epoch(), counter));
  Post(view.branch(), till, losses, event);
  return absl::OkStatus();
}

}  // namespace branchline
