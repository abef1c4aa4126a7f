#include "tools/drill/compare_books.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/tools/drill/csv_text.h"

namespace branchline::drill {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kRows[] =
    "store,receipt_no,timestamp,sku,qty,unit_price,discount,currency,kind\n"
    "North,1,2024-01-31T10:00:00,tea,2,1.005,0,GBP,sale\n"
    "North,1,2024-01-31T10:00:00,pen,1,3.00,0.50,GBP,sale\n"
    "South,1,2024-02-01T10:00:00,tea,1,2.00,0,GBP,sale\n"
    "South,1,2024-02-02T10:00:00,tea,-1,2.00,0,GBP,return\n"
    "South,2,2024-02-02T11:00:00,tea,3,100.5,0,JPY,sale\n";

ExpectedBooks Expected() {
  const auto file = ReadSales(CsvOf(kRows).get(), "till.csv");
  EXPECT_TRUE(file.ok()) << file.status();
  return ComputeExpectedBooks(
      *file, [](absl::string_view store) { return std::string(store); });
}

// A hub that has everything right.
HubBooks Right() {
  const ExpectedBooks expected = Expected();
  HubBooks books{expected.by_branch,
                 expected.by_day,
                 expected.by_month,
                 expected.by_sku,
                 {},
                 {}};
  for (const char* report : {"SALES_BY_BRANCH", "SALES_BY_SKU"}) {
    books.by_currency.emplace_back(report, expected.by_currency);
  }
  for (auto& [key, totals] : books.by_sku) totals.receipts = 0;
  for (auto& [currency, totals] : books.by_currency[1].second) {
    totals.receipts = 0;
  }
  // The hub lists no SKU of which there is none.
  for (const auto& [key, milli] : expected.on_hand_milli) {
    if (milli != 0) books.on_hand_milli[key] = milli;
  }
  return books;
}

std::vector<std::string> Found(const HubBooks& books) {
  Differences differences;
  Compare(Expected(), books, &differences);
  EXPECT_EQ(differences.count, static_cast<int64_t>(differences.first.size()));
  return differences.first;
}

TEST(CompareBooksTest, RightBooksDifferInNothing) {
  EXPECT_THAT(Found(Right()), IsEmpty());
}

TEST(CompareBooksTest, OnePennyIsFoundWhereverItIs) {
  HubBooks books = Right();
  books.by_branch[{"North", "", "GBP"}].net_minor += 1;
  EXPECT_THAT(Found(books),
              ElementsAre("North GBP: net is 4.52, the file comes to 4.51"));
  books = Right();
  books.by_day[{"South", "2024-02-02", "JPY"}].net_minor -= 1;
  EXPECT_THAT(Found(books),
              ElementsAre("South 2024-02-02 JPY: net is 301, the file comes to "
                          "302"));
  books = Right();
  books.by_month[{"North", "2024-01", "GBP"}].discount_minor += 1;
  EXPECT_THAT(Found(books), ElementsAre(HasSubstr("discount is 0.51")));
  books = Right();
  books.by_sku[{"North", "pen", "GBP"}].net_minor += 1;
  EXPECT_THAT(Found(books), ElementsAre(HasSubstr("North pen GBP: net")));
  books = Right();
  books.by_currency[1].second["JPY"].net_minor += 1;
  EXPECT_THAT(Found(books),
              ElementsAre(HasSubstr("total of SALES_BY_SKU JPY: net is 303")));
}

TEST(CompareBooksTest, OnePieceIsFoundAndSoIsAPieceTooMany) {
  HubBooks books = Right();
  books.on_hand_milli[{"North", "tea"}] += 1;
  EXPECT_THAT(Found(books),
              ElementsAre("North SKU tea: on hand is -1.999, the file comes to "
                          "-2.000"));
  books = Right();
  books.on_hand_milli.erase({"North", "pen"});
  EXPECT_THAT(Found(books), ElementsAre(HasSubstr("North SKU pen: on hand")));
  books = Right();
  books.on_hand_milli[{"North", "glue"}] = 1'000;
  EXPECT_THAT(Found(books), ElementsAre(HasSubstr("glue: on hand is 1.000")));
}

TEST(CompareBooksTest, ACellThatIsMissingOrStrangeIsFound) {
  HubBooks books = Right();
  books.by_day.erase({"North", "2024-01-31", "GBP"});
  EXPECT_THAT(Found(books),
              ElementsAre(HasSubstr("receipts is 0"), HasSubstr("lines is 0"),
                          HasSubstr("discount"), HasSubstr("net is 0.00")));
  books = Right();
  books.by_branch[{"West", "", "GBP"}].receipts = 1;
  EXPECT_THAT(Found(books), ElementsAre(HasSubstr("West GBP: receipts is 1")));
  books = Right();
  ++books.by_branch[{"South", "", "GBP"}].lines;
  EXPECT_THAT(Found(books), ElementsAre(HasSubstr("lines is 3")));
}

TEST(CompareBooksTest, ManyDifferencesAreCountedAndTheFirstShown) {
  Differences differences;
  Compare(ExpectedBooks(), HubBooks(), &differences);
  EXPECT_EQ(differences.count, 0);
  for (int i = 0; i < 100; ++i) differences.Add("x");
  EXPECT_EQ(differences.count, 100);
  EXPECT_EQ(differences.first.size(), kDifferencesShown);
}

}  // namespace
}  // namespace branchline::drill
