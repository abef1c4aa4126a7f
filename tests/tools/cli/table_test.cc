#include "tools/cli/table.h"

#include <gmock/gmock.h>

#include <limits>
#include <sstream>
#include <string>

#include "tools/cli/width.h"

namespace branchline::cli {
namespace {

using ::testing::HasSubstr;

Table Goods() {
  Table table({{"sku", "sku"},
               {"name", "name"},
               {"lines", "lines", Kind::kCount},
               {"net", "net", Kind::kDecimal},
               {"online", "line", Kind::kYesNo}});
  table.Add({"85123A", "茉莉花茶", Value::Count(int64_t{12}),
             Value::Money(123456789, "GBP"), Value::YesNo(true)});
  table.Add({"22", "Pen, \"blue\"", Value::Count(int64_t{3}),
             Value::Money(-5, "GBP"), Value::YesNo(false)});
  return table;
}

TEST(TableTest, AlignsNumbersRightAndWideCharactersAsTwo) {
  EXPECT_EQ(Goods().Text(),
            "sku     name         lines           net  line\n"
            "------  -----------  -----  ------------  ----\n"
            "85123A  茉莉花茶        12  1,234,567.89  yes\n"
            "22      Pen, \"blue\"      3         -0.05  no\n");
}

TEST(TableTest, PutsTotalsUnderARuleForPeopleOnly) {
  Table table = Goods();
  table.AddFoot({"total", "", Value::Count(int64_t{15}),
                 Value::Money(123456784, "GBP"), ""});
  EXPECT_EQ(table.Text(),
            "sku     name         lines           net  line\n"
            "------  -----------  -----  ------------  ----\n"
            "85123A  茉莉花茶        12  1,234,567.89  yes\n"
            "22      Pen, \"blue\"      3         -0.05  no\n"
            "------  -----------  -----  ------------  ----\n"
            "total                   15  1,234,567.84\n");
  EXPECT_EQ(table.Csv(), Goods().Csv());
  EXPECT_EQ(table.Json(), Goods().Json());
}

TEST(TableTest, WritesCsvAsRfc4180Quotes) {
  EXPECT_EQ(Goods().Csv(),
            "sku,name,lines,net,online\n"
            "85123A,茉莉花茶,12,1234567.89,yes\n"
            "22,\"Pen, \"\"blue\"\"\",3,-0.05,no\n");
  EXPECT_EQ(CsvField("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(CsvField(""), "");
}

TEST(TableTest, WritesMoneyAsTextAndCountsAsNumbersInJson) {
  EXPECT_EQ(
      Goods().Json(),
      "[\n  {\"sku\": \"85123A\", \"name\": \"茉莉花茶\", \"lines\": 12, "
      "\"net\": \"1234567.89\", \"online\": true},\n"
      "  {\"sku\": \"22\", \"name\": \"Pen, \\\"blue\\\"\", \"lines\": 3, "
      "\"net\": \"-0.05\", \"online\": false}\n]");
}

TEST(TableTest, PrintsAnEmptyListInEveryFormat) {
  const Table table(std::vector<Column>{{"till", "till"}});
  const auto print = [&](Format format) {
    std::ostringstream out;
    table.Print(format, "no tills", out);
    return out.str();
  };
  EXPECT_EQ(print(Format::kTable), "no tills\n");
  EXPECT_EQ(print(Format::kCsv), "till\n");
  EXPECT_EQ(print(Format::kJson), "[]\n");
}

TEST(TableTest, ShortensTextsButNeverNumbersToFitEightyColumns) {
  Table table(
      {{"name", "name"}, {"why", "why"}, {"net", "net", Kind::kDecimal}});
  table.Add({std::string(30, 'n'), std::string(100, 'w'),
             Value::Money(std::numeric_limits<int64_t>::min(), "GBP")});
  const std::string text = table.Text();
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line)) EXPECT_LE(DisplayWidth(line), 80u) << line;
  EXPECT_NE(text.find("-92,233,720,368,547,758.08"), std::string::npos);
  EXPECT_NE(text.find("w…"), std::string::npos);
}

TEST(TableTest, NeverShortensWhatSomebodyTypesInAgain) {
  const std::string sku(64, 'S');
  Table table({{"sku", "sku", Kind::kText, /*whole=*/true},
               {"name", "name"},
               {"net", "net", Kind::kDecimal}});
  table.Add({sku, "A pen with a name that is rather long", "1,234.56"});
  table.Add({"PEN", "Pen", "0.01"});
  const std::string text = table.Text();
  EXPECT_THAT(text, HasSubstr(sku + "  A pen w…  1,234.56\n"));
  EXPECT_THAT(text, HasSubstr("PEN " + std::string(60, ' ') + "  Pen "));
}

TEST(TableTest, LeavesOutWhatCannotBeKnown) {
  Table table({{"day", "day"},
               {"quantity", "quantity", Kind::kDecimal, false, true},
               {"net", "net", Kind::kDecimal}});
  table.Add({"2026-11-21", "", "1.00"});
  table.AddFoot({"total", "", "1.00"});
  EXPECT_EQ(table.Text(),
            "day          net\n"
            "----------  ----\n"
            "2026-11-21  1.00\n"
            "----------  ----\n"
            "total       1.00\n");
  EXPECT_EQ(table.Csv(), "day,quantity,net\n2026-11-21,,1.00\n");
  EXPECT_THAT(table.Json(), HasSubstr("\"quantity\": null"));
  table.Add({"2026-11-22", "2", "1.00"});
  EXPECT_THAT(table.Text(), HasSubstr("quantity"));
}

TEST(TableTest, KeepsALineOneLine) {
  Table table(std::vector<Column>{{"name", "name"}});
  table.Add({"a\nb"});
  EXPECT_EQ(table.Text(), "name\n----\na b\n");
}

TEST(MoneyTextTest, HasTheCurrencysDecimals) {
  EXPECT_EQ(MoneyText(1234, "GBP"), "12.34");
  EXPECT_EQ(MoneyText(1234, "JPY"), "1234");
  EXPECT_EQ(MoneyText(1234, "KWD"), "1.234");
  EXPECT_EQ(MoneyText(1234, "?"), "1234");
}

struct WidthCase {
  const char* name;
  const char* text;
  size_t width;
};

class DisplayWidthOf : public ::testing::TestWithParam<WidthCase> {};

TEST_P(DisplayWidthOf, Text) {
  EXPECT_EQ(DisplayWidth(GetParam().text), GetParam().width);
}

INSTANTIATE_TEST_SUITE_P(Texts, DisplayWidthOf,
                         ::testing::ValuesIn(std::vector<WidthCase>{
                             {"Empty", "", 0},
                             {"Ascii", "pen", 3},
                             {"Accent", "café", 4},
                             {"CombiningAccent", "cafe\u0301", 4},
                             {"Han", "茶", 2},
                             {"Kana", "ペン", 4},
                             {"Hangul", "차", 2},
                             {"FullWidthForm", "Ａ", 2},
                             {"Emoji", "🫖", 2},
                             {"Ellipsis", "…", 1},
                             {"NotUtf8", "\xff\xfe", 2},
                             {"CutShort", "\xe8\x8c", 2},
                         }),
                         [](const auto& param) {
                           return std::string(param.param.name);
                         });

TEST(ShortenTest, CutsBetweenCharactersAndNeverInsideAWideOne) {
  EXPECT_EQ(Shorten("pencil", 6), "pencil");
  EXPECT_EQ(Shorten("pencils", 6), "penci…");
  EXPECT_EQ(Shorten("茉莉花茶", 6), "茉莉…");  // 5 columns: a half is not drawn
  EXPECT_EQ(Shorten("pencil", 0), "");
}

TEST(WrapTest, BreaksAtSpacesAndKeepsLineEnds) {
  EXPECT_EQ(Wrap("one two three", 7), "one two\nthree");
  EXPECT_EQ(Wrap("a\nb c", 80), "a\nb c");
  EXPECT_EQ(Wrap("unbreakable words", 5), "unbreakable\nwords");
  EXPECT_EQ(Wrap("茉莉 花茶", 5), "茉莉\n花茶");
}

}  // namespace
}  // namespace branchline::cli
