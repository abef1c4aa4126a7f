#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

// Opens the till's shift, with floats out of the safe. Pure.
//
//   INVALID_ARGUMENT     a float; see CheckedCash()
//   FAILED_PRECONDITION  it is open already; or no day is, see PostingDate()
//   PERMISSION_DENIED    see Authority
absl::Status DecideOpenShift(const DecideView& view, absl::string_view till,
                             const v1::OpenShiftRequest& request,
                             Authority* authority, v1::Event* event);

// Counts the drawer and makes the Z. What was counted beside what was expected
// goes to over and short, what does not stay in the drawer to the safe. Without
// counts the cash stays in the till's account, uncounted: nothing blocks a
// close. Pure.
//
//   INVALID_ARGUMENT     a count; cash of another currency is in the drawer and
//                        not counted; more stays than was counted
//   FAILED_PRECONDITION  no shift is open
//   PERMISSION_DENIED    see Authority
absl::Status DecideCloseShift(const DecideView& view, absl::string_view till,
                              const v1::CloseShiftRequest& request,
                              Authority* authority, v1::Event* event);

// FAILED_PRECONDITION if the branch wants an open shift and `till` has none.
absl::Status CheckShift(const DecideView& view, absl::string_view till);

}  // namespace branchline
