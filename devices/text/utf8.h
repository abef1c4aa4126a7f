#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace branchline {

// Code points of `utf8`, composed (NFC) so that a letter and its accent are
// one. A byte that is not UTF-8 becomes U+FFFD, so nothing is lost silently.
std::u32string CodePoints(absl::string_view utf8);

void AppendUtf8(std::string* out, char32_t character);

// Columns that `character` takes in a fixed-width font: 2 for East Asian wide
// and full-width ones and emoji, 0 for marks that combine and for characters
// that only steer, 1 for all others.
int ColumnsOf(char32_t character);

// `character` without its accent: 'e' of an e acute. Itself if it has none.
char32_t BaseLetter(char32_t character);

}  // namespace branchline
