#include <limits>

#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class SaleTest : public EdgeFixture {
 protected:
  SaleTest() { BL_CHECK(OpenDay().ok(), "the day opens"); }
};

TEST_F(SaleTest, IsPricedNumberedAndPosted) {
  v1::RingRequest request = Sale("PEN", 3'000);
  *request.add_lines() = Sale("INK", 1'500).lines(0);
  request.mutable_lines(1)->set_discount_minor(50);
  const auto outcome = Run(request);
  ASSERT_THAT(outcome, IsOk());
  const v1::Sale& sale = outcome->event.sale();
  EXPECT_EQ(sale.receipt_no(), "S014-T1-1-000001");
  ASSERT_THAT(sale.lines(), SizeIs(2));
  EXPECT_EQ(sale.lines(0).amount_minor(), 597);
  EXPECT_EQ(sale.lines(1).amount_minor(), 450);  // round(499.5) - 50
  EXPECT_EQ(sale.total_minor(), 1'047);
  ASSERT_THAT(sale.tenders(), SizeIs(1));
  EXPECT_EQ(sale.tenders(0).amount_minor(), 1'047);

  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:PEN"), -3'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 3'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "cash:T1"), 1'047);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_REVENUE, "GBP"), -1'047);
}

TEST_F(SaleTest, ReceiptNumbersHaveNoGapAfterARefusal) {
  EXPECT_EQ(Run(Sale())->event.sale().receipt_counter(), 1u);
  EXPECT_THAT(Run(Sale("NOPE")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("NOPE")));
  EXPECT_EQ(Run(Sale())->event.sale().receipt_counter(), 2u);
}

TEST_F(SaleTest, MixedReceiptPaysTheDifferenceOut) {
  v1::RingRequest request = Sale("PEN", 1'000);
  *request.add_lines() = Sale("INK", -2'000).lines(0);
  request.mutable_lines(1)->set_kind(v1::LINE_KIND_RETURN);
  const auto outcome = Run(request);
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->event.sale().total_minor(), 199 - 666);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "cash:T1"), -467);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_REVENUE, "GBP"), -199);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_RETURNS, "GBP"), 666);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:INK"), 2'000);
}

// Seen in a real register's log: 296 lines of quantity 0, one with a coupon.
TEST_F(SaleTest, QuantityZeroMovesMoneyAlone) {
  v1::RingRequest request = Sale("PEN", 1'000);
  *request.add_lines() = Sale("INK", 0).lines(0);
  request.mutable_lines(1)->set_discount_minor(30);
  const auto outcome = Run(request);
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->event.sale().lines(1).amount_minor(), -30);
  EXPECT_EQ(outcome->event.sale().total_minor(), 199 - 30);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_ON_HAND, "sku:INK"), 0);
  EXPECT_EQ(CloseDay()->event.day_closed().totals(0).net_minor(), 169);
}

TEST_F(SaleTest, PriceZeroAndNegativeAreSold) {
  v1::RingRequest request = Sale("CARD", 2'000);
  request.mutable_lines(0)->set_unit_price_minor_e4(0);
  *request.add_lines() = Sale("CARD", 1'000).lines(0);
  request.mutable_lines(1)->set_unit_price_minor_e4(-12'345'678);
  const auto outcome = Run(request);
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->event.sale().total_minor(), -1'235);
  EXPECT_TRUE(outcome->event.sale().lines(1).price_overridden());
}

TEST_F(SaleTest, VoidedLineIsRecordedAndCountsNowhere) {
  v1::RingRequest request = Sale("PEN");
  *request.add_lines() = Sale("INK").lines(0);
  request.mutable_lines(1)->set_voided(true);
  const auto outcome = Run(request);
  ASSERT_THAT(outcome, IsOk());
  EXPECT_EQ(outcome->event.sale().total_minor(), 199);
  EXPECT_THAT(outcome->event.sale().lines(), SizeIs(2));
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:INK"), 0);
}

TEST_F(SaleTest, SplitTenderGoesToItsAccounts) {
  v1::RingRequest request = Sale("PEN", 2'000);
  v1::Tender* card = request.add_tenders();
  card->set_kind(v1::TENDER_KIND_CARD);
  card->set_amount_minor(300);
  v1::Tender* cash = request.add_tenders();
  cash->set_kind(v1::TENDER_KIND_CASH);
  cash->set_amount_minor(98);
  ASSERT_THAT(Run(request), IsOk());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "card:T1"), 300);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_TENDER, "GBP", "cash:T1"), 98);
}

struct RefusalCase {
  const char* name;
  void (*breakage)(v1::RingRequest&);
  absl::StatusCode code;
  const char* message;
};

