#include "edge/people/authority.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/roles.h"

namespace branchline {
namespace {

absl::Status CheckReason(absl::string_view reason) {
  if (!reason.empty() && reason.size() <= kApprovalReasonSizeMax) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError(
      absl::StrCat("an approval's reason has ", reason.size(),
                   " bytes, want 1 to ", kApprovalReasonSizeMax));
}

// "5 minutes", "40 seconds": never less than it is.
std::string PatienceText(absl::Duration left) {
  const int64_t seconds =
      absl::ToInt64Seconds(absl::Ceil(left, absl::Seconds(1)));
  const bool in_minutes = seconds >= 60;
  const int64_t count = in_minutes ? (seconds + 59) / 60 : seconds;
  return absl::StrCat(count, in_minutes ? " minute" : " second",
                      count == 1 ? "" : "s");
}

// The role of somebody who works here; nullptr if he has none.
absl::StatusOr<const v1::Role*> RoleHere(const DecideView& view,
                                         absl::string_view id) {
  BL_ASSIGN_OR_RETURN(const v1::Staff* staff, view.FindStaff(id));
  if (staff == nullptr || !WorksIn(*staff, view.branch())) {
    return absl::PermissionDeniedError(absl::StrCat(
        "staff ", id.substr(0, 64), " does not work in ", view.branch()));
  }
  return view.FindRole(staff->role());
}

}  // namespace

bool WorksIn(const v1::Staff& staff, absl::string_view branch) {
  if (staff.left()) return false;
  return staff.branches().empty() ||
         std::find(staff.branches().begin(), staff.branches().end(), branch) !=
             staff.branches().end();
}

absl::Status CheckNotLocked(const v1::PinState& pin, absl::string_view staff,
                            absl::Time now) {
  const absl::Time until = absl::FromUnixMicros(pin.locked_until_unix_micros());
  if (now >= until) return absl::OkStatus();
  return absl::PermissionDeniedError(absl::StrCat(
      "staff ", staff, " is locked for another ", PatienceText(until - now),
      " after ", pin.failures(), " wrong PINs"));
}

absl::StatusOr<Authority> Authority::Of(const DecideView& view,
                                        absl::string_view till,
                                        const v1::CommandHeader& header,
                                        absl::string_view approver,
                                        absl::Time wall_now, v1::Event* event) {
  Authority authority;
  authority.event_ = event;
  BL_ASSIGN_OR_RETURN(const v1::TillPolicy* policy, view.Policy());
  if (!policy->sign_on_required()) return authority;
  authority.checked_ = true;
  BL_ASSIGN_OR_RETURN(authority.staff_, view.SignedOn(till));
  if (authority.staff_.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "nobody is signed on to till ", till, ": sign on with your PIN first"));
  }
  if (!header.staff().empty() && header.staff() != authority.staff_) {
    return absl::PermissionDeniedError(absl::StrCat(
        "the request is of staff ", header.staff(), ", and ", authority.staff_,
        " is signed on to till ", till, ": sign on first"));
  }
  event->set_staff(authority.staff_);
  BL_ASSIGN_OR_RETURN(authority.role_, RoleHere(view, authority.staff_));
  if (approver.empty()) return authority;
  if (approver == authority.staff_) {
    return absl::PermissionDeniedError(absl::StrCat(
        "staff ", approver, " is signed on here: nobody approves for himself"));
  }
  BL_RETURN_IF_ERROR(CheckReason(header.approval().reason()));
  BL_ASSIGN_OR_RETURN(const v1::PinState pin, view.PinOf(approver));
  BL_RETURN_IF_ERROR(CheckNotLocked(pin, approver, wall_now));
  BL_ASSIGN_OR_RETURN(authority.approver_, RoleHere(view, approver));
  authority.approval_.set_staff(std::string(approver));
  authority.approval_.set_reason(header.approval().reason());
  return authority;
}

bool Authority::May(v1::Right right) const {
  return !checked_ || (role_ != nullptr && HasRight(*role_, right));
}

absl::Status Authority::Need(v1::Right right, absl::string_view what) {
  return Need(right, what,
              [](const v1::Role&) -> absl::Status { return absl::OkStatus(); });
}

absl::Status Authority::Need(
    v1::Right right, absl::string_view what,
    absl::FunctionRef<absl::Status(const v1::Role& role)> within) {
  if (!checked_) return absl::OkStatus();
  const auto allows = [&](const v1::Role* role) -> absl::Status {
    if (role == nullptr || !HasRight(*role, right)) {
      return absl::PermissionDeniedError(
          absl::StrCat("the role ", role == nullptr ? "-" : role->id(),
                       " has not the right '", RightName(right), "'"));
    }
    return within(*role);
  };
  const absl::Status own = allows(role_);
  if (own.ok()) return absl::OkStatus();
  const absl::string_view why = own.message();
  if (approver_ == nullptr) {
    return absl::PermissionDeniedError(
        absl::StrCat("staff ", staff_, " may not ", what, ": ", why,
                     "; somebody who may can approve it with his PIN"));
  }
  const absl::Status other = allows(approver_);
  if (!other.ok()) {
    return absl::PermissionDeniedError(absl::StrCat(
        "staff ", staff_, " may not ", what, ": ", why, "; nor may ",
        approval_.staff(), ", who approves it: ", other.message()));
  }
  const auto& known = approval_.rights();
  if (std::find(known.begin(), known.end(), right) == known.end()) {
    approval_.add_rights(right);
  }
  *event_->mutable_approval() = approval_;
  return absl::OkStatus();
}

}  // namespace branchline
