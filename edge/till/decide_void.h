#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

// Undoes a sale of the till's open shift by a receipt that reverses each line,
// tender, tax and rounding, under a number of its own. After the shift it is a
// return. Pure.
//
//   NOT_FOUND            no such sale in this branch
//   INVALID_ARGUMENT     no reason
//   FAILED_PRECONDITION  no shift is open; the sale is of another till or
//                        shift, or something of it came back already
//   PERMISSION_DENIED    see Authority
absl::Status DecideVoidReceipt(const DecideView& view, absl::string_view till,
                               const v1::VoidReceiptRequest& request,
                               Authority* authority, v1::Event* event);

// Records a basket that was given up, saved here or as the till has it. Takes
// no receipt number and posts nothing. Pure.
//
//   NOT_FOUND            no such basket
//   INVALID_ARGUMENT     no lines, or too many; a text is too long
//   FAILED_PRECONDITION  no day is open
//   PERMISSION_DENIED    see Authority
absl::Status DecideCancelBasket(const DecideView& view, absl::string_view till,
                                const v1::CancelBasketRequest& request,
                                Authority* authority, v1::Event* event);

}  // namespace branchline
