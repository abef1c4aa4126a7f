#pragma once

#include "absl/status/status.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

// Stock in or out without a customer. Pure.
//
//   INVALID_ARGUMENT     no lines, quantity 0, a reason we do not know, money
//                        without a currency
//   NOT_FOUND            no such SKU
//   OUT_OF_RANGE         a quantity or amount that does not fit
//   FAILED_PRECONDITION  see PostingDate()
absl::Status DecideStockChange(const DecideView& view,
                               const v1::ChangeStockRequest& request,
                               v1::Event* event);

}  // namespace branchline
