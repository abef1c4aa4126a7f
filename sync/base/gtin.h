#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

// The GTIN of a code as scanned or typed, in its one form of 14 digits, so that
// EAN-8, UPC-A, EAN-13 and ITF-14 of one item are equal. Takes 8, 12, 13 or 14
// digits. (GS1 General Specifications, 3.3.2 and 7.9.)
//
//   INVALID_ARGUMENT  another length, other characters than digits, a check
//                     digit that is wrong, or nothing but zeros
absl::StatusOr<std::string> NormaliseGtin(absl::string_view code);

// The UPC-A (12 digits) that a UPC-E of 6 digits, 7 (with its number system) or
// 8 (with its check digit too) stands for. (GS1 General Specifications,
// 5.2.2.4.)
//
//   INVALID_ARGUMENT  another length, a number system other than 0 or 1, or a
//                     check digit that is wrong
absl::StatusOr<std::string> ExpandUpcE(absl::string_view code);

}  // namespace branchline
