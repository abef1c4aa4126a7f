#include "edge/till/exchange.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "edge/till/decide_sale.h"
#include "edge/till/pricing_book.h"
#include "edge/till/return_share.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

LineTax Negated(LineTax tax) {
  tax.base_minor = -tax.base_minor;
  tax.tax_minor = -tax.tax_minor;
  return tax;
}

}  // namespace

absl::Status Exchange::Add(const v1::RingLine& asked) {
  BL_RETURN_IF_ERROR(CheckLineQuantity(asked.kind(), asked.quantity_milli()));
  if (asked.kind() != v1::LINE_KIND_RETURN) {
    return absl::InvalidArgumentError(
        "goods that are exchanged are a line of kind return");
  }
  const std::string& receipt_no = asked.returns_receipt_no();
  BL_ASSIGN_OR_RETURN(const auto sold, view_.FindSale(receipt_no));
  if (!sold.has_value() || !sold->voids_receipt_no().empty()) {
    return absl::NotFoundError(absl::StrCat(
        "receipt ", receipt_no.substr(0, 64), " is not a sale of ",
        view_.branch(), "; take the goods back without it, or by a return"));
  }
  if (sold->currency() != sale_.currency()) {
    return absl::InvalidArgumentError(
        absl::StrCat("receipt ", receipt_no, " is in ", sold->currency(),
                     ", this sale in ", sale_.currency()));
  }
  BL_ASSIGN_OR_RETURN(const Cell returned, view_.BookCell(books::Returned(
                                               view_.branch(), receipt_no)));
  BL_ASSIGN_OR_RETURN(
      const int64_t before,
      Narrow(returned.Get(books::ReturnedField(asked.returns_line())),
             "returned goods"));
  int64_t& now = now_milli_[{receipt_no, asked.returns_line()}];
  const int64_t milli = -asked.quantity_milli();
  BL_ASSIGN_OR_RETURN(
      const ReturnFigures share,
      ShareOfSaleLine(*sold, asked.returns_line(), milli, before + now));
  const v1::SaleLine& original =
      sold->lines(static_cast<int>(asked.returns_line()));
  if (!asked.sku().empty() && asked.sku() != original.sku()) {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", asked.returns_line() + 1, " of ", receipt_no,
                     " sold SKU ", original.sku()));
  }
  now += milli;
  v1::SaleLine* line = sale_.add_lines();
  line->set_sku(original.sku());
  line->set_kind(v1::LINE_KIND_RETURN);
  line->set_quantity_milli(asked.quantity_milli());
  line->set_unit_price_minor_e4(original.unit_price_minor_e4());
  line->set_price_source(original.price_source());
  line->set_gross_minor(-share.amount_minor);
  line->set_amount_minor(-share.amount_minor);
  line->set_returns_receipt_no(receipt_no);
  line->set_returns_line(asked.returns_line());
  line->set_no_points(original.no_points());
  CopyRemarks(asked, line);
  for (const LineTax& tax : share.taxes) {
    const LineTax back = Negated(tax);
    *line->add_taxes() = ToProto(back);
    const auto same =
        std::find_if(taxes_.begin(), taxes_.end(), [&](const LineTax& have) {
          return have.code == back.code && have.rate_e6 == back.rate_e6 &&
                 have.included == back.included;
        });
    if (same == taxes_.end()) {
      taxes_.push_back(back);
    } else {
      same->base_minor += back.base_minor;
      same->tax_minor += back.tax_minor;
    }
  }
  BL_ASSIGN_OR_RETURN(total_minor_,
                      CheckedSub(total_minor_, share.amount_minor));
  BL_ASSIGN_OR_RETURN(const auto invoice, view_.InvoiceOf(receipt_no));
  if (invoice.has_value()) sale_.set_credit_invoice_due(true);
  return absl::OkStatus();
}

void Exchange::AddTaxes() {
  for (const LineTax& tax : taxes_) {
    const v1::LineTax row = ToProto(tax);
    v1::LineTax* same = nullptr;
    for (v1::LineTax& have : *sale_.mutable_taxes()) {
      if (have.code() == row.code() && have.rate_e6() == row.rate_e6() &&
          have.on_top() == row.on_top()) {
        same = &have;
      }
    }
    if (same == nullptr) {
      *sale_.add_taxes() = row;
    } else {
      same->set_base_minor(same->base_minor() + row.base_minor());
      same->set_tax_minor(same->tax_minor() + row.tax_minor());
    }
  }
}

absl::Status CheckExchangeRefund(const DecideView& view, const v1::Sale& sale,
                                 Authority* authority) {
  if (sale.total_minor() >= 0 || !authority->checked()) return absl::OkStatus();
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided() || line.returns_receipt_no().empty()) continue;
    BL_ASSIGN_OR_RETURN(const auto sold,
                        view.FindSale(line.returns_receipt_no()));
    if (!sold.has_value()) continue;
    const bool all_cash = std::all_of(
        sold->tenders().begin(), sold->tenders().end(), [](const auto& tender) {
          return tender.kind() == v1::TENDER_KIND_CASH;
        });
    if (all_cash) continue;
    return authority->Need(
        v1::RIGHT_REFUND_OTHER_TENDER,
        "pay out in cash what was not paid in cash; take the goods back by a "
        "return instead");
  }
  return absl::OkStatus();
}

}  // namespace branchline
