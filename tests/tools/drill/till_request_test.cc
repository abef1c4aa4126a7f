#include "tools/drill/till_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/status_matchers.h"
#include "tests/tools/drill/csv_text.h"

namespace branchline::drill {
namespace {

using ::testing::HasSubstr;

constexpr char kHeader[] =
    "store,receipt_no,timestamp,sku,qty,unit_price,discount,currency,kind\n";

SalesFile Read(const std::string& rows) {
  auto file = ReadSales(CsvOf(absl::StrCat(kHeader, rows)).get(), "a.csv");
  EXPECT_TRUE(file.ok()) << file.status();
  return *std::move(file);
}

absl::StatusOr<TillRequest> Request(const std::string& rows,
                                    uint64_t seed = 1) {
  const SalesFile file = Read(rows);
  return RequestMaker{seed}.Of(file.days[0].receipts[0], file.days[0].date);
}

TEST(TillRequestTest, LinesKeepTheirKinds) {
  const auto request = Request(
      "A,1,2024-01-02T09:00:00,tea,2,1.005,0.10,GBP,sale\n"
      "A,1,2024-01-02T09:00:00,pen,-1,3,0,GBP,return\n"
      "A,1,2024-01-02T09:00:00,bag,1,0,0,GBP,adjust\n"
      "A,1,2024-01-02T09:00:00,cup,-1,0,0,GBP,adjust\n"
      "A,1,2024-01-02T09:00:00,fee,0,0,-0.30,GBP,adjust\n");
  ASSERT_THAT(request, IsOk());
  const auto& ring = std::get<v1::RingRequest>(*request);
  ASSERT_EQ(ring.lines_size(), 5);
  EXPECT_EQ(ring.lines(0).kind(), v1::LINE_KIND_SALE);
  EXPECT_EQ(ring.lines(0).quantity_milli(), 2'000);
  EXPECT_EQ(ring.lines(0).unit_price_minor_e4(), 1'005'000);
  EXPECT_EQ(ring.lines(0).discount_minor(), 10);
  EXPECT_EQ(ring.lines(1).kind(), v1::LINE_KIND_RETURN);
  EXPECT_EQ(ring.lines(2).kind(), v1::LINE_KIND_FREE);
  EXPECT_EQ(ring.lines(3).kind(), v1::LINE_KIND_RETURN);
  EXPECT_EQ(ring.lines(4).kind(), v1::LINE_KIND_SALE);
  EXPECT_EQ(ring.currency(), "GBP");
  EXPECT_EQ(ring.date(), 20240102u);
  EXPECT_EQ(ring.reference(), "A|1");
  EXPECT_EQ(ring.header().business_at_unix_micros(), 1'704'186'000'000'000);
}

TEST(TillRequestTest, ADocumentOfAdjustLinesChangesStock) {
  const auto request = Request(
      "A,D,2024-01-02T09:00:00,tea,5,0.5,0,GBP,adjust\n"
      "A,D,2024-01-02T09:00:00,pen,-2,0,0,GBP,adjust\n");
  ASSERT_THAT(request, IsOk());
  const auto& change = std::get<v1::ChangeStockRequest>(*request);
  ASSERT_EQ(change.lines_size(), 2);
  EXPECT_EQ(change.lines(0).quantity_milli(), 5'000);
  EXPECT_EQ(change.lines(0).unit_price_minor_e4(), 500'000);
  EXPECT_EQ(change.lines(1).quantity_milli(), -2'000);
}

TEST(TillRequestTest, ADiscountOfAStockDocumentBecomesPartOfThePrice) {
  const auto request =
      Request("A,D,2024-01-02T09:00:00,tea,4,1.00,0.40,GBP,adjust\n");
  ASSERT_THAT(request, IsOk());
  EXPECT_EQ(
      std::get<v1::ChangeStockRequest>(*request).lines(0).unit_price_minor_e4(),
      900'000);
  EXPECT_THAT(Request("A,D,2024-01-02T09:00:00,tea,0,1.00,0.40,GBP,adjust\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("row 2: column discount")));
}

TEST(TillRequestTest, TooManyLinesAreRefusedByRow) {
  std::string rows;
  for (int i = 0; i < 1'001; ++i) {
    rows += "A,1,2024-01-02T09:00:00,tea,1,1,0,GBP,sale\n";
  }
  EXPECT_THAT(Request(rows), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr("1001 lines")));
}

TEST(TillRequestTest, TheSameSeedGivesTheSameIds) {
  const std::string row = "A,1,2024-01-02T09:00:00,tea,1,1,0,GBP,sale\n";
  const auto id = [&](uint64_t seed) {
    return std::get<v1::RingRequest>(*Request(row, seed)).header().command_id();
  };
  EXPECT_EQ(id(1).size(), 16u);
  EXPECT_EQ(id(1), id(1));
  EXPECT_NE(id(1), id(2));
}

TEST(TillRequestTest, ReferencesTellReceiptsApart) {
  const auto of = [](const std::string& store, const std::string& number) {
    SalesReceipt receipt;
    receipt.store = store;
    receipt.receipt_no = number;
    return ReferenceOf(receipt);
  };
  EXPECT_EQ(of("A", "1"), "A|1");
  EXPECT_NE(of("A|1", "2"), of("A", "1|2"));
  EXPECT_EQ(of(std::string(70, 'x'), "1").size(), 64u);
  EXPECT_NE(of(std::string(70, 'x'), "1"), of(std::string(70, 'x'), "2"));
}

}  // namespace
}  // namespace branchline::drill
