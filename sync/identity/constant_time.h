// Comparing secrets without telling by the time it takes how much was right.

#pragma once

#include "absl/strings/string_view.h"

namespace branchline {

// True if `a` and `b` are the same bytes. The time depends on their sizes only.
bool ConstantTimeEqual(absl::string_view a, absl::string_view b);

}  // namespace branchline
