#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

inline constexpr size_t kCashReasonSizeMax = 32;  // bytes
inline constexpr size_t kCashNoteSizeMax = 200;   // bytes

// One move of cash: float, safe drop, paid in or out, the drawer opened for no
// sale, a deposit sent to the bank or confirmed by it. What the drawer or safe
// is thought to hold bounds nothing: the move happened. Pure.
//
//   INVALID_ARGUMENT     kind, amount, reason, note or reference
//   NOT_FOUND            no deposit of that reference is on its way
//   FAILED_PRECONDITION  no day or shift is open; the deposit is on its way
//                        already
//   PERMISSION_DENIED    see Authority
absl::Status DecideMoveCash(const DecideView& view, absl::string_view till,
                            const v1::MoveCashRequest& request,
                            Authority* authority, v1::Event* event);

// Counts the drawer, the safe, or again what the till's last Z left; the
// difference goes to over and short. A Z is not changed by it: the count prints
// a slip of its own. Pure.
//
//   INVALID_ARGUMENT     nothing is counted; see CheckedCashes()
//   NOT_FOUND            the till has made no Z
//   FAILED_PRECONDITION  no day is open; the drawer was counted since that Z
//   PERMISSION_DENIED    see Authority
absl::Status DecideCountCash(const DecideView& view, absl::string_view till,
                             const v1::CountCashRequest& request,
                             Authority* authority, v1::Event* event);

}  // namespace branchline
