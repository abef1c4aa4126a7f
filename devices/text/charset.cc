#include "devices/text/charset.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/utf16.h>

#include <array>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

// Printer manuals' names, and ICU's.
constexpr std::array<std::pair<absl::string_view, const char*>, 16> kNames = {{
    {"CP437", "ibm-437"},
    {"CP850", "ibm-850"},
    {"CP852", "ibm-852"},
    {"CP858", "ibm-858"},
    {"CP860", "ibm-860"},
    {"CP863", "ibm-863"},
    {"CP865", "ibm-865"},
    {"CP866", "ibm-866"},
    {"CP874", "windows-874"},
    {"CP1251", "windows-1251"},
    {"CP1252", "windows-1252"},
    {"GB18030", "gb18030"},
    {"GBK", "windows-936"},
    {"BIG5", "windows-950"},
    {"SHIFT_JIS", "ibm-943_P15A-2003"},
    {"EUC_KR", "windows-949"},
}};

}  // namespace

void Charset::Close::operator()(UConverter* converter) const {
  ucnv_close(converter);
}

absl::StatusOr<Charset> Charset::Open(absl::string_view name) {
  for (const auto& [ours, icu_name] : kNames) {
    if (ours != name) continue;
    UErrorCode error = U_ZERO_ERROR;
    UConverter* const converter = ucnv_open(icu_name, &error);
    if (U_FAILURE(error)) break;
    Charset charset(converter);
    ucnv_setFallback(converter, false);
    ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, nullptr,
                          nullptr, nullptr, &error);
    return charset;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no character set '", name,
                   "'; want for example CP437, CP1252, GB18030, SHIFT_JIS"));
}

const std::optional<std::string>& Charset::Encode(char32_t character) {
  const auto [it, is_new] = known_.try_emplace(character);
  if (!is_new) return it->second;
  std::array<UChar, 2> units;
  int32_t count = 0;
  UBool failed = false;
  U16_APPEND(units, count, 2, static_cast<UChar32>(character), failed);
  std::array<char, 8> bytes;
  UErrorCode error = U_ZERO_ERROR;
  const int32_t size =
      ucnv_fromUChars(converter_.get(), bytes.data(), bytes.size(),
                      units.data(), count, &error);
  if (!failed && U_SUCCESS(error) && size > 0) {
    it->second = std::string(bytes.data(), static_cast<size_t>(size));
  }
  return it->second;
}

std::u32string Charset::Decode(absl::string_view bytes) {
  // Every byte gives at most two units in the sets above.
  std::u16string units(bytes.size() * 2 + 2, u'\0');
  UErrorCode error = U_ZERO_ERROR;
  const int32_t count = ucnv_toUChars(
      converter_.get(), units.data(), static_cast<int32_t>(units.size()),
      bytes.data(), static_cast<int32_t>(bytes.size()), &error);
  if (U_FAILURE(error)) return U"\uFFFD";
  std::u32string characters;
  for (int32_t i = 0; i < count;) {
    UChar32 character = 0;
    U16_NEXT(units.data(), i, count, character);
    characters.push_back(static_cast<char32_t>(character));
  }
  return characters;
}

}  // namespace branchline
