#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace branchline {

// Big-endian, so that keys sort as their numbers do.
void AppendU64(std::string* out, uint64_t value);
void AppendU32(std::string* out, uint32_t value);

// `bytes` must be exactly 8 (4) long.
uint64_t U64FromBytes(absl::string_view bytes);
uint32_t U32FromBytes(absl::string_view bytes);

// Lower-case hex of `bytes`.
std::string Hex(absl::string_view bytes);

// The first eight hex digits and an ellipsis: enough for a person to compare.
std::string ShortHex(absl::string_view bytes);

// LEB128 of a zigzagged 128-bit number: 1 to 19 bytes, and one form only for
// each number, so that equal bytes and equal numbers mean the same.
void AppendVarint128(std::string* out, __int128 value);

// Takes one off the front of `*in`. False, and nothing changed, if it is cut,
// does not fit 128 bits, or is longer than AppendVarint128 makes it.
bool TakeVarint128(absl::string_view* in, __int128* value);

}  // namespace branchline
