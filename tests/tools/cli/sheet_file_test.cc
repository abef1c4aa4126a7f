// Tables as people keep them: CSV and XLSX.
#include "tools/cli/sheet_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xlsxwriter.h>
#include <zip.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "tests/support/status_matchers.h"
#include "tests/tools/cli/cli_runner.h"

namespace branchline::cli {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Rows = std::vector<std::vector<std::string>>;

absl::StatusOr<Rows> Read(const std::string& path,
                          std::vector<int64_t>* numbers = nullptr) {
  auto source = OpenRows(path);
  if (!source.ok()) return source.status();
  Rows rows;
  std::vector<std::string> fields;
  while (true) {
    const auto more = (*source)->Next(&fields);
    if (!more.ok()) return more.status();
    if (!*more) return rows;
    if (numbers != nullptr) numbers->push_back((*source)->row());
    rows.push_back(fields);
  }
}

TEST(PlainNumberTest, IsExactDecimalText) {
  const std::pair<const char*, const char*> cases[] = {
      {"1.99", "1.99"},
      {"4006381333931", "4006381333931"},
      {"1.9900000000000002", "1.99"},  // as Excel keeps 1.99 at times
      {"0.29999999999999999", "0.3"},
      {"-99.999999999999999999", "-100"},  // the carry runs to the front
      {"4.006381333931E12", "4006381333931"},
      {"1e-3", "0.001"},
      {"1.5E+1", "15"},
      {"0012", "0012"},  // a text that looks so
      {"abc", "abc"},
      {"1e99", "1e99"},  // beyond reason: as it is
      {"1.2.3", "1.2.3"},
      {"", ""},
  };
  for (const auto& [text, plain] : cases) EXPECT_EQ(PlainNumber(text), plain);
}

TEST(SheetFileTest, WhatIsWrittenIsReadAgain) {
  const Rows rows = {{"sku", "name", "price"},
                     {"00123", "Tea, \"green\"\nloose", "1.99"},
                     {"T2", "茉莉花茶", ""}};
  for (const char* name : {"a.csv", "a.xlsx"}) {
    ShortDir dir;
    auto sink = CreateRows(dir / name);
    ASSERT_THAT(sink, IsOk());
    for (const auto& row : rows) ASSERT_THAT((*sink)->Add(row), IsOk());
    EXPECT_FALSE(std::filesystem::exists(dir / name));  // whole, or not at all
    ASSERT_THAT((*sink)->Close(), IsOk());
    const auto read = Read(dir / name);
    ASSERT_THAT(read, IsOk()) << name;
    EXPECT_EQ(*read, rows) << name;
  }
}

TEST(SheetFileTest, ASinkThatIsNotClosedLeavesNothing) {
  ShortDir dir;
  for (const char* name : {"a.csv", "a.xlsx"}) {
    auto sink = CreateRows(dir / name);
    ASSERT_THAT(sink, IsOk());
    ASSERT_THAT((*sink)->Add({"a"}), IsOk());
    sink->reset();
  }
  EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
  EXPECT_THAT(CreateRows(dir / "none/a.csv"),
              StatusIs(absl::StatusCode::kFailedPrecondition, _));
}

TEST(SheetFileTest, NumbersFormulasAndGapsOfAWorkbook) {
  ShortDir dir;
  const std::string path = dir / "b.xlsx";
  lxw_workbook* book = workbook_new(path.c_str());
  lxw_worksheet* sheet = workbook_add_worksheet(book, "prices");
  workbook_add_worksheet(book, "notes");
  worksheet_write_string(sheet, 0, 0, "sku", nullptr);
  worksheet_write_string(sheet, 0, 1, "barcode", nullptr);
  worksheet_write_string(sheet, 0, 2, "price", nullptr);
  worksheet_write_string(sheet, 3, 0, "A", nullptr);
  worksheet_write_number(sheet, 3, 1, 4006381333931, nullptr);
  worksheet_write_number(sheet, 3, 2, 0.1 + 0.2, nullptr);
  worksheet_write_string(sheet, 4, 0, "B", nullptr);
  worksheet_write_formula_num(sheet, 4, 2, "=1+1", nullptr, 2);
  ASSERT_EQ(workbook_close(book), LXW_NO_ERROR);
  std::vector<int64_t> numbers;
  const auto rows = Read(path, &numbers);
  ASSERT_THAT(rows, IsOk());
  EXPECT_THAT(*rows, ElementsAre(ElementsAre("sku", "barcode", "price"),
                                 ElementsAre("A", "4006381333931", "0.3"),
                                 ElementsAre("B", "", "2")));
  EXPECT_THAT(numbers, ElementsAre(1, 4, 5));
}

// A workbook whose first sheet is `sheet`, as XML.
std::string WorkbookOf(const std::string& path, const std::string& sheet) {
  const std::pair<const char*, std::string> parts[] = {
      {"xl/workbook.xml",
       "<workbook><sheets><sheet name='a' r:id='r1' xmlns:r='r'/></sheets>"
       "</workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id='r1' Target='worksheets/sheet1.xml'/>"
       "</Relationships>"},
      {"xl/worksheets/sheet1.xml", sheet}};
  int error = 0;
  zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &error);
  BL_CHECK(zip != nullptr, "a workbook can be written");
  for (const auto& [name, text] : parts) {
    zip_source_t* bytes = zip_source_buffer(zip, text.data(), text.size(), 0);
    BL_CHECK(zip_file_add(zip, name, bytes, ZIP_FL_OVERWRITE) >= 0, "added");
  }
  BL_CHECK(zip_close(zip) == 0, "a workbook is written");
  return path;
}

