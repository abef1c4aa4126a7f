#include "edge/payment/decide_payment.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/payment/payment_attempt.h"
#include "devices/payment/payment_words.h"
#include "edge/payment/sale_standing.h"
#include "edge/pricing/amount_text.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr size_t kGroundSizeMax = 200;  // bytes

v1::PaymentAttempt* Find(v1::SalePayments* payments, const std::string& id) {
  for (v1::PaymentAttempt& attempt : *payments->mutable_attempts()) {
    if (attempt.id() == id) return &attempt;
  }
  return nullptr;
}

// Whether `attempt`, which is new, may begin.
absl::Status CheckBegins(const DecideView& view,
                         const v1::SalePayments& payments,
                         const v1::PaymentAttempt& attempt) {
  if (payments.attempts_size() >= kSaleAttemptsMax) {
    return absl::ResourceExhaustedError(
        absl::StrCat("sale ", payments.sale_id(), " has ", kSaleAttemptsMax,
                     " payments already: take cash, or begin a new sale"));
  }
  BL_ASSIGN_OR_RETURN(const std::string receipt_no,
                      view.PaidReceipt(payments.sale_id()));
  if (receipt_no.empty()) return absl::OkStatus();
  if (attempt.kind() == v1::PAYMENT_KIND_PAYMENT) {
    return absl::FailedPreconditionError(
        absl::StrCat("sale ", payments.sale_id(), " was rung up as receipt ",
                     receipt_no, ": nothing more is paid for it"));
  }
  for (const v1::PaymentAttempt& original : payments.attempts()) {
    if (original.id() != attempt.original_id()) continue;
    BL_ASSIGN_OR_RETURN(const int64_t owed_minor,
                        OwedMinor(view, payments, original));
    if (attempt.amount_minor() <= owed_minor) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "give back ", AmountText(attempt.amount_minor(), original.currency()),
        " of payment ", original.id(), ": receipt ", receipt_no,
        " and its returns give back ",
        AmountText(std::max<int64_t>(owed_minor, 0), original.currency()),
        "; take the goods back first, or void the receipt"));
  }
  return absl::NotFoundError(
      absl::StrCat("give back: sale ", payments.sale_id(), " has no payment ",
                   attempt.original_id()));
}

v1::TenderKind TenderOf(v1::PaymentMeans means) {
  return means == v1::PAYMENT_MEANS_TERMINAL ? v1::TENDER_KIND_CARD
                                             : v1::TENDER_KIND_WALLET;
}

std::string Reference(const v1::PaymentAttempt& payment) {
  if (!payment.trade_no().empty()) return payment.trade_no();
  return absl::StrCat(
      payment.terminal_id(), payment.terminal_id().empty() ? "" : "-",
      payment.has_receipt() ? payment.receipt() : payment.trace());
}

// Every tender that names a payment, against what stayed of that.
absl::Status CheckTenders(const v1::SalePayments& payments, v1::Sale* sale) {
  std::map<std::string, int64_t> stayed;
  for (const v1::PaymentAttempt& payment : payments.attempts()) {
    const int64_t minor = StayedMinor(payments, payment);
    if (minor != 0) stayed[payment.id()] = minor;
  }
  for (v1::Tender& tender : *sale->mutable_tenders()) {
    if (tender.payment_id().empty()) continue;
    const auto paid = stayed.find(tender.payment_id());
    if (paid == stayed.end()) {
      return absl::NotFoundError(absl::StrCat(
          "payment ", tender.payment_id(), " of sale ", payments.sale_id(),
          " brought no money, or is a tender of it already"));
    }
    for (const v1::PaymentAttempt& payment : payments.attempts()) {
      if (payment.id() != tender.payment_id()) continue;
      if (payment.currency() != sale->currency() ||
          TenderOf(payment.means()) != tender.kind() ||
          paid->second != tender.amount_minor() || tender.unconfirmed()) {
        return absl::InvalidArgumentError(
            absl::StrCat("payment ", payment.id(), " brought ",
                         AmountText(paid->second, payment.currency()), " by ",
                         v1::TenderKind_Name(TenderOf(payment.means())),
                         ", the tender says ",
                         AmountText(tender.amount_minor(), sale->currency()),
                         " by ", v1::TenderKind_Name(tender.kind())));
      }
      tender.set_reference(Reference(payment).substr(0, 64));
    }
    stayed.erase(paid);
  }
  if (stayed.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "payment ", stayed.begin()->first, " of sale ", payments.sale_id(),
      " brought ", AmountText(stayed.begin()->second, sale->currency()),
      ", and no tender says so: name it, or give it back first"));
}

