#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "edge/pricing/cash_rounding.h"

namespace branchline {

inline constexpr size_t kTendersOfReceiptMax = 20;

// How money changes hands. Only cash is rounded and gives change.
enum class TenderMeans { kCash, kCard, kWallet, kVoucher };

struct TenderGiven {
  TenderMeans means = TenderMeans::kCash;
  int64_t amount_minor = 0;  // handed over or authorised; 0 or more
};

// A receipt that is paid. Cash kept = cash_given - change, and
// other + cash kept = total + rounding.
struct Settlement {
  int64_t other_minor = 0;  // by all means but cash
  int64_t cash_given_minor = 0;
  int64_t change_minor = 0;
  // What rounding the cash remainder added (> 0) or let go (< 0); it has an
  // account of its own and touches neither sales nor tax.
  int64_t rounding_minor = 0;
};

// What is still to be paid in cash after `tenders`, rounded as coins allow; 0
// if nothing is. For the screen between two tenders.
//   as SettleTenders()
absl::StatusOr<int64_t> CashDue(int64_t total_minor,
                                absl::Span<const TenderGiven> tenders,
                                const CashRounding& rounding);

// Pays `total_minor` (0 or more) with `tenders`. The cash remainder is what
// the others leave; it alone is rounded, and only if cash is given.
//   INVALID_ARGUMENT     a tender below 0; a total below 0: see
//   AllocateRefund() FAILED_PRECONDITION  less than is due, or other tenders
//   than cash for more
//                        than is due; says how much
//   OUT_OF_RANGE         too many tenders, or a sum that does not fit
absl::StatusOr<Settlement> SettleTenders(int64_t total_minor,
                                         absl::Span<const TenderGiven> tenders,
                                         const CashRounding& rounding);

// One tender of the receipt that goods come back from.
struct TenderPaid {
  TenderMeans means = TenderMeans::kCash;
  int64_t paid_minor = 0;      // kept, after change
  int64_t refunded_minor = 0;  // given back by earlier returns
};

// Splits a refund over the original tenders, one figure per tender, in their
// order: cards and wallets first, then vouchers, cash last, each up to what it
// paid and did not get back. Where cash was rounded, paid sums may lie a few
// coins beside the receipt: what is left over goes to, or is missing from, the
// last cash tender.
//   INVALID_ARGUMENT     the refund or a figure is below 0
//   FAILED_PRECONDITION  more than was paid and not yet given back; says how
//                        much is left
absl::StatusOr<std::vector<int64_t>> AllocateRefund(
    int64_t refund_minor, absl::Span<const TenderPaid> tenders,
    const CashRounding& rounding);

}  // namespace branchline
