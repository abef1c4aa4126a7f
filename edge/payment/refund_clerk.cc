#include "edge/payment/refund_clerk.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "edge/devices/payment_host.h"
#include "edge/payment/payment_form.h"
#include "sync/base/bytes.h"
#include "sync/identity/sha256.h"

namespace branchline {

std::string RefundId(absl::string_view payment_id, int64_t returned_minor) {
  // Of 1 to 64 bytes, whatever the payment's is.
  return absl::StrCat(
      "back-",
      Hex(Sha256(absl::StrCat(payment_id, "/", returned_minor))).substr(0, 40));
}

void RefundClerk::Step() {
  const absl::StatusOr<std::vector<SaleStanding>> open = ledger_.Open();
  if (!open.ok()) {
    spdlog::warn("refunds: {}", std::string(open.status().message()));
    return;
  }
  for (const SaleStanding& standing : *open) {
    if (standing.owed_minor <= 0) continue;
    for (const v1::PaymentAttempt& payment : standing.payments.attempts()) {
      if (payment.kind() == v1::PAYMENT_KIND_PAYMENT &&
          payment.state() == v1::PAYMENT_STATE_DONE &&
          payment.means() != v1::PAYMENT_MEANS_TERMINAL) {
        Begin(standing, payment);
      }
    }
  }
}

void RefundClerk::Begin(const SaleStanding& standing,
                        const v1::PaymentAttempt& payment) {
  int64_t gone_minor = 0;
  for (const v1::PaymentAttempt& other : standing.payments.attempts()) {
    if (other.original_id() != payment.id()) continue;
    if (!IsFinal(other.state())) return;  // one after the other
    if (other.state() == v1::PAYMENT_STATE_DONE) {
      gone_minor += other.done_minor();
    }
  }
  const absl::StatusOr<int64_t> owed_minor =
      ledger_.Owed(standing.payments.sale_id(), payment.id());
  if (!owed_minor.ok() || *owed_minor <= 0) return;
  const std::string id = RefundId(payment.id(), gone_minor + *owed_minor);
  for (const v1::PaymentAttempt& other : standing.payments.attempts()) {
    if (other.id() == id) return;  // it failed: a person must see to it
  }
  const std::shared_ptr<PaymentHost> device = find_(payment.device());
  if (device == nullptr) return;
  std::vector<PaymentAttempt> known;
  for (const v1::PaymentAttempt& attempt : standing.payments.attempts()) {
    known.push_back(FromProto(attempt));
  }
  book_.Adopt(known);
  PaymentOrder order;
  order.id = id;
  order.sale_id = payment.sale_id();
  order.means = device->means();
  order.kind = PaymentKind::kRefund;
  order.device = payment.device();
  order.original_id = payment.id();
  order.amount_minor = *owed_minor;
  order.currency = payment.currency();
  const auto begun = book_.Begin(order, PaymentInput(), &device->payer());
  if (!begun.ok()) {
    spdlog::warn("refund of payment {}: {}", payment.id(),
                 std::string(begun.status().message()));
  }
}

}  // namespace branchline
