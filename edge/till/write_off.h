#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/commit/posting_builder.h"
#include "edge/people/authority.h"

namespace branchline {

// A payment that was taken unconfirmed stands in the account of its code until
// it ends: found on a bill, it moves to its wallet's; voided, it goes back;
// never found, it is written off, as a loss. A bill that shows it after all
// takes it out of the loss again.

// Gives up one payment. Wants the right `write-off`. Pure.
//
//   INVALID_ARGUMENT     no reason, or too long a one
//   NOT_FOUND            the receipt has no such payment, or it was confirmed
//                        from the start
//   FAILED_PRECONDITION  it has ended already; says how
//   PERMISSION_DENIED    see Authority
absl::Status DecideWriteOff(const DecideView& view,
                            const v1::WriteOffTenderRequest& request,
                            Authority* authority, v1::Event* event);

// Whether it was given up, and no bill has shown it since.
absl::StatusOr<bool> IsWrittenOff(const DecideView& view,
                                  absl::string_view receipt_no,
                                  uint32_t tender);

// Such a payment, as it was taken; nothing: it was not given up, or was found.
absl::StatusOr<std::optional<v1::UnconfirmedTender>> FindLoss(
    const DecideView& view, absl::string_view receipt_no, uint32_t tender);

// The goods of a payment that was given up came back, all or some: as nothing
// was paid for them nothing is given back, and the loss is less by as much. The
// code's account has given the amount already.
void PostLossEnds(const v1::UnconfirmedTender& tender, int64_t amount_minor,
                  PostingBuilder* postings);

// Moves the money of a payment that was found: out of the loss if it had been
// written off, else out of its code's account.
void PostFound(const v1::UnconfirmedTender& tender, bool was_written_off,
               PostingBuilder* postings);

// A match or a write-off that a lost box had made is taken in, and may meet the
// same payment ended otherwise since: its postings are made anew for where the
// money stands now, so that no account pays twice. Pure.
absl::Status RepostEnded(const DecideView& view, const v1::Event& original,
                         v1::Event* event);

}  // namespace branchline
