#include "tools/cli/catalog_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/tools/cli/cli_runner.h"

namespace branchline::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<CatalogFile> Read(const std::string& text) {
  ShortDir dir;
  std::ofstream(dir / "items.csv", std::ios::binary) << text;
  return ReadCatalogFile(dir / "items.csv");
}

// What is wrong with the one row under a full header.
std::string BrokenRow(const std::string& row) {
  const auto file =
      Read("sku,name,price,currency,category,name_zh,barcode\n" + row + "\n");
  if (!file.ok()) return file.status().ToString();
  if (file->broken.empty()) return "";
  const BrokenField& first = file->broken[0];
  return absl::StrCat("row ", first.row, ", ", first.column, ": ", first.why);
}

TEST(CatalogFileTest, ReadsColumnsInAnyOrderAndLeavesOutWhatIsNotThere) {
  const auto file = Read(
      "\xEF\xBB\xBFname,sku,currency,price\r\n"
      "\"Tea, green\",85123A,GBP,1.995\r\n"
      "\"Tea, green\",85123A,JPY,300\r\n"
      "Gift box,BOX,,\r\n");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE(file->broken.empty()) << file->broken[0].why;
  ASSERT_EQ(file->rows.size(), 3u);
  EXPECT_EQ(file->rows[0].row, 2);
  EXPECT_EQ(file->rows[0].item.sku(), "85123A");
  EXPECT_EQ(file->rows[0].item.name(), "Tea, green");
  EXPECT_EQ(file->rows[0].price->price_minor_e4(), 1'995'000);
  EXPECT_EQ(file->rows[1].price->price_minor_e4(), 3'000'000);  // no minor unit
  EXPECT_FALSE(file->rows[0].item_repeated);
  EXPECT_TRUE(file->rows[1].item_repeated);
  EXPECT_FALSE(file->rows[2].price.has_value());
}

TEST(CatalogFileTest, ReadsChineseNamesAndSeveralBarcodes) {
  const auto file = Read(
      "sku,name,price,currency,category,name_zh,barcode\n"
      "T1,Tea,-1,CNY,drinks,茉莉花茶,4006381333931 20000017\n");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->rows.size(), 1u);
  EXPECT_EQ(file->rows[0].item.name_zh(), "茉莉花茶");
  EXPECT_THAT(file->rows[0].item.barcodes(),
              ElementsAre("4006381333931", "20000017"));
  EXPECT_EQ(file->rows[0].price->price_minor_e4(), -1'000'000);
}

TEST(CatalogFileTest, NamesEveryBrokenRowAndKeepsTheOthers) {
  const auto file = Read(
      "sku,name,price,currency\n"
      "A,Pen,1.00,GBP\n"
      ",Pen,x,GBP\n"
      "B,Ink\n"
      "C,Cap,2.00,GBP\n"
      "A,Pen,1.00,GBP\n"
      "A,Pencil,1.00,EUR\n");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->rows.size(), 2u);
  std::vector<std::string> broken;
  for (const BrokenField& field : file->broken) {
    broken.push_back(absl::StrCat(field.row, " ", field.column));
  }
  EXPECT_THAT(broken, ElementsAre("3 sku", "3 price", "4 ", "6 sku", "7 name"));
}

struct BrokenCase {
  const char* name;
  const char* row;
  const char* message;
};

class CatalogRefuses : public ::testing::TestWithParam<BrokenCase> {};

TEST_P(CatalogRefuses, TheRow) {
  EXPECT_THAT(BrokenRow(GetParam().row), HasSubstr(GetParam().message));
}

const std::string kLong(65, 's');
const std::string kLongSku = kLong + ",Pen,1,GBP,,,";

INSTANTIATE_TEST_SUITE_P(
    Rows, CatalogRefuses,
    ::testing::ValuesIn(std::vector<BrokenCase>{
        {"NoSku", ",Pen,1,GBP,,,", "row 2, sku: is empty"},
        {"LongSku", kLongSku.c_str(), "row 2, sku: has 65 bytes, at most 64"},
        {"NoName", "A,,1,GBP,,,", "row 2, name: is empty"},
        {"NotUtf8", "A,P\xff,1,GBP,,,", "row 2"},
        {"PriceIsNoNumber", "A,Pen,1.x,GBP,,,",
         "row 2, price: '1.x' is not a decimal number"},
        {"PriceTooFine", "A,Pen,1.0000001,GBP,,,",
         "row 2, price: '1.0000001' has more than 6 decimals"},
        {"PriceTooLarge", "A,Pen,99999999999999999999,GBP,,,",
         "does not fit 64 bits"},
        {"PriceBeyondTheHubs", "A,Pen,2000000000,GBP,,,", "is too large"},
        {"PriceWithoutCurrency", "A,Pen,1,,,,", "row 2, currency: currency ''"},
        {"CurrencyWithoutPrice", "A,Pen,,GBP,,,", "row 2, price: ''"},
        {"NoSuchCurrency", "A,Pen,1,GBX,,,", "no currency 'GBX'"},
        {"FewFields", "A,Pen,1", "row 2, : has 3 fields, the header 7"},
        {"OpenQuote", "A,\"Pen,1,GBP,,,", "row 2"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(CatalogFileTest, RefusesAHeaderItDoesNotKnow) {
  const auto message = [](const std::string& header) {
    return std::string(Read(header + "\n").status().message());
  };
  EXPECT_THAT(message("sku,name,price,curency"),
              HasSubstr("row 1, column 4: 'curency' is no column"));
  EXPECT_THAT(message("sku,name,price"),
              HasSubstr("row 1: there is no column 'currency'"));
  EXPECT_THAT(message("sku,sku,price"), HasSubstr("column 2: 'sku' is there"));
  EXPECT_THAT(message(""), HasSubstr("is empty"));
  EXPECT_THAT(std::string(Read("").status().message()), HasSubstr("is empty"));
  EXPECT_EQ(ReadCatalogFile("/no/such/file.csv").status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace branchline::cli
