#include "edge/payment/sale_standing.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {

bool IsFinal(v1::PaymentState state) {
  return state == v1::PAYMENT_STATE_DONE || state == v1::PAYMENT_STATE_FAILED ||
         state == v1::PAYMENT_STATE_REVERSED;
}

int64_t StayedMinor(const v1::SalePayments& payments,
                    const v1::PaymentAttempt& payment) {
  if (payment.kind() != v1::PAYMENT_KIND_PAYMENT ||
      payment.state() != v1::PAYMENT_STATE_DONE) {
    return 0;
  }
  int64_t stayed_minor = payment.done_minor();
  for (const v1::PaymentAttempt& other : payments.attempts()) {
    if (other.original_id() == payment.id() &&
        other.state() == v1::PAYMENT_STATE_DONE) {
      stayed_minor -= other.done_minor();
    }
  }
  return stayed_minor;
}

absl::StatusOr<int64_t> OwedMinor(const DecideView& view,
                                  const v1::SalePayments& payments,
                                  const v1::PaymentAttempt& payment) {
  BL_ASSIGN_OR_RETURN(const std::string receipt_no,
                      view.PaidReceipt(payments.sale_id()));
  if (receipt_no.empty() || payment.state() != v1::PAYMENT_STATE_DONE ||
      payment.kind() != v1::PAYMENT_KIND_PAYMENT) {
    return 0;
  }
  BL_ASSIGN_OR_RETURN(const auto sale, view.FindSale(receipt_no));
  if (!sale.has_value()) {
    return absl::DataLossError(
        absl::StrCat("sale ", payments.sale_id(), " was rung up as receipt ",
                     receipt_no, ", which the journal lacks"));
  }
  BL_ASSIGN_OR_RETURN(const Cell returned, view.BookCell(books::Returned(
                                               view.branch(), receipt_no)));
  for (int i = 0; i < sale->tenders_size(); ++i) {
    const v1::Tender& tender = sale->tenders(i);
    if (tender.payment_id() != payment.id()) continue;
    BL_ASSIGN_OR_RETURN(
        const int64_t refunded_minor,
        Narrow(returned.Get(books::RefundedField(static_cast<uint32_t>(i))),
               "what was refunded"));
    // What went back before the sale was rung up is in neither.
    const int64_t back_minor =
        tender.amount_minor() - StayedMinor(payments, payment);
    return refunded_minor - back_minor;
  }
  return 0;
}

absl::StatusOr<SaleStanding> StandingWith(const DecideView& view,
                                          v1::SalePayments payments) {
  SaleStanding standing;
  standing.payments = std::move(payments);
  BL_ASSIGN_OR_RETURN(standing.receipt_no,
                      view.PaidReceipt(standing.payments.sale_id()));
  for (const v1::PaymentAttempt& attempt : standing.payments.attempts()) {
    standing.unsettled |= !IsFinal(attempt.state());
    if (standing.receipt_no.empty()) {
      standing.unsold_minor += StayedMinor(standing.payments, attempt);
      continue;
    }
    BL_ASSIGN_OR_RETURN(const int64_t owed_minor,
                        OwedMinor(view, standing.payments, attempt));
    standing.owed_minor += std::max<int64_t>(owed_minor, 0);
  }
  return standing;
}

absl::StatusOr<SaleStanding> StandingOf(const DecideView& view,
                                        absl::string_view sale_id) {
  BL_ASSIGN_OR_RETURN(v1::SalePayments payments, view.PaymentsOf(sale_id));
  return StandingWith(view, std::move(payments));
}

absl::StatusOr<v1::OpenPayments> OpenWith(const DecideView& view,
                                          absl::string_view sale_id,
                                          bool open) {
  BL_ASSIGN_OR_RETURN(v1::OpenPayments all, view.OpenPayments());
  const auto found =
      std::find(all.sale_ids().begin(), all.sale_ids().end(), sale_id);
  if (open && found == all.sale_ids().end()) {
    if (all.sale_ids_size() >= kOpenSalesMax) {
      return absl::ResourceExhaustedError(absl::StrCat(
          kOpenSalesMax,
          " sales have payments that nobody has seen to: settle them first, "
          "'branchline payments list' names them"));
    }
    all.add_sale_ids(std::string(sale_id));
  }
  if (!open && found != all.sale_ids().end()) {
    all.mutable_sale_ids()->erase(found);
  }
  return all;
}

}  // namespace branchline
