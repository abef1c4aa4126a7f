#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

// Opening and closing the business day. Pure; each fills the event's body and
// business date. Shifts that are open are closed with the day, uncounted: a
// dead till stops nobody.
//
//   INVALID_ARGUMENT     no day of the calendar
//   FAILED_PRECONDITION  another day is open, this one is sealed, or none is
//                        open
//   PERMISSION_DENIED    see Authority
absl::Status DecideOpenDay(const DecideView& view,
                           const v1::OpenDayRequest& request,
                           absl::Time wall_now, Authority* authority,
                           v1::Event* event);
absl::Status DecideCloseDay(const DecideView& view,
                            const v1::CloseDayRequest& request,
                            Authority* authority, v1::Event* event);

// The date a document is posted to: the open day. `wanted` 0 takes it as it is.
//   FAILED_PRECONDITION  no day is open, or `wanted` is sealed or not the open
absl::StatusOr<Date> PostingDate(const DecideView& view, Date wanted);

}  // namespace branchline
