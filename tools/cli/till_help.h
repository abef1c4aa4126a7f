#pragma once

#include "absl/strings/string_view.h"
#include "tools/cli/till_words.h"

namespace branchline::cli {

// What a command of the till console does, in one line. Empty: there is none
// of that name.
absl::string_view HelpOf(absl::string_view command, Language language);

}  // namespace branchline::cli
