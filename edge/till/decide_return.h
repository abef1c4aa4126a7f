#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

// Takes goods back against a receipt of this branch: never more than was sold
// less what came back, at the exact figures of the receipt, its taxes too. The
// money goes back to the receipt's own tenders, cards first, each up to what it
// paid; what they cannot take, and what is asked for otherwise, is paid by the
// tender that is named. Cash is rounded as the sale's was. Pure.
//
//   NOT_FOUND            no such receipt in this branch
//   INVALID_ARGUMENT     a line that the receipt does not have
//   FAILED_PRECONDITION  more than is left to return; see PostingDate() and
//                        CheckShift()
//   PERMISSION_DENIED    see Authority
absl::Status DecideReturn(const DecideView& view, absl::string_view till,
                          const v1::ReturnGoodsRequest& request,
                          Authority* authority, v1::Event* event);

}  // namespace branchline
