#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace branchline {

// `text` as a JSON string with its quotes, in UTF-8. Bytes that are not UTF-8
// come out as U+FFFD: a file of JSON lines stays readable whatever is in it.
std::string JsonString(absl::string_view text);

}  // namespace branchline
