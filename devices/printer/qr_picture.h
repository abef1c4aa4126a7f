#pragma once

#include "absl/status/statusor.h"
#include "devices/printer/bitmap.h"
#include "devices/printer/receipt_document.h"

namespace branchline {

// `qr` drawn, with its quiet zone of four modules: for printers that cannot
// draw one themselves, and for the emulated one.
//
//   INVALID_ARGUMENT  the data is empty or does not fit the largest code
absl::StatusOr<Bitmap> QrPicture(const QrBlock& qr);

}  // namespace branchline
