#include "devices/text/search_text.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <memory>
#include <vector>

#include "devices/text/utf8.h"

namespace branchline {
namespace {

// The block of CJK unified ideographs; what lies beyond is rare in goods' names
// and stays as it is.
constexpr char32_t kHanFirst = 0x4E00;
constexpr char32_t kHanLast = 0x9FFF;
constexpr size_t kHanCount = kHanLast - kHanFirst + 1;

bool IsHan(char32_t c) { return c >= kHanFirst && c <= kHanLast; }

// ICU's transliteration `id` of every ideograph, one a line, so that no rule
// sees two together. Empty if ICU does not have it.
std::vector<icu::UnicodeString> EachHan(const char* id) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<icu::Transliterator> rules(
      icu::Transliterator::createInstance(id, UTRANS_FORWARD, error));
  std::vector<icu::UnicodeString> lines;
  if (U_FAILURE(error) || rules == nullptr) return lines;
  icu::UnicodeString all;
  for (char32_t c = kHanFirst; c <= kHanLast; ++c) {
    all.append(static_cast<UChar32>(c)).append(static_cast<UChar>('\n'));
  }
  rules->transliterate(all);
  int32_t from = 0;
  for (int32_t at = all.indexOf(static_cast<UChar>('\n')); at >= 0;
       at = all.indexOf(static_cast<UChar>('\n'), from)) {
    lines.push_back(all.tempSubStringBetween(from, at));
    from = at + 1;
  }
  return lines;
}

struct HanTables {
  std::vector<char32_t> simplified;
  std::string initials;  // 0: none

  HanTables() : simplified(kHanCount), initials(kHanCount, '\0') {
    for (size_t i = 0; i < kHanCount; ++i) {
      simplified[i] = kHanFirst + static_cast<char32_t>(i);
    }
    const auto simple = EachHan("Traditional-Simplified");
    for (size_t i = 0; i < simple.size() && i < kHanCount; ++i) {
      if (simple[i].length() == 1) {
        simplified[i] = static_cast<char32_t>(simple[i].char32At(0));
      }
    }
    const auto latin = EachHan("Han-Latin; NFD; [:Mn:] Remove; Lower");
    for (size_t i = 0; i < latin.size() && i < kHanCount; ++i) {
      const UChar32 first = latin[i].isEmpty() ? 0 : latin[i].char32At(0);
      if (first >= 'a' && first <= 'z') {
        initials[i] = static_cast<char>(first);
      }
    }
  }
};

const HanTables& Tables() {
  static const HanTables& tables = *new HanTables();
  return tables;
}

void FoldOne(char32_t c, std::string* folded) {
  if (IsHan(c)) c = Tables().simplified[c - kHanFirst];
  if (u_isalnum(static_cast<UChar32>(c)) == 0) {
    if (!folded->empty() && folded->back() != ' ') folded->push_back(' ');
    return;
  }
  AppendUtf8(folded, c);
}

}  // namespace

std::string FoldForSearch(absl::string_view utf8) {
  std::string folded;
  folded.reserve(utf8.size());
  bool is_ascii = true;
  for (const char c : utf8) is_ascii &= static_cast<unsigned char>(c) < 0x80;
  if (is_ascii) {
    for (const char c : utf8) {
      FoldOne(static_cast<char32_t>(c >= 'A' && c <= 'Z' ? c + 32 : c),
              &folded);
    }
  } else {
    UErrorCode error = U_ZERO_ERROR;
    const icu::Normalizer2* fold =
        icu::Normalizer2::getNFKCCasefoldInstance(error);
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(
        icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
    if (U_SUCCESS(error)) text = fold->normalize(text, error);
    for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
      const UChar32 c = text.char32At(i);
      if (c == 0xFFFD || u_charType(c) == U_NON_SPACING_MARK) continue;
      FoldOne(BaseLetter(static_cast<char32_t>(c)), &folded);
    }
  }
  if (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return folded;
}

std::string PinyinInitials(absl::string_view folded) {
  std::string initials;
  bool any = false;
  for (const char32_t c : CodePoints(folded)) {
    const char initial = IsHan(c) ? Tables().initials[c - kHanFirst] : '\0';
    any |= initial != '\0';
    if (initial != '\0') {
      initials.push_back(initial);
    } else {
      AppendUtf8(&initials, c);
    }
  }
  return any ? initials : std::string();
}

}  // namespace branchline
