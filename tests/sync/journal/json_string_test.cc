#include "sync/journal/json_string.h"

#include <gtest/gtest.h>

#include <string>

namespace branchline {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::string json;
};

class JsonStringGives : public ::testing::TestWithParam<Case> {};

TEST_P(JsonStringGives, TheString) {
  EXPECT_EQ(JsonString(GetParam().text), GetParam().json);
}

const std::string kReplaced = "\xEF\xBF\xBD";

INSTANTIATE_TEST_SUITE_P(
    Texts, JsonStringGives,
    ::testing::ValuesIn(std::vector<Case>{
        {"Empty", "", "\"\""},
        {"Plain", "edge:S001", "\"edge:S001\""},
        {"QuoteAndBackslash", "a\"b\\c", "\"a\\\"b\\\\c\""},
        {"LineEnds", "a\r\nb", "\"a\\u000d\\nb\""},
        {"Zero", std::string("a\0b", 3), "\"a\\u0000b\""},
        {"Chinese", "茶 ½ 🫖", "\"茶 ½ 🫖\""},
        {"LoneByte", "a\xff", "\"a" + kReplaced + "\""},
        {"CutShort", "\xe8\x8c", "\"" + kReplaced + kReplaced + "\""},
        {"Overlong", "\xc0\xaf", "\"" + kReplaced + kReplaced + "\""},
        {"Surrogate", "\xed\xa0\x80",
         "\"" + kReplaced + kReplaced + kReplaced + "\""},
        {"BeyondUnicode", "\xf4\x90\x80\x80",
         "\"" + kReplaced + kReplaced + kReplaced + kReplaced + "\""},
    }),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace branchline