class SaleRefusals : public SaleTest,
                     public ::testing::WithParamInterface<RefusalCase> {};

TEST_P(SaleRefusals, NameTheReasonAndKeepNothing) {
  const Cursor before = core_->state().head;
  v1::RingRequest request = Sale();
  GetParam().breakage(request);
  EXPECT_THAT(Run(request),
              StatusIs(GetParam().code, HasSubstr(GetParam().message)));
  EXPECT_EQ(core_->state().head, before);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 0);
}

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

INSTANTIATE_TEST_SUITE_P(
    Cases, SaleRefusals,
    ::testing::ValuesIn(std::vector<RefusalCase>{
        {"ShortCommandId",
         [](auto& r) { r.mutable_header()->set_command_id("abc"); },
         absl::StatusCode::kInvalidArgument, "command_id has 3 bytes, want 16"},
        {"NoLines", [](auto& r) { r.clear_lines(); },
         absl::StatusCode::kInvalidArgument, "receipt has 0 lines"},
        {"TooManyLines",
         [](auto& r) {
           for (int i = 0; i < 1'000; ++i) *r.add_lines() = r.lines(0);
         },
         absl::StatusCode::kInvalidArgument, "receipt has 1001 lines"},
        {"QuantityZeroForFree",
         [](auto& r) {
           r.mutable_lines(0)->set_kind(v1::LINE_KIND_FREE);
           r.mutable_lines(0)->set_quantity_milli(0);
         },
         absl::StatusCode::kInvalidArgument, "line 1 (SKU PEN): quantity is 0"},
        {"QuantityNegative",
         [](auto& r) { r.mutable_lines(0)->set_quantity_milli(-1'000); },
         absl::StatusCode::kInvalidArgument, "must be above 0"},
        {"QuantityHuge",
         [](auto& r) { r.mutable_lines(0)->set_quantity_milli(kMax); },
         absl::StatusCode::kOutOfRange, "is beyond 10000000"},
        {"PriceHuge",
         [](auto& r) { r.mutable_lines(0)->set_unit_price_minor_e4(kMax); },
         absl::StatusCode::kOutOfRange, "unit price"},
        {"DiscountOverflow",
         [](auto& r) {
           r.mutable_lines(0)->set_discount_minor(
               std::numeric_limits<int64_t>::min());
         },
         absl::StatusCode::kOutOfRange, "does not fit 64 bits"},
        {"TotalOverflow",
         [](auto& r) {
           r.mutable_lines(0)->set_discount_minor(-kMax + 1'000);
           *r.add_lines() = r.lines(0);
         },
         absl::StatusCode::kOutOfRange, "total of the receipt"},
        {"UnknownKind",
         [](auto& r) {
           r.mutable_lines(0)->set_kind(static_cast<v1::LineKind>(99));
         },
         absl::StatusCode::kInvalidArgument, "newer than this program"},
        {"UnknownSku", [](auto& r) { r.mutable_lines(0)->set_sku("X"); },
         absl::StatusCode::kNotFound, "no such SKU in the catalogue of S014"},
        {"NoPrice", [](auto& r) { r.mutable_lines(0)->set_sku("CARD"); },
         absl::StatusCode::kNotFound, "the item has no price in GBP"},
        {"Delisted", [](auto& r) { r.mutable_lines(0)->set_sku("GONE"); },
         absl::StatusCode::kFailedPrecondition, "delisted"},
        {"BadCurrency", [](auto& r) { r.set_currency("gbp"); },
         absl::StatusCode::kInvalidArgument, "gbp"},
        {"TenderShort",
         [](auto& r) {
           r.add_tenders()->set_kind(v1::TENDER_KIND_CASH);
           r.mutable_tenders(0)->set_amount_minor(100);
         },
         absl::StatusCode::kInvalidArgument,
         "tenders come to 1.00 GBP, the receipt to 1.99 GBP"},
        {"TenderKindMissing",
         [](auto& r) { r.add_tenders()->set_amount_minor(199); },
         absl::StatusCode::kInvalidArgument, "tender kind 0"},
        {"OtherDay", [](auto& r) { r.set_date(20261122); },
         absl::StatusCode::kFailedPrecondition,
         "day 2026-11-22 of S014 is not open; the open day is 2026-11-21"},
        {"NoSuchDay", [](auto& r) { r.set_date(20261131); },
         absl::StatusCode::kInvalidArgument, "no day of the calendar"},
        {"NoSuchBasket",
         [](auto& r) {
           r.clear_lines();
           r.set_basket_id("b");
         },
         absl::StatusCode::kNotFound, "there is no basket 'b'"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace branchline
