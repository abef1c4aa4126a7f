#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/pricing/explain.h"
#include "edge/pricing/receipt.h"
#include "edge/pricing/tendering.h"

namespace branchline {

inline constexpr int kCouponsMax = 20;         // shown on one receipt
inline constexpr int kCustomerGroupsMax = 20;  // of one member
// Of a line, where the policy says nothing.
inline constexpr int64_t kScannedQuantityMaxMilli = 10'000'000;

// Prices a request that has `pricing`: list prices in force when each line was
// added, promotions, discounts by hand, taxes; fills the sale's lines, total,
// taxes and tenders. `at` is when the sale happens, for lines that do not say.
// What docs/PRICING.md tells, with the branch's own book. Pure.
//
//   INVALID_ARGUMENT     a line, discount or tender is wrong; names it
//   NOT_FOUND            no such SKU, price or tax rule
//   OUT_OF_RANGE         an amount or total does not fit, or too many coupons
//   FAILED_PRECONDITION  the item is delisted; the tenders do not pay it
//   ABORTED              it comes to another total than the till showed: show
//                        the new one and ask again
absl::Status PriceSale(const DecideView& view, const v1::RingRequest& request,
                       absl::Time at, v1::Sale* sale);

// Goods of an earlier receipt that come back in this sale: a line with that
// one's figures, not today's prices.
bool IsExchanged(const v1::RingLine& line);

// Why such a request comes to what it does: per line that is neither voided
// nor exchanged, and per rule that did not fire.
//   as PriceSale()
absl::StatusOr<Explanation> ExplainSale(const DecideView& view,
                                        const v1::RingRequest& request,
                                        absl::Time at,
                                        const std::string& currency);

// How a tender is treated.
//   INVALID_ARGUMENT  a kind that is not known here
absl::StatusOr<TenderMeans> MeansOf(v1::TenderKind kind);

// The plain basket of such a request, voided lines left out.
//   as PriceSale()
absl::StatusOr<Basket> BasketFor(const DecideView& view,
                                 const v1::RingRequest& request, absl::Time at,
                                 const std::string& currency);

}  // namespace branchline
