#include "sync/base/bytes.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "sync/base/check.h"

namespace branchline {

void AppendU64(std::string* out, uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

void AppendU32(std::string* out, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(value >> shift));
  }
}

uint64_t U64FromBytes(absl::string_view bytes) {
  BL_CHECK(bytes.size() == 8, "a u64 has 8 bytes");
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

uint32_t U32FromBytes(absl::string_view bytes) {
  BL_CHECK(bytes.size() == 4, "a u32 has 4 bytes");
  uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

std::string Hex(absl::string_view bytes) {
  return absl::BytesToHexString(bytes);
}

std::string ShortHex(absl::string_view bytes) {
  return absl::StrCat(absl::BytesToHexString(bytes.substr(0, 4)), "...");
}

void AppendVarint128(std::string* out, __int128 value) {
  using U128 = unsigned __int128;
  U128 zigzag =
      (static_cast<U128>(value) << 1) ^ static_cast<U128>(value >> 127);
  while (zigzag >= 0x80) {
    out->push_back(static_cast<char>(static_cast<uint8_t>(zigzag) | 0x80));
    zigzag >>= 7;
  }
  out->push_back(static_cast<char>(zigzag));
}

bool TakeVarint128(absl::string_view* in, __int128* value) {
  using U128 = unsigned __int128;
  U128 zigzag = 0;
  for (size_t i = 0; i < 19 && i < in->size(); ++i) {
    const auto byte = static_cast<uint8_t>((*in)[i]);
    zigzag |= static_cast<U128>(byte & 0x7f) << (7 * i);
    if ((byte & 0x80) == 0) {
      if (i > 0 && byte == 0) return false;   // a shorter form says the same
      if (i == 18 && byte > 3) return false;  // 18 x 7 bits leave room for two
      *value = static_cast<__int128>(zigzag >> 1) ^
               -static_cast<__int128>(zigzag & 1);
      in->remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace branchline
