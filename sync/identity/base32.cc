#include "sync/identity/base32.h"

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace branchline {
namespace {

constexpr absl::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";

}  // namespace

std::string Base32Encode(absl::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() * 8 + 4) / 5);
  uint32_t buffer = 0;
  int bits = 0;  // How many low bits of `buffer` are not written yet.
  for (const char byte : bytes) {
    buffer = (buffer << 8) | static_cast<uint8_t>(byte);
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text.push_back(kAlphabet[(buffer >> bits) & 31]);
    }
  }
  if (bits > 0) text.push_back(kAlphabet[(buffer << (5 - bits)) & 31]);
  return text;
}

bool IsBase32(absl::string_view text) {
  return text.find_first_not_of(kAlphabet) == absl::string_view::npos;
}

}  // namespace branchline
