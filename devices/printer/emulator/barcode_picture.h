#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "devices/printer/bitmap.h"

namespace branchline {

// The bars of a GS k bar code of kind `m` (65 to 73, form B): EAN-13, EAN-8,
// UPC-A and CODE128 (code set B) as a scanner would read them. Other kinds, and
// data that is wrong for its kind, are a hatched box of the same height.
Bitmap BarcodePicture(int m, absl::string_view data, int module_dots,
                      int height_dots);

// What stands below the bars: the data, with the check digit a printer adds.
std::string BarcodeText(int m, absl::string_view data);

}  // namespace branchline
