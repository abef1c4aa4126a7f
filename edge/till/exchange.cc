#include "edge/till/exchange.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "edge/payment/sale_standing.h"
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

namespace {

// What an exchanged receipt was paid with otherwise than in cash, as far as it
// may go back there: up to what comes back of it.
struct OwnTenders {
  std::string receipt_no;
  v1::Sale sold;
  std::vector<int64_t> left_minor;  // of each tender
  int64_t back_minor = 0;           // what its goods come to
};

absl::StatusOr<std::vector<OwnTenders>> OwnTendersOf(const DecideView& view,
                                                     const v1::Sale& sale) {
  std::vector<OwnTenders> all;
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided() || line.returns_receipt_no().empty()) continue;
    const auto same =
        std::find_if(all.begin(), all.end(), [&](const auto& own) {
          return own.receipt_no == line.returns_receipt_no();
        });
    if (same != all.end()) {
      same->back_minor -= line.amount_minor();
      continue;
    }
    OwnTenders own;
    own.receipt_no = line.returns_receipt_no();
    own.back_minor = -line.amount_minor();
    BL_ASSIGN_OR_RETURN(const auto sold, view.FindSale(own.receipt_no));
    if (!sold.has_value()) continue;
    own.sold = *sold;
    BL_ASSIGN_OR_RETURN(
        const Cell returned,
        view.BookCell(books::Returned(view.branch(), own.receipt_no)));
    for (int i = 0; i < sold->tenders_size(); ++i) {
      const v1::Tender& tender = sold->tenders(i);
      BL_ASSIGN_OR_RETURN(
          const int64_t refunded,
          Narrow(returned.Get(books::RefundedField(static_cast<uint32_t>(i))),
                 "what was refunded"));
      own.left_minor.push_back(
          tender.kind() == v1::TENDER_KIND_CASH
              ? 0
              : std::max<int64_t>(tender.amount_minor() - refunded, 0));
    }
    all.push_back(std::move(own));
  }
  return all;
}

// Cards and wallets before vouchers, as a return does.
bool IsTurnOf(const v1::Tender& tender, int turn) {
  return (tender.kind() == v1::TENDER_KIND_VOUCHER) == (turn == 1);
}

}  // namespace

absl::Status RefundExchange(const DecideView& view, v1::Sale* sale,
                            int64_t* rest_minor) {
  *rest_minor = -sale->total_minor();
  BL_ASSIGN_OR_RETURN(const std::vector<OwnTenders> all,
                      OwnTendersOf(view, *sale));
  if (all.empty()) return absl::OkStatus();
  const OwnTenders& own = all.front();
  int64_t left_minor = std::min(*rest_minor, own.back_minor);
  for (int turn = 0; turn < 2; ++turn) {
    for (int i = 0; i < own.sold.tenders_size(); ++i) {
      const v1::Tender& paid = own.sold.tenders(i);
      const auto index = static_cast<size_t>(i);
      // What nobody has confirmed is given back by a return, which looks what
      // became of it.
      if (!IsTurnOf(paid, turn) || paid.unconfirmed()) continue;
      const int64_t back_minor = std::min(left_minor, own.left_minor[index]);
      if (back_minor <= 0) continue;
      v1::Tender* tender = sale->add_tenders();
      tender->set_kind(paid.kind());
      tender->set_amount_minor(-back_minor);
      tender->set_refunds_tender(static_cast<uint32_t>(i) + 1);
      left_minor -= back_minor;
      *rest_minor -= back_minor;
    }
  }
  return absl::OkStatus();
}

absl::Status OpenExchangeRefunds(const DecideView& view, v1::Sale* sale) {
  if (sale->total_minor() >= 0) return absl::OkStatus();
  for (const v1::SaleLine& line : sale->lines()) {
    if (line.voided() || line.returns_receipt_no().empty()) continue;
    BL_ASSIGN_OR_RETURN(const auto sold,
                        view.FindSale(line.returns_receipt_no()));
    if (!sold.has_value()) return absl::OkStatus();
    for (const v1::Tender& tender : sale->tenders()) {
      const int index = static_cast<int>(tender.refunds_tender()) - 1;
      if (index < 0 || sold->tenders(index).payment_id().empty()) continue;
      BL_ASSIGN_OR_RETURN(*sale->mutable_open_payments(),
                          OpenWith(view, sold->payment_sale_id(), true));
    }
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

absl::Status CheckExchangeRefund(const DecideView& view, const v1::Sale& sale,
                                 Authority* authority) {
  if (sale.total_minor() >= 0 || !authority->checked()) return absl::OkStatus();
  BL_ASSIGN_OR_RETURN(const std::vector<OwnTenders> all,
                      OwnTendersOf(view, sale));
  int64_t elsewhere_minor = 0;  // could go back to where it came from
  for (const OwnTenders& own : all) {
    int64_t left_minor = 0;
    for (const int64_t minor : own.left_minor) left_minor += minor;
    elsewhere_minor += std::min(left_minor, own.back_minor);
  }
  elsewhere_minor = std::min(elsewhere_minor, -sale.total_minor());
  for (const v1::Tender& tender : sale.tenders()) {
    if (tender.kind() != v1::TENDER_KIND_CASH) {
      elsewhere_minor += tender.amount_minor();
    }
  }
  if (elsewhere_minor <= 0) return absl::OkStatus();
  return authority->Need(
      v1::RIGHT_REFUND_OTHER_TENDER,
      "pay out in cash what was not paid in cash; take the goods back by a "
      "return instead");
}

}  // namespace branchline
