#include "sync/replication/refusal.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "sync/replication/position.h"

namespace branchline {

bool IsFinal(v1::RefusalCode code) {
  switch (code) {
    case v1::REFUSAL_CODE_GAP:
    case v1::REFUSAL_CODE_PROTOCOL:
    case v1::REFUSAL_CODE_BAD_RECORD:
    case v1::REFUSAL_CODE_TOO_NEW:
      return false;
    default:
      return true;
  }
}

std::string RefusalName(v1::RefusalCode code) {
  if (!v1::RefusalCode_IsValid(code)) {
    return absl::StrCat("code ", static_cast<int>(code));
  }
  const std::string& name = v1::RefusalCode_Name(code);
  return std::string(
      absl::StripPrefix(absl::string_view(name), "REFUSAL_CODE_"));
}

std::string RefusalText(const v1::Refused& refused) {
  return absl::StrCat(RefusalName(refused.code()), ": ", refused.message());
}

v1::Refused MakeRefused(v1::RefusalCode code, absl::string_view message) {
  v1::Refused refused;
  refused.set_code(code);
  refused.set_message(std::string(message));
  return refused;
}

v1::Refused MakeRefused(v1::RefusalCode code, absl::string_view message,
                        const Cursor& ours, const Cursor& theirs) {
  v1::Refused refused = MakeRefused(code, message);
  *refused.mutable_ours() = PositionOf(ours);
  *refused.mutable_theirs() = PositionOf(theirs);
  return refused;
}

}  // namespace branchline
