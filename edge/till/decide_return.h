#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

// Takes goods back against a receipt of this branch: never more than was sold
// less what came back, at the exact figures of the receipt. Pure.
//
//   NOT_FOUND            no such receipt in this branch
//   INVALID_ARGUMENT     a line that the receipt does not have
//   FAILED_PRECONDITION  more than is left to return; see PostingDate()
absl::Status DecideReturn(const DecideView& view, absl::string_view till,
                          const v1::ReturnGoodsRequest& request,
                          v1::Event* event);

}  // namespace branchline
