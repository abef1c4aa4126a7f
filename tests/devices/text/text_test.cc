#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "devices/text/charset.h"
#include "devices/text/utf8.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

TEST(CodePointsTest, ReadsAndWritesBack) {
  const std::string text = "Tea \u00E9 \u8336 \U0001F375";
  std::string again;
  for (const char32_t c : CodePoints(text)) AppendUtf8(&again, c);
  EXPECT_EQ(again, text);
}

TEST(CodePointsTest, ComposesALetterAndItsAccent) {
  EXPECT_EQ(CodePoints("e\u0301"), U"\u00E9");
}

TEST(CodePointsTest, WhatIsNotUtf8IsVisible) {
  EXPECT_EQ(CodePoints("a\xFFz"), U"a\uFFFDz");
  EXPECT_EQ(CodePoints("\xE8\x8C"), U"\uFFFD");
  EXPECT_EQ(CodePoints(""), U"");
}

TEST(ColumnsOfTest, WideIsTwo) {
  EXPECT_EQ(ColumnsOf(U'a'), 1);
  EXPECT_EQ(ColumnsOf(U'\u00E9'), 1);
  EXPECT_EQ(ColumnsOf(U'\u8336'), 2);
  EXPECT_EQ(ColumnsOf(U'\uFFE5'), 2);      // full-width yen
  EXPECT_EQ(ColumnsOf(U'\u00A5'), 1);      // yen
  EXPECT_EQ(ColumnsOf(U'\U0001F375'), 2);  // tea cup
  EXPECT_EQ(ColumnsOf(U'\u0301'), 0);
  EXPECT_EQ(ColumnsOf(U'\u200D'), 0);  // joiner
}

struct CharsetCase {
  const char* name;
  const char* set;
  char32_t character;
  std::optional<std::string> bytes;
};

class CharsetTest : public ::testing::TestWithParam<CharsetCase> {};

TEST_P(CharsetTest, EncodesAndDecodes) {
  const CharsetCase& c = GetParam();
  auto set = Charset::Open(c.set);
  ASSERT_THAT(set, IsOk());
  EXPECT_EQ(set->Encode(c.character), c.bytes);
  if (c.bytes.has_value()) {
    EXPECT_EQ(set->Decode(*c.bytes), std::u32string(1, c.character));
  }
}

// Values from the code pages' tables at unicode.org.
INSTANTIATE_TEST_SUITE_P(
    Tables, CharsetTest,
    ::testing::ValuesIn(std::vector<CharsetCase>{
        {"Cp437Accent", "CP437", U'\u00E9', "\x82"},
        {"Cp437Yen", "CP437", U'\u00A5', "\x9D"},
        {"Cp437HasNoEuro", "CP437", U'\u20AC', std::nullopt},
        {"Cp858Euro", "CP858", U'\u20AC', "\xD5"},
        {"Cp1252Euro", "CP1252", U'\u20AC', "\x80"},
        {"Cp866Ya", "CP866", U'\u042F', "\x9F"},
        {"Cp852Czech", "CP852", U'\u010D', "\x9F"},
        {"Gb18030Tea", "GB18030", U'\u8336', "\xB2\xE8"},
        {"Gb18030WideYen", "GB18030", U'\uFFE5', "\xA3\xA4"},
        {"GbkTea", "GBK", U'\u8336', "\xB2\xE8"},
        {"Big5Tea", "BIG5", U'\u8336', "\xAF\xF9"},
        {"ShiftJisTea", "SHIFT_JIS", U'\u8336', "\x92\x83"},
        {"GbkHasNoEmoji", "GBK", U'\U0001F375', std::nullopt},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(CharsetTest, RefusesAnUnknownSet) {
  EXPECT_THAT(Charset::Open("CP999"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("no character set 'CP999'")));
}

}  // namespace
}  // namespace branchline
