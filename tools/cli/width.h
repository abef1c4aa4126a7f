#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace branchline::cli {

// Columns that `text` takes on a terminal: two for East Asian wide characters
// and emoji, none for combining marks and control characters, one for each byte
// that is not UTF-8.
size_t DisplayWidth(absl::string_view text);

// `text`, or as much of its start as fits into `width` columns with an
// ellipsis.
std::string Shorten(absl::string_view text, size_t width);

// `text` in lines of at most `width` columns, broken at spaces. Line ends that
// it has are kept; a word that is wider stands alone.
std::string Wrap(absl::string_view text, size_t width);

}  // namespace branchline::cli
