// Bytes as text that survives being read out, typed and double-clicked: RFC
// 4648 base32, in lower case, without padding.

#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace branchline {

// Eight characters of [a-z2-7] for five bytes; a rest is filled with zero bits.
std::string Base32Encode(absl::string_view bytes);

// True if `text` has characters of the alphabet above only.
bool IsBase32(absl::string_view text);

}  // namespace branchline
