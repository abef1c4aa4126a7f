#pragma once

#include "absl/status/status.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"
#include "edge/pricing/manual_discount.h"

namespace branchline {

// Whether who acts may ring up `sale`, which was priced of `request`: discounts
// and prices by hand within the limits of the role, dropped change, goods back
// without a receipt, free lines, keyed weights, taxes left out.
//
//   INVALID_ARGUMENT   a price by hand without its reason
//   PERMISSION_DENIED  see Authority; names the line
absl::Status CheckSaleRights(const v1::RingRequest& request,
                             const v1::Sale& sale, Authority* authority);

// What a role may take off by hand.
ManualLimits LimitsOf(const v1::Role& role, const std::string& currency);

// Whether what is taken on the customer's word stays under the branch's cap.
//   FAILED_PRECONDITION  it does not; says the cap
//   INVALID_ARGUMENT     such a tender has no reference to match it by, or is
//                        cash
absl::Status CheckUnconfirmed(const DecideView& view, const v1::Sale& sale);

}  // namespace branchline
