#pragma once

#include "absl/status/status.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/till.pb.h"
#include "branchline/v1/till_payments.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

// An attempt to move money begins, or stands elsewhere than before. Any day,
// also when none is open: the money moves whether the shop is open or not.
//
//   FAILED_PRECONDITION  it is final and would change; a payment of a sale that
//                        was rung up; more back than the receipts give back
//   RESOURCE_EXHAUSTED   kSaleAttemptsMax, kOpenSalesMax
absl::Status DecideRecordPayment(const DecideView& view,
                                 const v1::PaymentAttempt& attempt,
                                 v1::Event* event);

// A person has looked, and says what an open attempt moved. Wants the right
// settle-payment, and a name, whether or not people sign on here.
//
//   INVALID_ARGUMENT     nobody is named, no ground, or an amount below 0
//   NOT_FOUND            no open sale has such a payment
//   FAILED_PRECONDITION  it is not open
//   PERMISSION_DENIED    neither he nor an approver may
absl::Status DecideSettlePayment(const DecideView& view,
                                 const v1::SettlePaymentRequest& request,
                                 Authority* authority, v1::Event* event);

// Goods leave only against money that has come in for certain: every payment
// made through the edge for the request's payment_sale_id is a tender of
// `sale`, of what stayed of it, and none is unsettled. Notes on `sale` what is
// open after it, and on its tenders the slip's or the wallet's number.
//
//   INVALID_ARGUMENT     a tender names a payment, the request no sale; another
//                        amount, currency or kind than was paid
//   NOT_FOUND            no such payment
//   FAILED_PRECONDITION  rung up before; unsettled; paid and not a tender
//   PERMISSION_DENIED    one is being undone, and nobody may say that it will
absl::Status CheckPaid(const DecideView& view, const v1::RingRequest& request,
                       Authority* authority, v1::Sale* sale);

// A document gives back to tenders of `sale`: what was paid through the edge is
// open after it. Sets `document`'s payment_sale_id and open_payments.
absl::Status OpenRefunds(const DecideView& view, const v1::Sale& sale,
                         v1::Return* back);
absl::Status OpenRefunds(const DecideView& view, const v1::Sale& sale,
                         v1::Sale* reversal);

}  // namespace branchline