template <typename Document>
absl::Status Open(const DecideView& view, const v1::Sale& sale,
                  Document* document) {
  if (sale.payment_sale_id().empty()) return absl::OkStatus();
  document->set_payment_sale_id(sale.payment_sale_id());
  for (const v1::Tender& tender : document->tenders()) {
    if (tender.refunds_tender() == 0) continue;
    const int index = static_cast<int>(tender.refunds_tender()) - 1;
    if (sale.tenders(index).payment_id().empty()) continue;
    BL_ASSIGN_OR_RETURN(*document->mutable_open_payments(),
                        OpenWith(view, sale.payment_sale_id(), true));
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DecideRecordPayment(const DecideView& view,
                                 const v1::PaymentAttempt& attempt,
                                 v1::Event* event) {
  BL_ASSIGN_OR_RETURN(v1::SalePayments payments,
                      view.PaymentsOf(attempt.sale_id()));
  v1::PaymentAttempt* stands = Find(&payments, attempt.id());
  if (stands == nullptr) {
    BL_RETURN_IF_ERROR(CheckBegins(view, payments, attempt));
    stands = payments.add_attempts();
  } else if (IsFinal(stands->state()) &&
             stands->SerializeAsString() != attempt.SerializeAsString()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "payment ", attempt.id(), " is settled: it does not change any more"));
  }
  *stands = attempt;
  BL_ASSIGN_OR_RETURN(const SaleStanding after, StandingWith(view, payments));
  event->set_business_date(view.open_date());
  v1::PaymentRecorded* recorded = event->mutable_payment_recorded();
  recorded->set_changed_id(attempt.id());
  BL_ASSIGN_OR_RETURN(*recorded->mutable_open(),
                      OpenWith(view, attempt.sale_id(), after.open()));
  *recorded->mutable_sale() = std::move(payments);
  return absl::OkStatus();
}

absl::Status DecideSettlePayment(const DecideView& view,
                                 const v1::SettlePaymentRequest& request,
                                 Authority* authority, v1::Event* event) {
  const std::string& id = request.payment_id();
  BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_SETTLE_PAYMENT,
                                     "say what became of a payment"));
  const std::string who =
      event->has_approval() ? event->approval().staff() : event->staff();
  if (who.empty() || request.ground().empty() ||
      request.ground().size() > kGroundSizeMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        "settle payment ", id.substr(0, 64),
        ": header.staff must name who does it, and ground say in 1 to ",
        kGroundSizeMax, " bytes what was seen"));
  }
  if (request.done_minor() < 0 || request.done_minor() > kPaymentMaxMinor) {
    return absl::InvalidArgumentError(absl::StrCat(
        "settle payment ", id.substr(0, 64), ": ", request.done_minor(),
        " minor units moved, want 0 to ", kPaymentMaxMinor));
  }
  BL_ASSIGN_OR_RETURN(const v1::OpenPayments open, view.OpenPayments());
  for (const std::string& sale_id : open.sale_ids()) {
    BL_ASSIGN_OR_RETURN(v1::SalePayments payments, view.PaymentsOf(sale_id));
    const v1::PaymentAttempt* found = Find(&payments, id);
    if (found == nullptr) continue;
    if (found->state() != v1::PAYMENT_STATE_OPEN) {
      return absl::FailedPreconditionError(
          absl::StrCat("payment ", id, " is ",
                       ToText(static_cast<PaymentState>(found->state())),
                       ": only an open one is settled by hand"));
    }
    v1::PaymentAttempt settled = *found;
    settled.set_state(request.done_minor() > 0 ? v1::PAYMENT_STATE_DONE
                                               : v1::PAYMENT_STATE_FAILED);
    settled.set_done_minor(request.done_minor());
    settled.set_why(static_cast<uint32_t>(PaymentWhy::kByHand));
    settled.set_settled_by(absl::StrCat(who, ": ", request.ground()));
    return DecideRecordPayment(view, settled, event);
  }
  return absl::NotFoundError(
      absl::StrCat("settle payment ", id.substr(0, 64),
                   ": no sale that is open has one of that id"));
}

absl::Status CheckPaid(const DecideView& view, const v1::RingRequest& request,
                       Authority* authority, v1::Sale* sale) {
  const std::string& sale_id = request.payment_sale_id();
  if (sale_id.empty()) {
    for (const v1::Tender& tender : sale->tenders()) {
      if (tender.payment_id().empty()) continue;
      return absl::InvalidArgumentError(absl::StrCat(
          "a tender names payment ", tender.payment_id().substr(0, 64),
          ", and the request no payment_sale_id"));
    }
    return absl::OkStatus();
  }
  if (sale_id.size() > 64) {
    return absl::InvalidArgumentError(absl::StrCat(
        "payment_sale_id has ", sale_id.size(), " bytes, at most 64"));
  }
  BL_ASSIGN_OR_RETURN(const SaleStanding standing, StandingOf(view, sale_id));
  if (!standing.receipt_no.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "sale ", sale_id, " was rung up as receipt ", standing.receipt_no,
        ": a new sale needs an id of its own"));
  }
  for (const v1::PaymentAttempt& attempt : standing.payments.attempts()) {
    if (IsFinal(attempt.state())) continue;
    if (attempt.state() != v1::PAYMENT_STATE_REVERSING) {
      return absl::FailedPreconditionError(absl::StrCat(
          "nobody knows yet what became of payment ", attempt.id(), " (",
          attempt.device(), "): the goods stay here until it is settled"));
    }
    BL_RETURN_IF_ERROR(authority->Need(
        v1::RIGHT_SETTLE_PAYMENT,
        "ring up a sale of which a payment is still being undone"));
  }
  BL_RETURN_IF_ERROR(CheckTenders(standing.payments, sale));
  sale->set_payment_sale_id(sale_id);
  BL_ASSIGN_OR_RETURN(*sale->mutable_open_payments(),
                      OpenWith(view, sale_id, standing.unsettled));
  return absl::OkStatus();
}

absl::Status OpenRefunds(const DecideView& view, const v1::Sale& sale,
                         v1::Return* back) {
  return Open(view, sale, back);
}

absl::Status OpenRefunds(const DecideView& view, const v1::Sale& sale,
                         v1::Sale* reversal) {
  reversal->clear_open_payments();
  return Open(view, sale, reversal);
}

}  // namespace branchline
