#include "tools/drill/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tests/tools/drill/csv_text.h"
#include "tests/tools/drill/temp_dir.h"

namespace branchline::drill {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Rows as "a|b", broken ones as "!<row> <why>", the end of a damaged file as
// "!!<why>".
std::vector<std::string> All(CsvReader* csv) {
  std::vector<std::string> rows;
  std::vector<std::string> fields;
  while (true) {
    const absl::StatusOr<bool> more = csv->Next(&fields);
    if (absl::IsDataLoss(more.status())) {
      rows.push_back(absl::StrCat("!!", more.status().message()));
      return rows;
    }
    if (!more.ok()) {
      EXPECT_EQ(more.status().code(), absl::StatusCode::kInvalidArgument);
      rows.push_back(
          absl::StrCat("!", csv->row(), " ", more.status().message()));
      continue;
    }
    if (!*more) return rows;
    rows.push_back(absl::StrJoin(fields, "|"));
  }
}

struct Case {
  std::string name;
  std::string text;
  std::vector<std::string> rows;
};

class CsvReaderTest : public testing::TestWithParam<Case> {};

TEST_P(CsvReaderTest, ReadsWholeAndInPieces) {
  for (const size_t piece : {1'000'000, 1, 2, 7}) {
    EXPECT_EQ(All(CsvOf(GetParam().text, piece).get()), GetParam().rows)
        << "in pieces of " << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rfc4180, CsvReaderTest,
    testing::Values(
        Case{"Empty", "", {}}, Case{"OneField", "a", {"a"}},
        Case{"LineFeeds", "a,b\nc,d\n", {"a|b", "c|d"}},
        Case{"CarriageReturns", "a,b\r\nc,d\r\n", {"a|b", "c|d"}},
        Case{"LastLineWithoutEnd", "a,b\r\nc,d", {"a|b", "c|d"}},
        Case{"LastFieldEmptyWithoutEnd", "a,", {"a|"}},
        Case{"EmptyFields", ",,\n", {"||"}},
        Case{"Quotes", "\"a,b\",c\n", {"a,b|c"}},
        Case{"DoubledQuotes", "\"7\"\" SIGN\",\"\"\"\"\n", {"7\" SIGN|\""}},
        Case{"LineEndInQuotes", "\"a\r\nb\",c\n", {"a\r\nb|c"}},
        Case{"QuotedEmpty", "\"\"\n", {""}},
        Case{"EmptyLinesPassedOver", "a\n\n\r\nb\n", {"a", "b"}},
        Case{"ByteOrderMark", "\xEF\xBB\xBF\"a\",b\n", {"a|b"}},
        Case{"OneByteOrderMarkOnly",
             "\xEF\xBB\xBF\xEF\xBB\xBFk\n",
             {"\xEF\xBB\xBFk"}},
        Case{"SpacesStay", " a , b\n", {" a | b"}},
        Case{"QuoteInside",
             "a\n5\" nail,b\nc\n",
             {"a",
              "!2 field 1 has a quote inside but does not start with one; "
              "double it and quote the field",
              "c"}},
        Case{"TextAfterQuotes",
             "a\n\"b\"c,d\ne\n",
             {"a", "!2 field 1 goes on after its closing quote", "e"}},
        Case{"BareCarriageReturn",
             "a\rb\nc\n",
             {"!1 a carriage return outside quotes does not end a row", "c"}},
        Case{"NulByte",
             std::string("a\0b\nc\n", 6),
             {"!1 the row holds a NUL byte", "c"}},
        Case{"OpenQuoteAtTheEnd",
             "a\n\"b,c\n",
             {"a", "!2 the file ends inside a quoted field"}}),
    [](const auto& info) { return info.param.name; });

TEST(CsvReaderTest, CountsRowsForMessages) {
  const auto csv = CsvOf("a\n\n\"x\ny\"\nb\n");
  std::vector<std::string> fields;
  ASSERT_TRUE(csv->Next(&fields).value());
  EXPECT_EQ(csv->row(), 1);
  ASSERT_TRUE(csv->Next(&fields).value());
  EXPECT_EQ(csv->row(), 3);
  ASSERT_TRUE(csv->Next(&fields).value());
  EXPECT_EQ(csv->row(), 4);
}

TEST(CsvReaderTest, HoldsItsLimitsAndGoesOnBehindThem) {
  const std::string field(kCsvFieldSizeMax, 'x');
  EXPECT_THAT(All(CsvOf(field + "\nb\n").get()), ElementsAre(field, "b"));
  EXPECT_THAT(All(CsvOf(field + "x\nb\n").get()),
              ElementsAre(HasSubstr("field 1 is longer than 4096"), "b"));

  const std::string commas(kCsvFieldCountMax - 1, ',');
  EXPECT_EQ(All(CsvOf(commas + "\nb\n").get()).front().size(),
            kCsvFieldCountMax - 1);
  EXPECT_THAT(All(CsvOf(commas + ",\nb\n").get()),
              ElementsAre(HasSubstr("more than 256 fields"), "b"));

  std::string row;  // 17 fields of 4,000 bytes: each is good, the row is not.
  for (int i = 0; i < 17; ++i)
    absl::StrAppend(&row, std::string(4'000, 'x'), ",");
  EXPECT_THAT(All(CsvOf(row + "\nb\n").get()),
              ElementsAre(HasSubstr("the row is longer than 65536"), "b"));
}

void WriteGzip(const std::string& path, const std::string& text) {
  gzFile file = gzopen(path.c_str(), "wb");
  ASSERT_NE(file, nullptr);
  gzwrite(file, text.data(), static_cast<unsigned int>(text.size()));
  gzclose(file);
}

TEST(CsvReaderTest, OpensPlainAndGzippedFiles) {
  const TempDir dir;
  std::ofstream(dir.File("plain.csv")) << "a,b\n";
  WriteGzip(dir.File("packed.csv.gz"), "a,b\n");
  for (const char* name : {"plain.csv", "packed.csv.gz"}) {
    auto csv = CsvReader::Open(dir.File(name));
    ASSERT_TRUE(csv.ok()) << csv.status();
    EXPECT_THAT(All(csv->get()), ElementsAre("a|b")) << name;
  }
}

TEST(CsvReaderTest, SaysWhenAGzippedFileIsCutShortOrDamaged) {
  const TempDir dir;
  std::string text;
  for (int i = 0; i < 20'000; ++i) absl::StrAppend(&text, i * 7919, ",x\n");
  WriteGzip(dir.File("whole.gz"), text);
  std::filesystem::copy(dir.File("whole.gz"), dir.File("cut.gz"));
  std::filesystem::resize_file(
      dir.File("cut.gz"), std::filesystem::file_size(dir.File("cut.gz")) / 2);
  auto cut = CsvReader::Open(dir.File("cut.gz"));
  ASSERT_TRUE(cut.ok());
  EXPECT_THAT(All(cut->get()).back(), HasSubstr("damaged or cut short"));

  std::fstream flip(dir.File("whole.gz"),
                    std::ios::in | std::ios::out | std::ios::binary);
  flip.seekp(20'000);
  flip.put('\x55');
  flip.close();
  auto flipped = CsvReader::Open(dir.File("whole.gz"));
  ASSERT_TRUE(flipped.ok());
  EXPECT_THAT(All(flipped->get()).back(), HasSubstr("damaged or cut short"));
}

TEST(CsvReaderTest, SaysWhichFileIsNotThere) {
  const TempDir dir;
  const auto csv = CsvReader::Open(dir.File("none.csv"));
  EXPECT_EQ(csv.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(csv.status().message()), HasSubstr("none.csv"));
}

TEST(IsUtf8Test, TellsGoodFromBad) {
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("tea \xE8\x8C\xB6 \xC2\xA3 \xF0\x9F\x8D\xB5"));
  EXPECT_FALSE(IsUtf8("caf\xE9"));           // Latin-1
  EXPECT_FALSE(IsUtf8("\xE8\x8C"));          // cut short
  EXPECT_FALSE(IsUtf8("\xC0\xAF"));          // overlong
  EXPECT_FALSE(IsUtf8("\xED\xA0\x80"));      // surrogate
  EXPECT_FALSE(IsUtf8("\xF4\x90\x80\x80"));  // beyond U+10FFFF
  EXPECT_FALSE(IsUtf8("\x80"));              // continuation alone
}

}  // namespace
}  // namespace branchline::drill
