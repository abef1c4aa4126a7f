#include "devices/text/utf8.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <cstdint>

namespace branchline {
namespace {

// NFC of `text`; `text` itself if ICU cannot (it has no data, memory is short).
std::u16string Composed(const std::u16string& text) {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* const nfc = unorm2_getNFCInstance(&error);
  if (U_FAILURE(error)) return text;
  const int32_t size = static_cast<int32_t>(text.size());
  // NFC of n units has never more than 3n.
  std::u16string composed(text.size() * 3 + 1, u'\0');
  const int32_t count =
      unorm2_normalize(nfc, text.data(), size, composed.data(),
                       static_cast<int32_t>(composed.size()), &error);
  if (U_FAILURE(error)) return text;
  composed.resize(static_cast<size_t>(count));
  return composed;
}

bool IsPlainAscii(absl::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace

std::u32string CodePoints(absl::string_view utf8) {
  if (IsPlainAscii(utf8)) return std::u32string(utf8.begin(), utf8.end());
  std::u16string wide(utf8.size() + 1, u'\0');
  UErrorCode error = U_ZERO_ERROR;
  int32_t count = 0;
  u_strFromUTF8WithSub(wide.data(), static_cast<int32_t>(wide.size()), &count,
                       utf8.data(), static_cast<int32_t>(utf8.size()), 0xFFFD,
                       nullptr, &error);
  if (U_FAILURE(error)) return U"\uFFFD";
  wide.resize(static_cast<size_t>(count));
  const std::u16string composed = Composed(wide);
  std::u32string characters;
  characters.reserve(composed.size());
  for (size_t i = 0; i < composed.size();) {
    UChar32 character = 0;
    U16_NEXT(composed.data(), i, composed.size(), character);
    characters.push_back(U_IS_SURROGATE(character)
                             ? U'\uFFFD'
                             : static_cast<char32_t>(character));
  }
  return characters;
}

void AppendUtf8(std::string* out, char32_t character) {
  const auto put = [out](char32_t byte) {
    out->push_back(static_cast<char>(byte));
  };
  if (character < 0x80) {
    put(character);
  } else if (character < 0x800) {
    put(0xC0 | character >> 6);
    put(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    put(0xE0 | character >> 12);
    put(0x80 | (character >> 6 & 0x3F));
    put(0x80 | (character & 0x3F));
  } else {
    put(0xF0 | (character >> 18 & 0x07));
    put(0x80 | (character >> 12 & 0x3F));
    put(0x80 | (character >> 6 & 0x3F));
    put(0x80 | (character & 0x3F));
  }
}

char32_t BaseLetter(char32_t character) {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* const nfd = unorm2_getNFDInstance(&error);
  if (U_FAILURE(error)) return character;
  UChar units[32];
  const int32_t count = unorm2_getDecomposition(
      nfd, static_cast<UChar32>(character), units, 32, &error);
  if (U_FAILURE(error) || count < 1) return character;
  UChar32 base = 0;
  U16_GET(units, 0, 0, count, base);
  return static_cast<char32_t>(base);
}

int ColumnsOf(char32_t character) {
  if (character < 0x7F) return 1;
  const auto c = static_cast<UChar32>(character);
  switch (u_charType(c)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
      return 0;
    default:
      break;
  }
  const int32_t width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
  return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

}  // namespace branchline
