#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace branchline {

// Text as it is compared in a search, in UTF-8: letters without accents and
// case (NFKC, case-folded), traditional characters as simplified ones, words
// apart by one space; everything that is no letter or digit is a space. Bytes
// that are no UTF-8 are left out. Thread-safe. The first call takes a moment:
// it reads ICU's tables of characters.
std::string FoldForSearch(absl::string_view utf8);

// The pinyin initials of `folded`, which FoldForSearch() made: "可口可乐 330"
// is "kkkl 330". A character with several readings has its usual one. Words
// without Chinese characters stay as they are; empty if none has any.
std::string PinyinInitials(absl::string_view folded);

}  // namespace branchline
