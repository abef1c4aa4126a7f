#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace branchline {

// The one form in which a code of an item is looked up, so that a carton's
// label, the web shop's list and the scanner agree: a GTIN of 8, 12, 13 or 14
// digits with a right check digit, or a UPC-E of 8, as 14 digits; everything
// else (PLU, in-store numbers, a chain's own texts) as it is. Eight digits may
// be a right EAN-8 and a right UPC-E at once: with a 0 in front they are the
// UPC-E, since EAN-8 of that kind are a shop's own. (GS1 General
// Specifications, 1.4 and 5.2.2.4.)
std::string NormalCode(absl::string_view code);

// Every form in which what was scanned or typed may be listed, the likeliest
// first: NormalCode(), then the UPC-E that 6 to 8 digits, or the EAN-8 that 8
// or 14 digits, may stand for.
std::vector<std::string> FormsOfScan(absl::string_view code);

}  // namespace branchline
