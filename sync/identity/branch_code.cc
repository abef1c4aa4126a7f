#include "sync/identity/branch_code.h"

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace branchline {

absl::Status ValidateBranchCode(absl::string_view code) {
  if (code.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("branch code is empty, want 1 to ", kBranchCodeSizeMax,
                     " characters of A-Z, 0-9 and -"));
  }
  if (code.size() > kBranchCodeSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("branch code has ", code.size(),
                     " characters, want at most ", kBranchCodeSizeMax));
  }
  for (const char c : code) {
    if (absl::ascii_isupper(c) || absl::ascii_isdigit(c) || c == '-') continue;
    return absl::InvalidArgumentError(
        absl::StrCat("branch code \"", absl::CHexEscape(code), "\" has '",
                     absl::CHexEscape(absl::string_view(&c, 1)),
                     "', want only A-Z (upper case), 0-9 and -"));
  }
  if (code[0] == '-') {
    return absl::InvalidArgumentError(
        absl::StrCat("branch code \"", code,
                     "\" starts with '-', want a letter or digit first"));
  }
  return absl::OkStatus();
}

}  // namespace branchline
