#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

inline constexpr size_t kApprovalReasonSizeMax = 200;  // bytes
inline constexpr size_t kActReasonSizeMax = 64;  // bytes: of a return, a void

// What the person at the till may do in one decision, and what another one has
// approved. Where the branch's tills need no sign-on, everything is allowed.
// Lives as long as the view and the event.
class Authority {
 public:
  // Who acts: whoever is signed on to `till`. `approver` has given his PIN, and
  // it was right; empty: nobody has. Sets the event's staff.
  //
  //   FAILED_PRECONDITION  nobody is signed on, and somebody must be
  //   PERMISSION_DENIED    the header names another than is signed on; the
  //                        approver approves for himself, does not work here,
  //                        or is locked; there is no reason
  static absl::StatusOr<Authority> Of(const DecideView& view,
                                      absl::string_view till,
                                      const v1::CommandHeader& header,
                                      absl::string_view approver,
                                      absl::Time wall_now, v1::Event* event);

  // Asks for `right`, within limits if `within` is given: of who acts, else of
  // the approver, which the event then records. `what` completes "may not".
  //   PERMISSION_DENIED  neither may
  absl::Status Need(v1::Right right, absl::string_view what);
  absl::Status Need(
      v1::Right right, absl::string_view what,
      absl::FunctionRef<absl::Status(const v1::Role& role)> within);

  // Whether rights are asked for at all here.
  bool checked() const { return checked_; }

  // Whether who acts may by himself.
  bool May(v1::Right right) const;

 private:
  Authority() = default;

  bool checked_ = false;
  std::string staff_;
  const v1::Role* role_ = nullptr;      // nullptr: no role, no right
  const v1::Role* approver_ = nullptr;  // nullptr: nobody approves
  v1::Approval approval_;
  v1::Event* event_ = nullptr;
};

// Whether somebody works in `branch` now.
bool WorksIn(const v1::Staff& staff, absl::string_view branch);

// The PERMISSION_DENIED of a person who may not be let in for now, or OK.
absl::Status CheckNotLocked(const v1::PinState& pin, absl::string_view staff,
                            absl::Time now);

}  // namespace branchline
