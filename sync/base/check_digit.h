#pragma once

#include "absl/strings/string_view.h"

namespace branchline {

// The GS1 check digit of `digits`, which come without it: weights 3 and 1 from
// the right, the remainder to the next ten. GTIN-8 to -14, SSCC, GLN.
// (GS1 General Specifications, 7.9.) `digits` are 0-9 only.
char Gs1CheckDigit(absl::string_view digits);

// Whether `text` has 0-9 only and is not empty.
bool AllDigits(absl::string_view text);

// Whether the last of `digits` is the check digit of those before it.
bool HasGs1CheckDigit(absl::string_view digits);

}  // namespace branchline
