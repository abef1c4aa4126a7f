// UUIDs (RFC 9562), version 7: the ids of commands and events. Stored as 16 raw
// bytes, shown as 36 characters. Those made later sort later, to the
// millisecond, which keeps an index on them dense.

#pragma once

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

inline constexpr size_t kUuidSize = 16;        // raw bytes
inline constexpr size_t kUuidTextSize = 36;    // characters
inline constexpr size_t kUuidRandomSize = 10;  // bytes NewUuidV7() wants

// A version 7 UUID, kUuidSize raw bytes, of the time `now` and 74 of the bits
// of `random`, which is exactly kUuidRandomSize bytes. Pure: the same arguments
// give the same id. A time before 1970 or after the year 10889 counts as the
// nearest one that fits the 48 bits.
std::string NewUuidV7(absl::Time now, absl::string_view random);

// `uuid` as "01890a5d-ac96-774b-bcce-b302099a8057", in lower case.
//
//   INVALID_ARGUMENT  not kUuidSize bytes
absl::StatusOr<std::string> FormatUuid(absl::string_view uuid);

// The kUuidSize raw bytes of the text form, upper or lower case, any version.
//
//   INVALID_ARGUMENT  not kUuidTextSize characters, a dash that is missing, or
//                     a character that is not a hex digit
absl::StatusOr<std::string> ParseUuid(absl::string_view text);

}  // namespace branchline
