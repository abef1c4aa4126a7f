#pragma once

#include "absl/strings/string_view.h"

namespace branchline::cli {

enum class Language { kEnglish, kSimplified, kTraditional };

// "en", "zh-CN", "zh-TW"; false: none of them.
bool LanguageOf(absl::string_view name, Language* language);

absl::string_view NameOf(Language language);

// What a cashier reads, by its key, which is the English: "total", "change".
// A key that is in no table is given back as it is.
absl::string_view Word(absl::string_view key, Language language);

}  // namespace branchline::cli
