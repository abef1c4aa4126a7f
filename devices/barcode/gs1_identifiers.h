#pragma once

#include <cstddef>

#include "absl/strings/string_view.h"

namespace branchline {

// What GS1's syntax dictionary (github.com/gs1/gs1-syntax-dictionary,
// Apache-2.0) says of one application identifier or a family of them.
struct Gs1Identifier {
  absl::string_view prefix;  // of the identifier; digits follow up to ai_size
  size_t ai_size = 2;
  size_t size_min = 0;  // characters of the value
  size_t size_max = 0;
  bool is_numeric = false;
  bool is_fixed = false;  // nothing need stand behind it
  bool has_check_digit = false;
  bool is_date = false;
};

// The identifier that `bytes` begins with, or nullptr.
const Gs1Identifier* Gs1IdentifierAtFront(absl::string_view bytes);

// `ai` itself, or nullptr.
const Gs1Identifier* FindGs1Identifier(absl::string_view ai);

}  // namespace branchline
