#include "tools/drill/expected_books.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/tools/drill/csv_text.h"

namespace branchline::drill {
namespace {

constexpr char kHeader[] =
    "store,receipt_no,timestamp,sku,qty,unit_price,discount,currency,kind\n";

// North and Mid are branch b1, South is b2.
constexpr char kRows[] =
    // A sale of two SKUs, one of them twice, over midnight: the day it began.
    "North,1,2024-01-31T23:59:00,tea,2,1.005,0,GBP,sale\n"    // 2.01
    "North,1,2024-02-01T00:01:00,tea,1,0.005,0,GBP,sale\n"    // 0.01
    "North,1,2024-02-01T00:01:00,pen,1,3.00,0.50,GBP,sale\n"  // 2.50
    // A return brings in.
    "Mid,1,2024-02-01T10:00:00,tea,-1,1.005,0,GBP,return\n"  // -1.01
    // An adjust line beside a sale line takes out, with its own figures.
    "North,2,2024-02-01T11:00:00,pen,1,3,0,GBP,sale\n"
    "North,2,2024-02-01T11:00:00,bag,1,0,0,GBP,adjust\n"
    // Adjust lines alone: plus is in, and money counts.
    "South,D1,2024-02-01T06:00:00,tea,50,0,0,GBP,adjust\n"
    "South,D1,2024-02-01T06:00:00,pen,-4.5,0,0,GBP,adjust\n"
    "South,D2,2024-02-01T07:00:00,debt,1,-110.62,0,GBP,adjust\n"
    // Another currency, another sum.
    "South,7,2024-02-02T09:00:00,tea,3,100.5,0,JPY,sale\n";  // 301.5 -> 302

ExpectedBooks Books() {
  const auto file =
      ReadSales(CsvOf(absl::StrCat(kHeader, kRows)).get(), "till.csv");
  EXPECT_TRUE(file.ok()) << file.status();
  return ComputeExpectedBooks(*file, [](absl::string_view store) {
    return std::string(store == "South" ? "b2" : "b1");
  });
}

BookTotals Totals(int64_t receipts, int64_t lines, int64_t quantity_milli,
                  int64_t discount_minor, int64_t net_minor) {
  return {receipts, lines, quantity_milli, discount_minor, net_minor};
}

TEST(ExpectedBooksTest, SumsPerBranchAndCurrency) {
  const ExpectedBooks books = Books();
  EXPECT_EQ(books.by_branch,
            (Book{{{"b1", "", "GBP"}, Totals(3, 6, 5'000, 50, 651)},
                  {{"b2", "", "GBP"}, Totals(2, 3, 46'500, 0, -11'062)},
                  {{"b2", "", "JPY"}, Totals(1, 1, 3'000, 0, 302)}}));
  EXPECT_EQ(books.receipts, 6);
  EXPECT_EQ(books.lines, 10);
}

TEST(ExpectedBooksTest, NeverSumsOverCurrencies) {
  const ExpectedBooks books = Books();
  ASSERT_EQ(books.by_currency.size(), 2u);
  EXPECT_EQ(books.by_currency.at("GBP"), Totals(5, 9, 51'500, 50, -10'411));
  EXPECT_EQ(books.by_currency.at("JPY"), Totals(1, 1, 3'000, 0, 302));
}

TEST(ExpectedBooksTest, PutsAReceiptOnTheDayItBegan) {
  const ExpectedBooks books = Books();
  EXPECT_EQ(
      books.by_day,
      (Book{{{"b1", "2024-01-31", "GBP"}, Totals(1, 3, 4'000, 50, 452)},
            {{"b1", "2024-02-01", "GBP"}, Totals(2, 3, 1'000, 0, 199)},
            {{"b2", "2024-02-01", "GBP"}, Totals(2, 3, 46'500, 0, -11'062)},
            {{"b2", "2024-02-02", "JPY"}, Totals(1, 1, 3'000, 0, 302)}}));
  EXPECT_EQ(books.by_month,
            (Book{{{"b1", "2024-01", "GBP"}, Totals(1, 3, 4'000, 50, 452)},
                  {{"b1", "2024-02", "GBP"}, Totals(2, 3, 1'000, 0, 199)},
                  {{"b2", "2024-02", "GBP"}, Totals(2, 3, 46'500, 0, -11'062)},
                  {{"b2", "2024-02", "JPY"}, Totals(1, 1, 3'000, 0, 302)}}));
}

TEST(ExpectedBooksTest, CountsAReceiptOncePerSku) {
  const ExpectedBooks books = Books();
  EXPECT_EQ((books.by_sku.at({"b1", "tea", "GBP"})),
            Totals(2, 3, 2'000, 0, 101));
  EXPECT_EQ((SumOverBranches(books.by_sku).at({"", "pen", "GBP"})),
            Totals(3, 3, -2'500, 50, 550));
}

TEST(ExpectedBooksTest, StockFollowsTheKindOfDocument) {
  using OnHand = decltype(ExpectedBooks::on_hand_milli);
  EXPECT_EQ(Books().on_hand_milli, (OnHand{{{"b1", "bag"}, -1'000},
                                           {{"b1", "pen"}, -2'000},
                                           {{"b1", "tea"}, -2'000},
                                           {{"b2", "debt"}, 1'000},
                                           {{"b2", "pen"}, -4'500},
                                           {{"b2", "tea"}, 47'000}}));
}

}  // namespace
}  // namespace branchline::drill
