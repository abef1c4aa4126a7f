#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "edge/commit/command.h"

namespace branchline {

inline constexpr size_t kRequestHashSize = 16;  // bytes

// The id the client gave; empty for commands that need none (baskets).
absl::string_view CommandIdOf(const Command& command);

// What tells a repeated command from another one under the same id: the till,
// the method and everything in the request but last_seen.
std::string RequestHash(const Command& command);

// Null for commands without a header.
const v1::CommandHeader* HeaderOf(const Command& command);

}  // namespace branchline
