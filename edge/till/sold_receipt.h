#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "sync/ledger/cell.h"

namespace branchline {

// A receipt that goods come back from: this branch's own, or another's that its
// signed code proves.
struct SoldReceipt {
  v1::Sale sale;
  std::string away_branch;  // empty: of this branch
  std::string evidence;     // a SignedReceipt, of another's
};

//   INVALID_ARGUMENT     number and code, or neither; the code is misread
//   NOT_FOUND            no such sale of this branch
//   FAILED_PRECONDITION  it voids another; the branch that sold is not known
//                        here, is fenced, or its key is not in the list
//   UNAUTHENTICATED      the code was not made by the branch it names
absl::StatusOr<SoldReceipt> FindSold(const DecideView& view,
                                     const v1::ReturnGoodsRequest& request);

// Whether `back` may be paid out for a receipt of another branch: in cash, and
// with what this branch paid for that receipt before within the policy's cap.
// `returned` is what came back here before.
//   INVALID_ARGUMENT     another tender than cash is asked for
//   FAILED_PRECONDITION  above the cap; says how much is left of it
absl::Status PayAway(const DecideView& view, const v1::Sale& sale,
                     const Cell& returned, v1::TenderKind asked,
                     v1::Return* back);

// The receipt in `code`, checked as FindSold() does.
absl::StatusOr<v1::ReceiptEvidence> CheckedEvidence(
    const DecideView& view, const v1::SignedReceipt& receipt);

}  // namespace branchline
