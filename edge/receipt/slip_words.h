#pragma once

#include "absl/strings/string_view.h"

namespace branchline {

// A word of an X or Z report or a label in `language` ("en", "zh-CN", "zh-TW";
// another: English). The English one is its key; an unknown key comes back as
// it is.
absl::string_view SlipWord(absl::string_view key, absl::string_view language);

// All keys, for a test that every language has every word.
absl::string_view SlipKey(size_t index);  // empty: there are no more

}  // namespace branchline
