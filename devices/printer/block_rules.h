#pragma once

#include <string>

#include "absl/status/status.h"
#include "devices/printer/receipt_document.h"

namespace branchline {

// What the blocks of a receipt may hold. Each returns INVALID_ARGUMENT with
// what was found and what is wanted.
absl::Status CheckText(const std::string& text);
absl::Status CheckStyle(const TextStyle& style);
absl::Status CheckBarcode(const BarcodeBlock& barcode);
absl::Status CheckQr(const QrBlock& qr);
absl::Status CheckImage(const ImageBlock& image, int paper_width_dots);
absl::Status CheckDrawer(const DrawerBlock& drawer);

}  // namespace branchline
