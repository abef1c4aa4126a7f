#include "tools/drill/demo_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "tests/tools/drill/csv_text.h"
#include "tools/drill/demo_assortment.h"
#include "tools/drill/expected_books.h"
#include "tools/drill/sales_file.h"

namespace branchline::drill {
namespace {

std::string Csv(const DemoChainOptions& options) {
  std::string csv;
  const absl::Status status = WriteDemoChain(
      options,
      [&](absl::string_view text) { csv.append(text.data(), text.size()); });
  EXPECT_TRUE(status.ok()) << status;
  return csv;
}

SalesFile Read(const std::string& csv) {
  auto file = ReadSales(CsvOf(csv).get(), "demo.csv");
  EXPECT_TRUE(file.ok()) << file.status();
  return *std::move(file);
}

bool HasChinese(const std::string& text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0xE4) return true;
  }
  return false;
}

TEST(DemoAssortmentTest, LooksLikeASupermarkets) {
  const std::vector<DemoItem> items = DemoAssortment();
  EXPECT_GE(items.size(), 1'100u);
  EXPECT_LE(items.size(), 1'300u);
  std::set<std::string> skus;
  std::set<std::string> names;
  std::set<std::string> categories;
  for (const DemoItem& item : items) {
    SCOPED_TRACE(item.name_en);
    EXPECT_TRUE(skus.insert(item.sku).second) << "SKU is there twice";
    EXPECT_TRUE(names.insert(item.name_en).second) << "name is there twice";
    categories.insert(item.category_en);
    ASSERT_EQ(item.sku.size(), 13u);
    int sum = 0;
    for (size_t i = 0; i < 13; ++i) {
      sum += (item.sku[i] - '0') * (i % 2 == 0 ? 1 : 3);
    }
    EXPECT_EQ(sum % 10, 0) << "check digit";
    EXPECT_EQ(item.sku.substr(0, 2), "20");
    EXPECT_GE(item.price_minor, 45);
    EXPECT_LE(item.price_minor, 7'000);
    EXPECT_EQ(item.price_minor % 5, 0) << "no such coin";
    EXPECT_FALSE(item.name_en.empty());
    EXPECT_TRUE(HasChinese(item.name_zh));
    EXPECT_TRUE(HasChinese(item.category_zh));
    EXPECT_FALSE(HasChinese(item.name_en));
  }
  EXPECT_GE(categories.size(), 12u);
}

TEST(DemoAssortmentTest, BiggerPacksCostMoreButLessByTheGram) {
  std::map<std::string, int64_t> price;
  for (const DemoItem& item : DemoAssortment()) {
    price[item.name_en] = item.price_minor;
  }
  for (const auto& [small, big, times] :
       {std::tuple("Everyday Jasmine Rice 1 kg", "Everyday Jasmine Rice 5 kg",
                   5),
        std::tuple("Everyday Cola 330 ml", "Everyday Cola 6 x 330 ml", 6),
        std::tuple("Everyday Drinking Water 600 ml",
                   "Everyday Drinking Water 6 x 1.5 L", 15),
        std::tuple("Bright House Floor Cleaner 1 L",
                   "Bright House Floor Cleaner 2 L", 2)}) {
    ASSERT_TRUE(price.count(small)) << small;
    ASSERT_TRUE(price.count(big)) << big;
    EXPECT_GT(price[big], price[small]) << big;
    EXPECT_LT(price[big], price[small] * times) << big;
  }
}

TEST(DemoAssortmentTest, NamesAreReadable) {
  std::map<std::string, std::string> zh;
  for (const DemoItem& item : DemoAssortment()) {
    zh[item.name_en] = item.name_zh;
  }
  EXPECT_EQ(zh["Golden Lantern Oolong Tea 100 g"], "金灯笼乌龙茶 100克");
  EXPECT_EQ(zh["Bananas"], "香蕉");
  EXPECT_EQ(zh["Everyday Drinking Water 6 x 1.5 L"], "天天饮用水 6x1.5升");
}

TEST(DemoChainTest, TheSameSeedGivesTheSameBytes) {
  const DemoChainOptions options{.seed = 5, .days = 2};
  const std::string csv = Csv(options);
  EXPECT_EQ(csv, Csv(options));
  EXPECT_NE(csv, Csv({.seed = 6, .days = 2}));
  EXPECT_TRUE(absl::StartsWith(Csv({.seed = 5, .days = 3}), csv))
      << "more days go on from where fewer days end";
}

TEST(DemoChainTest, IsAGoodSalesFileWithEverythingInIt) {
  const SalesFile file = Read(Csv({.seed = 1, .days = 7}));
  EXPECT_EQ(file.days.size(), 7u);
  EXPECT_EQ(file.days.front().date, 20260302u);
  EXPECT_EQ(file.stores.size(), DemoBranches().size());
  int64_t returns = 0;
  int64_t exchanges = 0;
  int64_t stock_documents = 0;
  int64_t free_lines = 0;
  int64_t discounts = 0;
  int64_t weighed = 0;
  int64_t of_members = 0;
  int64_t sales = 0;
  for (const SalesDay& day : file.days) {
    for (const SalesReceipt& receipt : day.receipts) {
      if (IsStockDocument(receipt)) {
        ++stock_documents;
        EXPECT_LE(receipt.lines.size(), kDemoDocumentLines);
        continue;
      }
      bool has_return = false;
      bool has_sale = false;
      ++sales;
      if (!receipt.lines[0].member_id.empty()) ++of_members;
      for (const SalesLine& line : receipt.lines) {
        has_return |= line.kind == LineKind::kReturn;
        has_sale |= line.kind == LineKind::kSale;
        free_lines += line.kind == LineKind::kAdjust ? 1 : 0;
        discounts += line.discount_minor > 0 ? 1 : 0;
        weighed += line.quantity_milli % 1'000 != 0 ? 1 : 0;
        EXPECT_EQ(line.quantity_milli < 0, line.kind == LineKind::kReturn);
      }
      returns += has_return ? 1 : 0;
      exchanges += has_return && has_sale ? 1 : 0;
    }
  }
  EXPECT_GE(stock_documents, 8 * (12 + 6));
  EXPECT_GE(returns, sales / 100);
  EXPECT_LE(returns, sales / 30);
  EXPECT_GE(exchanges, 5);
  EXPECT_GE(free_lines, 20);
  EXPECT_GE(discounts, sales / 10);
  EXPECT_GE(weighed, sales / 10);
  EXPECT_GE(of_members, sales * 35 / 100);
  EXPECT_LE(of_members, sales * 45 / 100);
}

TEST(DemoChainTest, WeekendsAreBusyAndShelvesAreFull) {
  const ExpectedBooks books = ComputeExpectedBooks(
      Read(Csv({.seed = 2, .days = 7})),
      [](absl::string_view store) { return std::string(store); });
  const Book days = SumOverBranches(books.by_day);
  const auto net = [&](const char* day) {
    return days.at({"", day, "SGD"}).net_minor;
  };
  EXPECT_GT(net("2026-03-07"), net("2026-03-03") * 5 / 4);  // Sat over Tue
  EXPECT_GT(net("2026-03-08"), net("2026-03-03") * 9 / 8);  // Sun
  int64_t empty = 0;
  for (const auto& [key, milli] : books.on_hand_milli) {
    empty += milli <= 0 ? 1 : 0;
  }
  EXPECT_LE(empty * 100, static_cast<int64_t>(books.on_hand_milli.size()));
}

TEST(DemoChainTest, RefusesWhatIsOutOfRange) {
  const auto code = [](const DemoChainOptions& options) {
    return WriteDemoChain(options, [](absl::string_view) {}).code();
  };
  EXPECT_EQ(code({.days = 0}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.days = kDemoDaysMax + 1}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.days = 1, .receipts_per_branch_day = 0}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.days = 1, .receipts_per_branch_day = kDemoReceiptsMax + 1}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({.days = 1, .receipts_per_branch_day = 1}),
            absl::StatusCode::kOk);
}

}  // namespace
}  // namespace branchline::drill
