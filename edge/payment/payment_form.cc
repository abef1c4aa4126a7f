#include "edge/payment/payment_form.h"

#include "absl/time/time.h"

namespace branchline {

// The numbers on disk are the same in both.
static_assert(static_cast<int>(PaymentMeans::kAlipay) ==
              v1::PAYMENT_MEANS_ALIPAY);
static_assert(static_cast<int>(PaymentKind::kReversal) ==
              v1::PAYMENT_KIND_REVERSAL);
static_assert(static_cast<int>(PaymentState::kOpen) == v1::PAYMENT_STATE_OPEN);
static_assert(static_cast<int>(PaymentState::kReversed) ==
              v1::PAYMENT_STATE_REVERSED);

v1::PaymentAttempt ToProto(const PaymentAttempt& attempt) {
  v1::PaymentAttempt to;
  to.set_id(attempt.id);
  to.set_sale_id(attempt.sale_id);
  to.set_means(static_cast<v1::PaymentMeans>(attempt.means));
  to.set_kind(static_cast<v1::PaymentKind>(attempt.kind));
  to.set_state(static_cast<v1::PaymentState>(attempt.state));
  to.set_why(static_cast<uint32_t>(attempt.why));
  to.set_device(attempt.device);
  to.set_original_id(attempt.original_id);
  to.set_amount_minor(attempt.amount_minor);
  to.set_done_minor(attempt.done_minor);
  to.set_currency(attempt.currency);
  to.set_started_at_unix_seconds(absl::ToUnixSeconds(attempt.started_at));
  to.set_detail(attempt.detail);
  to.set_settled_by(attempt.settled_by);
  to.set_original_minor(attempt.original_minor);
  to.set_original_number(attempt.original_number);
  if (attempt.original_receipt)
    to.set_original_receipt(*attempt.original_receipt);
  if (attempt.original_trace) to.set_original_trace(*attempt.original_trace);
  to.set_terminal_id(attempt.terminal_id);
  if (attempt.receipt) to.set_receipt(*attempt.receipt);
  if (attempt.trace) to.set_trace(*attempt.trace);
  if (attempt.earlier_receipt) to.set_earlier_receipt(*attempt.earlier_receipt);
  if (attempt.earlier_trace) to.set_earlier_trace(*attempt.earlier_trace);
  to.set_card_name(attempt.card_name);
  to.set_number(attempt.number);
  to.set_trade_no(attempt.trade_no);
  to.set_code_hash(attempt.code_hash);
  return to;
}

PaymentAttempt FromProto(const v1::PaymentAttempt& from) {
  PaymentAttempt to;
  to.id = from.id();
  to.sale_id = from.sale_id();
  to.means = static_cast<PaymentMeans>(from.means());
  to.kind = static_cast<PaymentKind>(from.kind());
  to.state = v1::PaymentState_IsValid(from.state()) &&
                     from.state() != v1::PAYMENT_STATE_UNSPECIFIED
                 ? static_cast<PaymentState>(from.state())
                 : PaymentState::kOpen;
  to.why = static_cast<PaymentWhy>(from.why());
  to.device = from.device();
  to.original_id = from.original_id();
  to.amount_minor = from.amount_minor();
  to.done_minor = from.done_minor();
  to.currency = from.currency();
  to.started_at = absl::FromUnixSeconds(from.started_at_unix_seconds());
  to.detail = from.detail();
  to.settled_by = from.settled_by();
  to.original_minor = from.original_minor();
  to.original_number = from.original_number();
  if (from.has_original_receipt())
    to.original_receipt = from.original_receipt();
  if (from.has_original_trace()) to.original_trace = from.original_trace();
  to.terminal_id = from.terminal_id();
  if (from.has_receipt()) to.receipt = from.receipt();
  if (from.has_trace()) to.trace = from.trace();
  if (from.has_earlier_receipt()) to.earlier_receipt = from.earlier_receipt();
  if (from.has_earlier_trace()) to.earlier_trace = from.earlier_trace();
  to.card_name = from.card_name();
  to.number = from.number();
  to.trade_no = from.trade_no();
  to.code_hash = from.code_hash();
  return to;
}

}  // namespace branchline
