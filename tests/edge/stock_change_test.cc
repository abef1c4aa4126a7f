#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class StockChangeTest : public EdgeFixture {
 protected:
  StockChangeTest() { BL_CHECK(OpenDay().ok(), "the day opens"); }

  static v1::ChangeStockRequest Change(v1::StockChangeReason reason,
                                       int64_t quantity_milli) {
    v1::ChangeStockRequest request;
    request.set_reason(reason);
    request.add_lines()->set_sku("PEN");
    request.mutable_lines(0)->set_quantity_milli(quantity_milli);
    return request;
  }
};

TEST_F(StockChangeTest, MovesGoodsBetweenTheRightPlaces) {
  ASSERT_THAT(Run(Change(v1::STOCK_CHANGE_REASON_RECEIVED, 48'000)), IsOk());
  ASSERT_THAT(Run(Change(v1::STOCK_CHANGE_REASON_COUNTED, 2'000)), IsOk());
  ASSERT_THAT(Run(Change(v1::STOCK_CHANGE_REASON_DAMAGED, -1'000)), IsOk());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:PEN"), 49'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SUPPLIER, "sku:PEN"), -48'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_FOUND, "sku:PEN"), -2'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SHRINKAGE, "sku:PEN"), 1'000);
}

TEST_F(StockChangeTest, MoneyCountsInTheDayAndTakesNoReceiptNumber) {
  v1::ChangeStockRequest request = Change(v1::STOCK_CHANGE_REASON_OTHER, 1'000);
  request.mutable_lines(0)->set_unit_price_minor_e4(-1'106'206 * 10'000LL);
  ASSERT_THAT(Run(request), IsOk());
  const v1::DayClosed seal = CloseDay()->event.day_closed();
  EXPECT_EQ(seal.receipts(), 1u);
  EXPECT_EQ(seal.totals(0).net_minor(), -1'106'206);
  ASSERT_THAT(OpenDay(20261122), IsOk());
  EXPECT_EQ(Run(Sale())->event.sale().receipt_counter(), 1u);
}

TEST_F(StockChangeTest, ACountMayFindNoDifference) {
  ASSERT_THAT(Run(Change(v1::STOCK_CHANGE_REASON_COUNTED, 0)), IsOk());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:PEN"), 0);
  EXPECT_EQ(CloseDay()->event.day_closed().receipts(), 1u);
}

TEST_F(StockChangeTest, RefusesWhatMakesNoSense) {
  EXPECT_THAT(Run(Change(v1::STOCK_CHANGE_REASON_UNSPECIFIED, 1)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("reason 0 of a stock change")));
  EXPECT_THAT(Run(Change(v1::STOCK_CHANGE_REASON_OTHER, 0)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("line 1 (SKU PEN): quantity is 0")));
  v1::ChangeStockRequest unknown = Change(v1::STOCK_CHANGE_REASON_OTHER, 1);
  unknown.mutable_lines(0)->set_sku("X");
  EXPECT_THAT(Run(unknown),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no such SKU")));
}

}  // namespace
}  // namespace branchline
