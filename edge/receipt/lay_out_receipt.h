#pragma once

#include "devices/printer/receipt_document.h"
#include "edge/receipt/receipt_model.h"

namespace branchline {

inline constexpr int kReceiptColumnsMin = 24;

// The receipt as the drawing list of a printer with `columns` of its normal
// font: 32, 42 and 48 are usual. Ends with a cut. Pure.
ReceiptDocument LayOutReceipt(const ReceiptModel& receipt, int columns);

}  // namespace branchline
