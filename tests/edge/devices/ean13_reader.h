#pragma once

#include <string>
#include <vector>

#include "devices/printer/bitmap.h"

namespace branchline {

// Reads the EAN-13 codes of a picture as a scanner does, top to bottom: along a
// row, by the widths of bars and blanks alone. Written from the standard, apart
// from what draws them.
inline std::string ReadEan13Row(const Bitmap& picture, int y) {
  // Runs of one colour: odd ones are bars.
  std::vector<int> runs;
  bool dark = false;
  int length = 0;
  for (int x = 0; x < picture.width(); ++x) {
    if (picture.Get(x, y) == dark) {
      ++length;
      continue;
    }
    runs.push_back(length);
    dark = !dark;
    length = 1;
  }
  if (!dark) runs.push_back(length);
  // A quiet zone, guard, six digits, middle, six digits, guard, a quiet zone.
  constexpr size_t kRuns = 1 + 3 + 24 + 5 + 24 + 3 + 1;
  if (runs.size() != kRuns) return "";
  const int module = runs[1];
  if (module == 0 || runs[0] < 7 * module) return "";
  const char* const kSetA[] = {"3211", "2221", "2122", "1411", "1132",
                               "1231", "1114", "1312", "1213", "3112"};
  const auto digit = [&](size_t at, char* set) {
    std::string widths;
    for (size_t i = 0; i < 4; ++i) {
      if (runs[at + i] % module != 0) return '?';
      widths.push_back(static_cast<char>('0' + runs[at + i] / module));
    }
    const std::string mirrored(widths.rbegin(), widths.rend());
    for (int value = 0; value < 10; ++value) {
      if (widths == kSetA[value]) {
        *set = 'A';
        return static_cast<char>('0' + value);
      }
      if (mirrored == kSetA[value]) {
        *set = 'B';
        return static_cast<char>('0' + value);
      }
    }
    return '?';
  };
  std::string digits;
  std::string sets;
  for (size_t i = 0; i < 12; ++i) {
    char set = '?';
    digits.push_back(digit(4 + i * 4 + (i < 6 ? 0 : 5), &set));
    if (i < 6) sets.push_back(set);
  }
  const char* const kFirst[] = {"AAAAAA", "AABABB", "AABBAB", "AABBBA",
                                "ABAABB", "ABBAAB", "ABBBAA", "ABABAB",
                                "ABABBA", "ABBABA"};
  for (int value = 0; value < 10; ++value) {
    if (sets == kFirst[value]) {
      return std::string(1, static_cast<char>('0' + value)) + digits;
    }
  }
  return "";
}

inline std::vector<std::string> ReadEan13(const Bitmap& picture) {
  std::vector<std::string> codes;
  std::string last;
  for (int y = 0; y < picture.height(); ++y) {
    std::string code = ReadEan13Row(picture, y);
    if (!code.empty() && code != last) codes.push_back(code);
    last = std::move(code);
  }
  return codes;
}

}  // namespace branchline
