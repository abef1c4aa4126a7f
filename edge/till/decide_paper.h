#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "branchline/v1/till_devices.pb.h"
#include "edge/commit/command.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

// Paper that somebody asks for beside what the journal gives out by itself.
// What is asked for is journalled before it is handed to a printer.

inline constexpr uint32_t kLabelsMax =
    20;  // of one request: one slip with cuts

// A copy of a receipt or Z of this branch; in training, of a receipt of
// training. While no day is open it stands on no X and Z. Pure.
//
//   NOT_FOUND          no such receipt or Z
//   PERMISSION_DENIED  a receipt wants the right `sell`, a Z `shift` or
//                      `see-expected`
absl::Status DecideReprint(const DecideView& view,
                           const v1::ReprintReceiptRequest& request,
                           Authority* authority, v1::Event* event);

// Labels that sell one piece of an item at a lower price; `found` is what
// stands on them. Wants the right to key such a price. Pure.
//
//   the status of `found`, where there is nothing to print
//   NOT_FOUND            no such item, or it has no price
//   INVALID_ARGUMENT     the price is not below the one in force; the count or
//                        the reason is out of its limits
//   FAILED_PRECONDITION  a kind of item that has no price of its own, or that
//                        is sold by weight
absl::Status DecideLabels(const DecideView& view,
                          const v1::PrintLabelsRequest& request,
                          const LabelFound& found, absl::Time at,
                          Authority* authority, v1::Event* event);

}  // namespace branchline
