// The short code by which a chain knows a branch, as in "S014".

#pragma once

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace branchline {

inline constexpr size_t kBranchCodeSizeMax = 16;  // characters

// OK if `code` may name a branch. Otherwise INVALID_ARGUMENT for the first rule
// it breaks, in this order:
//
//   1. it has 1 to kBranchCodeSizeMax characters
//   2. all of them are A-Z, 0-9 or -
//   3. it does not start with -
//
// So a code is safe in a host name, a file name, a URI and a join token.
absl::Status ValidateBranchCode(absl::string_view code);

}  // namespace branchline
