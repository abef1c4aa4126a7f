// What a signature or a stored hash is for, as the first of the bytes that are
// signed or hashed, so that one made for one purpose is worth nothing for
// another.

#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace branchline {

// The bytes `branchline/1 ` + `purpose` + NUL + `message`. No two pairs of
// purpose and message give the same bytes.
//
// A purpose is a constant of our code, like "checkpoint": at least one of
// [a-z0-9-], never input. Anything else ends the process.
std::string WithPurpose(absl::string_view purpose, absl::string_view message);

}  // namespace branchline
