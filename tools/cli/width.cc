#include "tools/cli/width.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include "absl/strings/str_split.h"

namespace branchline::cli {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Unicode's East Asian Width W and F, in ranges that terminals agree on.
constexpr Range kWide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x2329, 0x232a},
    {0x23e9, 0x23ec},   {0x25fd, 0x25fe},   {0x2614, 0x2615},
    {0x2648, 0x2653},   {0x26a1, 0x26a1},   {0x26bd, 0x26be},
    {0x2705, 0x2705},   {0x274c, 0x274c},   {0x2753, 0x2755},
    {0x2795, 0x2797},   {0x2b1b, 0x2b1c},   {0x2b50, 0x2b50},
    {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},
    {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe10, 0xfe19},
    {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},
    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
    {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
};

constexpr Range kNone[] = {
    {0x0000, 0x001f}, {0x007f, 0x009f},   {0x0300, 0x036f}, {0x0483, 0x0489},
    {0x0591, 0x05bd}, {0x0610, 0x061a},   {0x064b, 0x065f}, {0x0e31, 0x0e31},
    {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},
    {0x200b, 0x200f}, {0x2028, 0x202e},   {0x2060, 0x2064}, {0x20d0, 0x20ff},
    {0x302a, 0x302d}, {0x3099, 0x309a},   {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    {0xfeff, 0xfeff}, {0xe0100, 0xe01ef},
};

template <size_t n>
bool In(const Range (&ranges)[n], uint32_t rune) {
  const Range* after = std::upper_bound(
      std::begin(ranges), std::end(ranges), rune,
      [](uint32_t value, const Range& range) { return value < range.first; });
  return after != std::begin(ranges) && rune <= std::prev(after)->last;
}

// Takes one character off the front of `*text`. A byte that does not belong to
// one comes alone, as U+FFFD.
uint32_t TakeRune(absl::string_view* text) {
  const auto first = static_cast<uint8_t>((*text)[0]);
  size_t size = 1;
  uint32_t rune = first;
  if (first >= 0xc0) {
    size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    rune = first & (0x7f >> size);
    bool whole = first < 0xf8 && text->size() >= size;
    for (size_t i = 1; whole && i < size; ++i) {
      const auto byte = static_cast<uint8_t>((*text)[i]);
      whole = (byte & 0xc0) == 0x80;
      rune = rune << 6 | (byte & 0x3f);
    }
    if (!whole) size = 1;
    if (!whole) rune = 0xfffd;
  } else if (first >= 0x80) {
    rune = 0xfffd;
  }
  text->remove_prefix(size);
  return rune;
}

size_t RuneWidth(uint32_t rune) {
  if (In(kNone, rune)) return 0;
  return In(kWide, rune) ? 2 : 1;
}

}  // namespace

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  while (!text.empty()) width += RuneWidth(TakeRune(&text));
  return width;
}

std::string Shorten(absl::string_view text, size_t width) {
  if (DisplayWidth(text) <= width) return std::string(text);
  if (width == 0) return "";
  absl::string_view rest = text;
  size_t used = 0;
  size_t end = 0;
  while (!rest.empty()) {
    used += RuneWidth(TakeRune(&rest));
    if (used > width - 1) break;
    end = text.size() - rest.size();
  }
  return std::string(text.substr(0, end)) + "\u2026";
}

std::string Wrap(absl::string_view text, size_t width) {
  std::string wrapped;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (!wrapped.empty()) wrapped += '\n';
    size_t column = 0;
    for (const absl::string_view word : absl::StrSplit(line, ' ')) {
      const size_t size = DisplayWidth(word);
      if (column > 0 && column + 1 + size > width) {
        wrapped += '\n';
        column = 0;
      } else if (column > 0) {
        wrapped += ' ';
        ++column;
      }
      wrapped.append(word.data(), word.size());
      column += size;
    }
  }
  return wrapped;
}

}  // namespace branchline::cli
