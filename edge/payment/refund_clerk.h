#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "devices/payment/payment_book.h"
#include "edge/payment/payment_ledger.h"

namespace branchline {

class PaymentHost;  // edge/devices/payment_host.h

// Gives back by wallets what receipts say is owed, once: each sum owed has a
// number of its own that it keeps through every try and restart. Cards are not
// given back to behind the customer's back: the till begins those. Not
// thread-safe; one of it at a time.
class RefundClerk {
 public:
  // The device of that name, or null while it is not at work.
  using FindDevice =
      std::function<std::shared_ptr<PaymentHost>(const std::string& name)>;

  // All outlive the clerk.
  RefundClerk(PaymentLedger* ledger, PaymentBook* book, FindDevice find)
      : ledger_(*ledger), book_(*book), find_(std::move(find)) {}

  // Begins what is owed and not begun. Without an open sale it costs nothing.
  void Step();

 private:
  void Begin(const SaleStanding& standing, const v1::PaymentAttempt& payment);

  PaymentLedger& ledger_;
  PaymentBook& book_;
  const FindDevice find_;
};

// The attempt that gives back by itself what of `payment` was owed when
// `returned_minor` of it had gone or were to go back.
std::string RefundId(absl::string_view payment_id, int64_t returned_minor);

}  // namespace branchline
