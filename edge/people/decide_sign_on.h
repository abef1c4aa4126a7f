#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

inline constexpr uint32_t kPinFailuresMax = 5;    // in a row, if no policy
inline constexpr uint32_t kPinLockSeconds = 300;  // if no policy says another

// Signs `request.staff` on to `till`, in place of whoever was; or, if the PIN
// was wrong, counts that, and locks after too many. `pin_right`: what checking
// it against its hash said. Pure.
//
//   PERMISSION_DENIED  nobody of that id works here, or he is locked: nothing
//                      is kept, whatever the PIN
absl::Status DecideSignOn(const DecideView& view, absl::string_view till,
                          const v1::SignOnRequest& request, bool pin_right,
                          absl::Time wall_now, v1::Event* event);

//   FAILED_PRECONDITION  nobody is signed on
absl::Status DecideSignOff(const DecideView& view, absl::string_view till,
                           v1::Event* event);

// A wrong PIN, of a sign-on or an approval: counted.
//   as DecideSignOn()
absl::Status DecideWrongPin(const DecideView& view, absl::string_view staff,
                            bool for_approval, absl::Time wall_now,
                            v1::Event* event);

}  // namespace branchline