TEST(SheetFileTest, RowsBeyondTheLastAreRefused) {
  ShortDir dir;
  EXPECT_THAT(*Read(WorkbookOf(dir / "a.xlsx",
                               "<sheet><row r='7'><c><v>1</v></c></row>"
                               "<row><c><v>2</v></c></row></sheet>")),
              ElementsAre(ElementsAre("1"), ElementsAre("2")));
  for (const char* number :
       {"9223372036854775807", "-9223372036854775808", "0", "1048577"}) {
    EXPECT_THAT(Read(WorkbookOf(dir / "a.xlsx",
                                absl::StrCat("<sheet><row r='", number,
                                             "'><c><v>1</v></c></row><row/>"
                                             "</sheet>"))),
                StatusIs(absl::StatusCode::kResourceExhausted,
                         HasSubstr("lies beyond")))
        << number;
  }
  EXPECT_THAT(Read(WorkbookOf(dir / "a.xlsx",
                              "<sheet><row r='0'/><row "
                              "r='9223372036854775807'/><row/></sheet>")),
              StatusIs(absl::StatusCode::kResourceExhausted, _));
  // A number that is none: the next row.
  EXPECT_THAT(*Read(WorkbookOf(dir / "a.xlsx",
                               "<sheet><row r='92233720368036854775807'>"
                               "<c><v>1</v></c></row><row/></sheet>")),
              ElementsAre(ElementsAre("1")));
  // Rows without cells are rows too: a small file may hold millions.
  std::string many = "<sheet>";
  for (int i = 0; i < 1'048'577; ++i) many += "<row r='1'/>";
  EXPECT_THAT(Read(WorkbookOf(dir / "a.xlsx", many + "</sheet>")),
              StatusIs(absl::StatusCode::kResourceExhausted, _));
}

TEST(SheetFileTest, ADamagedWorkbookIsNamed) {
  ShortDir dir;
  auto sink = CreateRows(dir / "a.xlsx");
  ASSERT_THAT(sink, IsOk());
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_THAT((*sink)->Add({std::to_string(i), "name"}), IsOk());
  }
  ASSERT_THAT((*sink)->Close(), IsOk());
  std::ifstream in(dir / "a.xlsx", std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  const std::string whole = bytes.str();
  int refused = 0;
  for (size_t cut = 4; cut < whole.size(); cut += whole.size() / 20) {
    std::ofstream(dir / "cut.xlsx", std::ios::binary) << whole.substr(0, cut);
    const auto rows = Read(dir / "cut.xlsx");
    EXPECT_THAT(rows, StatusIs(absl::StatusCode::kDataLoss, _)) << cut;
    refused += rows.ok() ? 0 : 1;
  }
  EXPECT_GE(refused, 20);
  // A byte in the middle: refused, or the same rows, never other ones.
  const auto right = Read(dir / "a.xlsx");
  for (size_t at = 30; at < whole.size(); at += whole.size() / 40) {
    std::string flipped = whole;
    flipped[at] ^= 0x10;
    std::ofstream(dir / "flip.xlsx", std::ios::binary) << flipped;
    const auto rows = Read(dir / "flip.xlsx");
    if (rows.ok()) {
      EXPECT_EQ(*rows, *right) << at;
    }
  }
  EXPECT_THAT(OpenRows(dir / "none.xlsx"),
              StatusIs(absl::StatusCode::kNotFound, _));
}

}  // namespace
}  // namespace branchline::cli
