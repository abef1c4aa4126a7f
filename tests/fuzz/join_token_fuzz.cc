// Property: a text that ParseJoinToken() accepts is exactly what
// FormatJoinToken() writes for what was read, and that reads as the same token
// again. And a message about a text that is refused stays short, so that no
// secret can be in it by accident.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "sync/identity/branch_code.h"
#include "sync/identity/join_token.h"

namespace branchline {
namespace {

void CheckText(absl::string_view text) {
  const auto token = ParseJoinToken(text);
  if (!token.ok()) {
    const bool documented = absl::IsInvalidArgument(token.status()) ||
                            absl::IsFailedPrecondition(token.status());
    BL_CHECK(documented, "an error that is not in the contract");
    BL_CHECK(token.status().message().size() < 300, "a message with input");
    return;
  }
  BL_CHECK(ValidateBranchCode(token->branch).ok(), "an illegal branch");
  const std::string again = FormatJoinToken(*token);
  BL_CHECK(again == text, "two texts for one token");
  const auto reread = ParseJoinToken(again);
  BL_CHECK(reread.ok(), "its own text is refused");
  BL_CHECK(*reread == *token, "its own text is another token");
}

}  // namespace
}  // namespace branchline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view input(reinterpret_cast<const char*>(data), size);
  branchline::CheckText(input);
  // The fuzzer seldom finds 64 hex digits and 32 of base32 by itself: use the
  // input as a branch code in a token that is otherwise right.
  const std::string around =
      "BL1.ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad." +
      std::string(input.data(), input.size()) +
      ".abcdefghijklmnopqrstuvwxyz234567";
  branchline::CheckText(around);
  return 0;
}
