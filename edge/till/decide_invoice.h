#pragma once

#include "absl/status/status.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

inline constexpr size_t kBuyerTaxNumberSizeMax = 32;  // bytes

// The one invoice of a receipt, over what of it has not come back. Pure.
//   INVALID_ARGUMENT     the code is not the receipt's; a text is too long
//   NOT_FOUND            no such sale of this branch
//   FAILED_PRECONDITION  it has an invoice already, or all of it came back
absl::Status DecideInvoice(const DecideView& view,
                           const v1::RequestInvoiceRequest& request,
                           Authority* authority, v1::Event* event);

}  // namespace branchline
