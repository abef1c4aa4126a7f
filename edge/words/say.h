#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace branchline {

// The language of "en", "zh-CN" and "zh-TW" that an Accept-Language header asks
// for: the first of the greatest weight. Empty: it names none of them.
//   "zh-HK, en;q=0.5" -> "zh-TW"
absl::string_view LanguageWanted(absl::string_view accept_language);

// What the daemon says in English, as a cashier reads it. What stands in no
// table of sentence.h stays English, whole or in part: nothing is lost. Any
// other language than zh-CN and zh-TW reads English.
std::string SayIn(absl::string_view english, absl::string_view language);

}  // namespace branchline
