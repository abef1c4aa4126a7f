// The drill's reader and arithmetic against files and totals that nobody here
// wrote. They are no part of the repository: BRANCHLINE_SALES_FILES names their
// folder, and without it these tests skip.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tools/drill/exact.h"
#include "tools/drill/expected_books.h"
#include "tools/drill/sales_file.h"

namespace branchline::drill {
namespace {

// What a *.totals.json says of one cell; amounts to 10^-6 of the currency.
struct Cell {
  int64_t lines = 0;
  int64_t receipts = 0;
  int64_t quantity_milli = 0;
  int64_t net_e6 = 0;

  friend bool operator==(const Cell&, const Cell&) = default;
};
void PrintTo(const Cell& cell, std::ostream* out) {
  *out << cell.lines << " lines, " << cell.receipts << " receipts, "
       << cell.quantity_milli << " milli, net " << cell.net_e6 << " e-6";
}

std::string PathOf(const std::string& name) {
  const char* const folder = std::getenv("BRANCHLINE_SALES_FILES");
  return absl::StrCat(folder == nullptr ? "" : folder, "/", name);
}

int64_t Count(const std::string& text, int decimals) {
  return ExactCount(*ReadDecimal(text), decimals, INT64_MAX).value();
}

std::map<std::string, Cell> PublishedTotals(const std::string& name) {
  std::ifstream in(PathOf(name));
  std::stringstream text;
  text << in.rdbuf();
  google::protobuf::Struct json;
  EXPECT_TRUE(
      google::protobuf::util::JsonStringToMessage(text.str(), &json).ok());
  std::map<std::string, Cell> cells;
  for (const auto& [key, value] : json.fields()) {
    const auto& fields = value.struct_value().fields();
    cells[key] = {
        .lines = static_cast<int64_t>(fields.at("lines").number_value()),
        .receipts = static_cast<int64_t>(fields.at("receipts").number_value()),
        .quantity_milli = Count(fields.at("qty").string_value(), 3),
        .net_e6 = Count(fields.at("net").string_value(), 6)};
  }
  return cells;
}

// The same cells from our books (whose store is the branch), to the minor unit.
std::map<std::string, Cell> OurTotals(const ExpectedBooks& books) {
  std::map<std::string, Cell> cells;
  const auto add = [&cells](const std::string& key, const BookTotals& totals) {
    Cell& cell = cells[key];
    cell.lines += totals.lines;
    cell.receipts += totals.receipts;
    cell.quantity_milli += totals.quantity_milli;
    cell.net_e6 += totals.net_minor * 10'000;
  };
  for (const auto& [key, totals] : books.by_branch) {
    add(absl::StrCat("store/", key.branch), totals);
    add("all", totals);
  }
  for (const auto& [key, totals] : books.by_day) {
    add(absl::StrCat("day/", key.key), totals);
  }
  for (const auto& [key, totals] : books.by_month) {
    add(absl::StrCat("month/", key.key), totals);
    add(absl::StrCat("store-month/", key.branch, "/", key.key), totals);
  }
  return cells;
}

// Published nets are not rounded line by line as ours are: by this much a cell
// may be off. Both files have next to no lines that need rounding.
constexpr int64_t kRoundingE6 = 10'000;

void CompareWithPublished(const ExpectedBooks& books, const std::string& name) {
  const auto ours = OurTotals(books);
  int64_t compared = 0;
  for (auto [key, published] : PublishedTotals(name)) {
    if (absl::StartsWith(key, "kind/") || absl::StartsWith(key, "member/") ||
        absl::StartsWith(key, "category/")) {
      continue;
    }
    ASSERT_TRUE(ours.contains(key)) << key;
    const Cell& cell = ours.at(key);
    EXPECT_LE(std::abs(cell.net_e6 - published.net_e6), kRoundingE6) << key;
    published.net_e6 = cell.net_e6;
    EXPECT_EQ(cell, published) << key;
    ++compared;
  }
  EXPECT_EQ(compared, static_cast<int64_t>(ours.size()));
}

ExpectedBooks BooksByStore(const std::string& name) {
  const auto file = ReadSalesFile(PathOf(name));
  EXPECT_TRUE(file.ok()) << file.status();
  if (!file.ok()) return {};
  return ComputeExpectedBooks(
      *file, [](absl::string_view store) { return std::string(store); });
}

class RealFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(PathOf("SUMMARY.json"))) {
      GTEST_SKIP() << "BRANCHLINE_SALES_FILES names no folder with them";
    }
  }
};

TEST_F(RealFilesTest, UkRetail) {
  const ExpectedBooks books = BooksByStore("ukretail.csv.gz");
  EXPECT_EQ(books.lines, 320'705);
  EXPECT_EQ(books.receipts, 16'459);
  EXPECT_EQ(DecimalText(books.by_currency.at("GBP").net_minor, 2),
            "5761931.38");
  CompareWithPublished(books, "ukretail.totals.json");
}

TEST_F(RealFilesTest, Journey) {
  const ExpectedBooks books = BooksByStore("journey.csv.gz");
  EXPECT_EQ(books.lines, 55'876);
  EXPECT_EQ(books.receipts, 35'288);
  EXPECT_EQ(DecimalText(books.by_currency.at("USD").net_minor, 2), "172673.08");
  CompareWithPublished(books, "journey.totals.json");
}

}  // namespace
}  // namespace branchline::drill
