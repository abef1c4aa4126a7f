#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/payment.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

inline constexpr int kSaleAttemptsMax = 64;  // of one sale
inline constexpr int kOpenSalesMax = 512;    // of a branch

// Where the money of one sale stands that cards and wallets moved, beside what
// the receipts say of it.
struct SaleStanding {
  v1::SalePayments payments;
  std::string receipt_no;    // empty: not rung up
  bool unsettled = false;    // an attempt is not final
  int64_t unsold_minor = 0;  // came in and stayed, and no receipt says for what
  int64_t owed_minor = 0;  // a receipt gives it back, and it has not gone back

  // Somebody must see to it.
  bool open() const { return unsettled || unsold_minor != 0 || owed_minor > 0; }
};

bool IsFinal(v1::PaymentState state);

// What one payment, done, came to: less what went back of it for certain.
int64_t StayedMinor(const v1::SalePayments& payments,
                    const v1::PaymentAttempt& payment);

// What the receipts give back of `payment`, less what has gone back. 0 if its
// sale was not rung up.
absl::StatusOr<int64_t> OwedMinor(const DecideView& view,
                                  const v1::SalePayments& payments,
                                  const v1::PaymentAttempt& payment);

// The standing of a sale with `payments`; what is in the ledger, or what a
// decision makes of it.
absl::StatusOr<SaleStanding> StandingWith(const DecideView& view,
                                          v1::SalePayments payments);
absl::StatusOr<SaleStanding> StandingOf(const DecideView& view,
                                        absl::string_view sale_id);

// The branch's open sales with `sale_id` among them, or not.
//   RESOURCE_EXHAUSTED  kOpenSalesMax are open already
absl::StatusOr<v1::OpenPayments> OpenWith(const DecideView& view,
                                          absl::string_view sale_id, bool open);

}  // namespace branchline
