#include "edge/till/decide_invoice.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "edge/receipt/receipt_code.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "edge/till/pricing_book.h"
#include "edge/till/return_share.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

void AddTax(const v1::LineTax& tax, v1::InvoiceRequested* invoice) {
  for (v1::LineTax& have : *invoice->mutable_taxes()) {
    if (have.code() != tax.code() || have.rate_e6() != tax.rate_e6() ||
        have.on_top() != tax.on_top()) {
      continue;
    }
    have.set_base_minor(have.base_minor() + tax.base_minor());
    have.set_tax_minor(have.tax_minor() + tax.tax_minor());
    return;
  }
  *invoice->add_taxes() = tax;
}

// What of the line has not come back.
absl::Status AddRest(const v1::Sale& sale, uint32_t index,
                     int64_t returned_milli, v1::InvoiceRequested* invoice) {
  const v1::SaleLine& line = sale.lines(static_cast<int>(index));
  const int64_t left_milli = line.quantity_milli() - returned_milli;
  if (line.quantity_milli() <= 0 || returned_milli <= 0) {
    // Money alone, exchanged goods, or untouched: whole.
    BL_ASSIGN_OR_RETURN(const int64_t sum, CheckedAdd(invoice->amount_minor(),
                                                      line.amount_minor()));
    invoice->set_amount_minor(sum);
    for (const v1::LineTax& tax : line.taxes()) AddTax(tax, invoice);
    return absl::OkStatus();
  }
  if (left_milli <= 0) return absl::OkStatus();
  BL_ASSIGN_OR_RETURN(const ReturnFigures share,
                      ShareOfSaleLine(sale, index, left_milli, returned_milli));
  BL_ASSIGN_OR_RETURN(const int64_t sum,
                      CheckedAdd(invoice->amount_minor(), share.amount_minor));
  invoice->set_amount_minor(sum);
  for (const LineTax& tax : share.taxes) AddTax(ToProto(tax), invoice);
  return absl::OkStatus();
}

}  // namespace

absl::Status DecideInvoice(const DecideView& view,
                           const v1::RequestInvoiceRequest& request,
                           Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_SELL, "ask for an invoice"));
  if (request.buyer_tax_number().size() > kBuyerTaxNumberSizeMax ||
      request.reference().size() > kReferenceSizeMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the buyer's tax number has at most ", kBuyerTaxNumberSizeMax,
        " bytes, the reference ", kReferenceSizeMax));
  }
  BL_ASSIGN_OR_RETURN(const auto found, view.FindReceipt(request.receipt_no()));
  if (!found.has_value() || !found->event.has_sale() ||
      !found->event.sale().voids_receipt_no().empty()) {
    return absl::NotFoundError(
        absl::StrCat("receipt ", request.receipt_no().substr(0, 64),
                     " is not a sale of ", view.branch()));
  }
  const v1::Sale& sale = found->event.sale();
  if (!IsInvoiceCode(request.code(), InvoiceCode(found->hash))) {
    return absl::InvalidArgumentError(
        absl::StrCat("the invoice code is not that of receipt ",
                     sale.receipt_no(), ": read it off the receipt again"));
  }
  BL_ASSIGN_OR_RETURN(const auto has, view.InvoiceOf(sale.receipt_no()));
  if (has.has_value()) {
    return absl::FailedPreconditionError(
        absl::StrCat("receipt ", sale.receipt_no(), " has its invoice already",
                     has->reference().empty() ? "" : ", ", has->reference()));
  }
  BL_ASSIGN_OR_RETURN(
      const Cell returned,
      view.BookCell(books::Returned(view.branch(), sale.receipt_no())));
  event->set_business_date(date);
  v1::InvoiceRequested* invoice = event->mutable_invoice_requested();
  invoice->set_receipt_no(sale.receipt_no());
  invoice->set_currency(sale.currency());
  invoice->set_buyer_tax_number(request.buyer_tax_number());
  invoice->set_reference(request.reference());
  for (int i = 0; i < sale.lines_size(); ++i) {
    if (sale.lines(i).voided()) continue;
    const auto index = static_cast<uint32_t>(i);
    BL_ASSIGN_OR_RETURN(
        const int64_t milli,
        Narrow(returned.Get(books::ReturnedField(index)), "returned goods"));
    BL_RETURN_IF_ERROR(AddRest(sale, index, milli, invoice));
  }
  if (invoice->amount_minor() > 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("nothing is left of receipt ", sale.receipt_no(),
                   " to make an invoice over"));
}

}  // namespace branchline
