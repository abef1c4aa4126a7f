#include "edge/people/decide_sign_on.h"

#include "absl/strings/str_cat.h"
#include "edge/people/authority.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// The same words for a stranger and for a wrong PIN: ids are not to be guessed.
absl::Status CheckWorksHere(const DecideView& view, absl::string_view id) {
  BL_ASSIGN_OR_RETURN(const v1::Staff* staff, view.FindStaff(id));
  if (staff != nullptr && WorksIn(*staff, view.branch())) {
    return absl::OkStatus();
  }
  return absl::PermissionDeniedError("the staff number or the PIN is wrong");
}

}  // namespace

absl::Status DecideWrongPin(const DecideView& view, absl::string_view staff,
                            bool for_approval, absl::Time wall_now,
                            v1::Event* event) {
  BL_RETURN_IF_ERROR(CheckWorksHere(view, staff));
  BL_ASSIGN_OR_RETURN(const v1::PinState pin, view.PinOf(staff));
  BL_RETURN_IF_ERROR(CheckNotLocked(pin, staff, wall_now));
  BL_ASSIGN_OR_RETURN(const v1::TillPolicy* policy, view.Policy());
  const uint32_t failures_max = policy->pin_failures_max() == 0
                                    ? kPinFailuresMax
                                    : policy->pin_failures_max();
  const uint32_t lock_seconds = policy->pin_lock_seconds() == 0
                                    ? kPinLockSeconds
                                    : policy->pin_lock_seconds();
  event->set_business_date(view.open_date());
  v1::SignOnRefused* refused = event->mutable_sign_on_refused();
  refused->set_staff(std::string(staff));
  refused->set_for_approval(for_approval);
  refused->set_failures(pin.failures() + 1);
  if (refused->failures() % failures_max == 0) {
    refused->set_locked_until_unix_micros(
        absl::ToUnixMicros(wall_now + absl::Seconds(lock_seconds)));
  }
  return absl::OkStatus();
}

absl::Status DecideSignOn(const DecideView& view, absl::string_view till,
                          const v1::SignOnRequest& request, bool pin_right,
                          absl::Time wall_now, v1::Event* event) {
  if (till.empty()) {
    return absl::InvalidArgumentError("only a till can be signed on to");
  }
  if (!pin_right) {
    return DecideWrongPin(view, request.staff(), /*for_approval=*/false,
                          wall_now, event);
  }
  BL_RETURN_IF_ERROR(CheckWorksHere(view, request.staff()));
  BL_ASSIGN_OR_RETURN(const v1::PinState pin, view.PinOf(request.staff()));
  BL_RETURN_IF_ERROR(CheckNotLocked(pin, request.staff(), wall_now));
  event->set_business_date(view.open_date());
  event->set_staff(request.staff());
  event->mutable_signed_on();
  return absl::OkStatus();
}

absl::Status DecideSignOff(const DecideView& view, absl::string_view till,
                           v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const std::string staff, view.SignedOn(till));
  if (staff.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("nobody is signed on to till ", till));
  }
  event->set_business_date(view.open_date());
  event->set_staff(staff);
  event->mutable_signed_off();
  return absl::OkStatus();
}

}  // namespace branchline
