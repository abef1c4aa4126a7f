#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "devices/printer/receipt_document.h"
#include "edge/receipt/paper.h"

namespace branchline {

// A reduced-to-clear label as the drawing list of a printer with `columns` of
// its normal font: what it is, what it was, what it is now, and the bars that a
// till reads, EAN-13 of 13 digits, CODE128 of 18; on narrow paper, where those
// do not fit, a QR code. As often as `label` says, each with a cut. Pure.
//   INVALID_ARGUMENT  of no known currency
absl::StatusOr<ReceiptDocument> LayOutLabel(const v1::LabelsPrinted& label,
                                            const std::string& name,
                                            absl::string_view language,
                                            int columns);

// The same for a printer that is not known yet.
absl::StatusOr<DrawnPaper> LabelPaper(const v1::LabelsPrinted& label,
                                      const std::string& name,
                                      const std::string& language);

}  // namespace branchline
