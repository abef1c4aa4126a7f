#pragma once

#include "absl/status/status.h"
#include "branchline/v1/event.pb.h"
#include "sync/ledger/cell.h"

namespace branchline {

// Fills the tenders and the cash rounding of `back`, whose total is set. With
// `asked` unspecified each tender of `sale` gets back at most what it paid less
// what `returned` (the receipt's cell of returns) says it got; what is left,
// as of a receipt that went both ways, is paid in cash. With `asked` all of it
// is paid so.
//
//   INVALID_ARGUMENT  a tender that is not known here
//   OUT_OF_RANGE      an amount does not fit
absl::Status Refund(const v1::Sale& sale, const Cell& returned,
                    v1::TenderKind asked, v1::Return* back);

}  // namespace branchline
