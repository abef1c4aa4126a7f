#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/device.pb.h"
#include "branchline/v1/till.pb.h"
#include "devices/printer/receipt_document.h"

namespace branchline {

// What stands on a report beside its figures.
struct SlipContext {
  absl::string_view branch_name;
  absl::TimeZone time_zone;
  const v1::ReceiptText&
      text;  // the legal entity, the tax number, the language
  absl::Time printed_at;
  bool is_copy = false;
};

// An X, a Z, or a Z with its settlement, as a printer's drawing list for
// any width: the same figures as the journal has, nothing added up. A blind
// report shows none of what tells the cash. Ends with a cut. Pure.
//   INVALID_ARGUMENT  it is of no known currency
absl::StatusOr<ReceiptDocument> LayOutShift(const v1::ShiftReport& report,
                                            const SlipContext& context);

// A later count of a Z (`settled`), alone: the Z itself never changes. `shift`
// has the till and the day of the count.
absl::StatusOr<ReceiptDocument> LayOutSettlement(const v1::ShiftReport& report,
                                                 const SlipContext& context);

}  // namespace branchline
