#include "tools/drill/sales_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/tools/drill/csv_text.h"

namespace branchline::drill {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr char kHeader[] =
    "chain,store,receipt_no,timestamp,sku,description,category,qty,unit_price,"
    "discount,line_total,currency,member_id,kind\n";
// A good row; each case changes one thing of it.
constexpr char kMug[] =
    "uk,York,536365,2010-12-01T08:26:00,85123A,WHITE MUG,Mugs,6,2.55,0.30,15,"
    "GBP,17850,sale\n";

absl::StatusOr<SalesFile> Read(const std::string& rows, bool skip_bad = false) {
  return ReadSales(CsvOf(absl::StrCat(kHeader, rows)).get(), "till.csv",
                   {.skip_bad = skip_bad});
}

std::string Mug(
    const std::vector<std::pair<absl::string_view, absl::string_view>>& edits) {
  return absl::StrReplaceAll(kMug, edits);
}

TEST(SalesFileTest, ReadsARow) {
  const auto file = Read(kMug);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_EQ(file->days.size(), 1u);
  EXPECT_EQ(file->days[0].date, 20101201u);
  const SalesReceipt& receipt = file->days[0].receipts.at(0);
  EXPECT_EQ(receipt.store, "York");
  EXPECT_EQ(receipt.receipt_no, "536365");
  EXPECT_EQ(receipt.currency, "GBP");
  EXPECT_EQ(receipt.time, absl::CivilSecond(2010, 12, 1, 8, 26, 0));
  const SalesLine& line = receipt.lines.at(0);
  EXPECT_EQ(line.row, 2);
  EXPECT_EQ(line.kind, LineKind::kSale);
  EXPECT_EQ(line.sku, "85123A");
  EXPECT_EQ(line.description, "WHITE MUG");
  EXPECT_EQ(line.category, "Mugs");
  EXPECT_EQ(line.member_id, "17850");
  EXPECT_EQ(line.quantity_milli, 6'000);
  EXPECT_EQ(line.unit_price_minor_e4, 2'550'000);
  EXPECT_EQ(line.discount_minor, 30);
  EXPECT_FALSE(line.price_derived);
}

TEST(SalesFileTest, FindsColumnsByNameAndNeedsOnlySome) {
  const auto file = ReadSales(
      CsvOf("kind,weather,currency,unit_price,qty,sku,timestamp,receipt_no,"
            "store\nreturn,fair,JPY,120.5,-0.5,tea,2024-02-29 23:59,1,Kobe\n")
          .get(),
      "till.csv");
  ASSERT_TRUE(file.ok()) << file.status();
  const SalesReceipt& receipt = file->days.at(0).receipts.at(0);
  EXPECT_EQ(receipt.time, absl::CivilSecond(2024, 2, 29, 23, 59, 0));
  EXPECT_EQ(receipt.lines[0].quantity_milli, -500);
  EXPECT_EQ(receipt.lines[0].unit_price_minor_e4, 1'205'000);  // JPY: no cents
  EXPECT_EQ(receipt.lines[0].kind, LineKind::kReturn);
}

TEST(SalesFileTest, OrdersReceiptsByTimeWithinDays) {
  const auto file = Read(absl::StrCat(
      Mug({{"536365", "c"}, {"2010-12-01T08:26:00", "2010-12-02T09:00:00"}}),
      Mug({{"536365", "b"}, {"08:26", "10:00"}}),
      Mug({{"536365", "a"}, {"08:26", "09:30"}}),
      Mug({{"536365", "a2"}, {"08:26", "09:30"}})));
  ASSERT_TRUE(file.ok()) << file.status();
  std::string order;
  for (const SalesDay& day : file->days) {
    absl::StrAppend(&order, day.date, ":");
    for (const SalesReceipt& receipt : day.receipts) {
      absl::StrAppend(&order, " ", receipt.receipt_no);
    }
    absl::StrAppend(&order, "; ");
  }
  EXPECT_EQ(order, "20101201: a a2 b; 20101202: c; ");
}

TEST(SalesFileTest, AReceiptIsStoreAndNumber) {
  const auto file =
      Read(absl::StrCat(kMug, Mug({{"York", "Leeds"}}),
                        Mug({{"85123A", "other"}, {"08:26", "08:25"}})));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->receipt_count, 2);
  EXPECT_EQ(file->line_count, 3);
  // Its rows need not stand together, and its time is its earliest line's.
  const SalesReceipt& york = file->days[0].receipts.at(0);
  EXPECT_EQ(york.store, "York");
  EXPECT_EQ(york.lines.size(), 2u);
  EXPECT_EQ(york.time, absl::CivilSecond(2010, 12, 1, 8, 25, 0));
  EXPECT_THAT(file->stores, testing::ElementsAre("York", "Leeds"));
}

TEST(SalesFileTest, WorksOutAPriceThatTheFileDoesNotGive) {
  struct Case {
    const char* qty;
    const char* discount;
    const char* total;
    int64_t price;
    int64_t discount_minor;
  };
  // Whatever the price cannot say exactly, the discount does.
  for (const Case& c : {
           Case{"8396", "0.84", "18.46", 2'299, 84},  // fuel: 19.302404
           Case{"11673", "0", "28.01", 2'400, 1},     // 28.0152: one off
           Case{"50000", "0", "0.07", 2, 3},  // 1 would come to 0.05, 2 to 0.10
           Case{"-50000", "0", "-0.07", 2, -3},
           Case{"50000", "0", "-0.07", -2, -3},
           Case{"-3", "0", "-1.00", 333'333, 0}, Case{"0", "0", "0", 0, 0},
           Case{"0", "0.86", "0", 0, 0},  // no goods: nothing to discount
       }) {
    const auto file = Read(
        Mug({{",6,2.55,0.30,15,",
              absl::StrCat(",", c.qty, ",,", c.discount, ",", c.total, ",")}}));
    ASSERT_TRUE(file.ok()) << file.status();
    const SalesLine& line = file->days.at(0).receipts.at(0).lines.at(0);
    EXPECT_TRUE(line.price_derived);
    EXPECT_EQ(line.unit_price_minor_e4, c.price) << c.qty;
    EXPECT_EQ(line.discount_minor, c.discount_minor) << c.qty;
  }
}

TEST(SalesFileTest, TellsStockDocumentsFromSales) {
  const auto file = Read(absl::StrCat(
      Mug({{"sale", "adjust"}, {"536365", "1"}}),
      Mug({{"sale", "adjust"}, {"536365", "2"}}), Mug({{"536365", "2"}})));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(IsStockDocument(file->days[0].receipts[0]));
  EXPECT_FALSE(IsStockDocument(file->days[0].receipts[1]));
}

struct BadRow {
  std::string name;
  std::string row;
  std::string message;
};

class BadRowTest : public testing::TestWithParam<BadRow> {};

TEST_P(BadRowTest, IsNamedByRowAndColumn) {
  const auto file = Read(absl::StrCat(kMug, GetParam().row));
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(
      std::string(file.status().message()),
      AllOf(HasSubstr("till.csv: row 3, "), HasSubstr(GetParam().message),
            HasSubstr("nothing was read"), HasSubstr("--skip-bad")));

  const auto rest = Read(absl::StrCat(kMug, GetParam().row), true);
  ASSERT_TRUE(rest.ok()) << rest.status();
  EXPECT_EQ(rest->line_count, 1);
  ASSERT_EQ(rest->skipped.size(), 1u);
  EXPECT_EQ(rest->skipped[0].row, 3);
  EXPECT_THAT(rest->skipped[0].why, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BadRowTest,
    testing::Values(
        BadRow{"FieldCount", "a,b\n", "found 2 fields, want 14"},
        BadRow{"Quote", Mug({{"WHITE", "W\""}}), "has a quote inside"},
        BadRow{"Chain", Mug({{"uk,", "us,"}}),
               "column chain: found \"us\", want \"uk\""},
        BadRow{"StoreEmpty", Mug({{"York", ""}}),
               "column store: found nothing, want a text"},
        BadRow{"ReceiptLong", Mug({{"536365", std::string(101, '7')}}),
               "want at most 100 bytes"},
        BadRow{"SkuEmpty", Mug({{"85123A", ""}}), "column sku: found nothing"},
        BadRow{
            "Latin1", Mug({{"WHITE", "caf\xE9"}}),
            "column description: found \"caf\\xe9 MUG\", want text in UTF-8"},
        BadRow{"Time", Mug({{"2010-12-01T08:26:00", "01.12.2010"}}),
               "column timestamp: found \"01.12.2010\", want the shop's local"},
        BadRow{"TimeNoSuchDay", Mug({{"2010-12-01", "2010-02-30"}}),
               "column timestamp"},
        BadRow{"TimeNoSuchMonth", Mug({{"2010-12-01", "2010-13-01"}}),
               "column timestamp"},
        BadRow{"TimeNoSuchHour", Mug({{"08:26", "24:26"}}), "column timestamp"},
        BadRow{"TimeZone", Mug({{"08:26:00", "08:26:00Z"}}),
               "column timestamp"},
        BadRow{"QtyEmpty", Mug({{",6,2.55", ",,2.55"}}),
               "column qty: found nothing, want"},
        BadRow{"QtyWord", Mug({{",6,2.55", ",six,2.55"}}),
               "column qty: found \"six\", want"},
        BadRow{"QtyFine", Mug({{",6,2.55", ",6.0001,2.55"}}),
               "column qty: found \"6.0001\", want more than 3"},
        BadRow{"QtyHuge", Mug({{",6,2.55", ",100000000.001,2.55"}}),
               "column qty"},
        BadRow{"PriceWord", Mug({{"2.55", "2,55"}}), "found 15 fields"},
        BadRow{"PriceFine", Mug({{"2.55", "2.5500001"}}), "column unit_price"},
        BadRow{"PriceHuge", Mug({{"2.55", "1000000000.01"}}),
               "column unit_price"},
        BadRow{"AmountHuge", Mug({{",6,2.55,", ",60000,100000,"}}),
               "column unit_price: found \"100000\", want a line amount of at "
               "most 1000000000.00"},
        BadRow{"NoPriceNoTotal", Mug({{",2.55,0.30,15,", ",,0.30,,"}}),
               "column unit_price: found nothing, want a price, or"},
        BadRow{"NoPriceNoQuantity", Mug({{",6,2.55,0.30,15,", ",0,,0.30,15,"}}),
               "column qty: found \"0\", want a quantity other than 0"},
        BadRow{"Discount", Mug({{"0.30", "10%"}}),
               "column discount: found \"10%\", want"},
        BadRow{"Total", Mug({{",15,", ",15.02,"}}),
               "column line_total: found \"15.02\", want qty * unit_price - "
               "discount, which is 15.00"},
        BadRow{"Currency", Mug({{"GBP", "GPB"}}),
               "column currency: found \"GPB\", want"},
        BadRow{"CurrencyOther", Mug({{"GBP", "EUR"}}),
               "column currency: found \"EUR\", want GBP as in row 2"},
        BadRow{"Kind", Mug({{"sale", "gift"}}),
               "column kind: found \"gift\", want sale, return, adjust"}),
    [](const auto& info) { return info.param.name; });

TEST(SalesFileTest, CountsFurtherBrokenRows) {
  const std::string bad = Mug({{"sale", "gift"}});
  EXPECT_THAT(
      std::string(Read(absl::StrCat(bad, kMug, bad, bad)).status().message()),
      AllOf(HasSubstr("row 2, "), HasSubstr("(and 2 more broken rows)")));
}

TEST(SalesFileTest, NamesAMissingOrDoubledColumn) {
  const auto missing =
      ReadSales(CsvOf("store,sku\nYork,a\n").get(), "till.csv");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(missing.status().message()),
              HasSubstr("till.csv: row 1: no column receipt_no"));
  const auto twice = ReadSales(CsvOf("store,sku,store\n").get(), "till.csv");
  EXPECT_THAT(std::string(twice.status().message()),
              HasSubstr("column store is there twice"));
  const auto empty = ReadSales(CsvOf("").get(), "till.csv");
  EXPECT_THAT(std::string(empty.status().message()),
              HasSubstr("till.csv: the file is empty"));
}

TEST(SalesFileTest, BoundsReceiptsAndBrokenRows) {
  std::string rows;
  for (size_t i = 0; i < kReceiptLineCountMax; ++i) rows += kMug;
  EXPECT_TRUE(Read(rows).ok());
  EXPECT_THAT(std::string(Read(rows + kMug).status().message()),
              HasSubstr("at most 10000 lines in a receipt"));

  const std::string bad = "x\n";
  std::string bads;
  for (size_t i = 0; i < kSkippedRowCountMax; ++i) bads += bad;
  EXPECT_TRUE(Read(bads, true).ok());
  const auto too_many = Read(bads + bad, true);
  EXPECT_EQ(too_many.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(too_many.status().message()),
              HasSubstr("more than 10000 broken rows"));
}

TEST(SalesFileTest, BoundsRows) {
  EXPECT_EQ(SalesFileOptions().row_count_max, kSalesRowCountMax);
  const std::string text = absl::StrCat(kHeader, kMug, kMug);
  EXPECT_TRUE(
      ReadSales(CsvOf(text).get(), "till.csv", {.row_count_max = 3}).ok());
  const auto file = ReadSales(CsvOf(text + "x").get(), "till.csv",
                              {.skip_bad = true, .row_count_max = 3});
  EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(file.status().message()),
              HasSubstr("more than 3 rows"));
}

TEST(SalesFileTest, PassesDamageOn) {
  CsvReader csv(
      [sent = false](char* buffer, size_t) mutable -> absl::StatusOr<size_t> {
        if (sent) return absl::DataLossError("the file is damaged");
        sent = true;
        const std::string text = absl::StrCat(kHeader, kMug);
        text.copy(buffer, text.size());
        return text.size();
      });
  const auto file = ReadSales(&csv, "till.csv", {.skip_bad = true});
  EXPECT_EQ(file.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(file.status().message()),
              HasSubstr("till.csv: after row 2: the file is damaged"));
  EXPECT_EQ(ReadSalesFile("/nonexistent/till.csv").status().code(),
            absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace branchline::drill
