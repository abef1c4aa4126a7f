#include "sync/identity/uuid.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

constexpr int64_t kUnixMillisMax = (int64_t{1} << 48) - 1;

bool IsDashAt(size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

std::string NewUuidV7(absl::Time now, absl::string_view random) {
  BL_CHECK(random.size() == kUuidRandomSize, "a UUID takes 10 random bytes");
  const int64_t unix_millis =
      std::clamp<int64_t>(absl::ToUnixMillis(now), 0, kUnixMillisMax);
  std::string uuid;
  uuid.reserve(kUuidSize);
  for (int shift = 40; shift >= 0; shift -= 8) {
    uuid.push_back(static_cast<char>((unix_millis >> shift) & 0xff));
  }
  uuid.append(random.data(), random.size());
  uuid[6] = static_cast<char>((uuid[6] & 0x0f) | 0x70);  // version 7
  uuid[8] = static_cast<char>((uuid[8] & 0x3f) | 0x80);  // variant RFC 9562
  return uuid;
}

absl::StatusOr<std::string> FormatUuid(absl::string_view uuid) {
  if (uuid.size() != kUuidSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("UUID has ", uuid.size(), " bytes, want ", kUuidSize));
  }
  std::string text = Hex(uuid);
  for (const size_t i : {8, 13, 18, 23}) text.insert(i, 1, '-');
  return text;
}

absl::StatusOr<std::string> ParseUuid(absl::string_view text) {
  if (text.size() != kUuidTextSize) {
    return absl::InvalidArgumentError(absl::StrCat(
        "UUID text has ", text.size(), " characters, want ", kUuidTextSize));
  }
  std::string digits;
  digits.reserve(2 * kUuidSize);
  for (size_t i = 0; i < text.size(); ++i) {
    const absl::string_view found = text.substr(i, 1);
    if (IsDashAt(i)) {
      if (text[i] == '-') continue;
      return absl::InvalidArgumentError(
          absl::StrCat("UUID text has '", absl::CHexEscape(found),
                       "' at character ", i + 1, ", want '-'"));
    }
    if (!absl::ascii_isxdigit(text[i])) {
      return absl::InvalidArgumentError(
          absl::StrCat("UUID text has '", absl::CHexEscape(found),
                       "' at character ", i + 1, ", want a hex digit"));
    }
    digits.push_back(text[i]);
  }
  return absl::HexStringToBytes(digits);
}

}  // namespace branchline
