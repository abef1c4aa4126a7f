#include "edge/pricing/tendering.h"

#include "edge/pricing/manual_discount.h"
#include "edge/pricing/return_figures.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr CashRounding kFive{5};
constexpr CashRounding kNone{};

TenderGiven Cash(int64_t minor) { return {TenderMeans::kCash, minor}; }
TenderGiven Card(int64_t minor) { return {TenderMeans::kCard, minor}; }

TEST(TenderingTest, Settles) {
  struct Case {
    const char* name;
    int64_t total;
    std::vector<TenderGiven> tenders;
    CashRounding rounding;
    int64_t change;
    int64_t rounded;
  };
  const Case cases[] = {
      {"exact", 199, {Cash(199)}, kNone, 0, 0},
      {"change", 199, {Cash(500)}, kNone, 301, 0},
      {"rounded down", 1'572, {Cash(2'000)}, kFive, 430, -2},
      {"rounded up", 1'573, {Cash(1'575)}, kFive, 0, 2},
      {"card is not rounded", 1'572, {Card(1'572)}, kFive, 0, 0},
      {"only the cash rest", 1'572, {Card(1'000), Cash(570)}, kFive, 0, -2},
      {"a rest that no coin pays", 1'572, {Card(1'570), Cash(0)}, kFive, 0, -2},
      {"nothing to pay", 0, {}, kFive, 0, 0},
      {"two kinds of cash", 300, {Cash(100), Cash(300)}, kNone, 100, 0},
  };
  for (const Case& c : cases) {
    const auto settled = SettleTenders(c.total, c.tenders, c.rounding);
    ASSERT_THAT(settled, IsOk()) << c.name;
    EXPECT_EQ(settled->change_minor, c.change) << c.name;
    EXPECT_EQ(settled->rounding_minor, c.rounded) << c.name;
    EXPECT_EQ(settled->other_minor + settled->cash_given_minor -
                  settled->change_minor,
              c.total + settled->rounding_minor)
        << c.name;
  }
}

TEST(TenderingTest, Refuses) {
  EXPECT_THAT(SettleTenders(1'572, {Cash(1'565)}, kFive),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("5 minor units short of 1572")));
  EXPECT_THAT(SettleTenders(1'572, {Card(1'570)}, kFive),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("2 minor units short")));
  EXPECT_THAT(SettleTenders(100, {Card(101)}, kNone),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("take 1 minor units less")));
  EXPECT_THAT(SettleTenders(100, {Cash(-1)}, kNone),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a tender of -1")));
  EXPECT_THAT(
      SettleTenders(-1, {}, kNone),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("by a refund")));
  EXPECT_THAT(SettleTenders(0, std::vector<TenderGiven>(21, Cash(0)), kNone),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("21 tenders")));
}

TEST(TenderingTest, CashDueAfterSomeTenders) {
  EXPECT_EQ(*CashDue(1'572, {}, kFive), 1'570);
  EXPECT_EQ(*CashDue(1'572, {{Card(1'000)}}, kFive), 570);
  EXPECT_EQ(*CashDue(1'572, {{Card(1'000), Cash(600)}}, kFive), 0);
}

TEST(TenderingTest, RefundGoesBackWhereItCameFrom) {
  const std::vector<TenderPaid> paid = {{TenderMeans::kCash, 500, 0},
                                        {TenderMeans::kVoucher, 300, 0},
                                        {TenderMeans::kCard, 1'000, 400}};
  EXPECT_THAT(*AllocateRefund(100, paid, kNone), ElementsAre(0, 0, 100));
  EXPECT_THAT(*AllocateRefund(700, paid, kNone), ElementsAre(0, 100, 600));
  EXPECT_THAT(*AllocateRefund(1'400, paid, kNone), ElementsAre(500, 300, 600));
  EXPECT_THAT(AllocateRefund(1'401, paid, kNone),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is 1 minor units more")));
  EXPECT_THAT(AllocateRefund(-1, paid, kNone),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("-1")));
  EXPECT_THAT(AllocateRefund(1, {{TenderMeans::kCash, 5, 6}}, kNone),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("0 <= back <= paid")));
}

// 15.72 was paid with 15.70 in coins; all of it comes back.
TEST(TenderingTest, RefundOfARoundedSale) {
  EXPECT_THAT(*AllocateRefund(1'572, {{TenderMeans::kCash, 1'570, 0}}, kFive),
              ElementsAre(1'572));
  EXPECT_THAT(AllocateRefund(1'575, {{TenderMeans::kCash, 1'570, 0}}, kFive),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("is 5 minor units more")));
}

TEST(ManualDiscountTest, SavesAPercentageOrAnAmount) {
  EXPECT_EQ(*ManualSaving({1'000, 0, "damaged"}, 995), 100);
  EXPECT_EQ(*ManualSaving({0, 995, "damaged"}, 995), 995);
  const auto code = [](const ManualDiscount& discount) {
    return ManualSaving(discount, 995).status().code();
  };
  EXPECT_EQ(code({0, 996, "x"}), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(code({1'000, 0, ""}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({1'000, 5, "x"}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({0, 0, "x"}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({10'001, 0, "x"}), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({0, -1, "x"}), absl::StatusCode::kInvalidArgument);
}

TEST(ManualDiscountTest, LimitsByRole) {
  const ManualLimits cashier{"cashier", 1'000, 500, 300, 2'000, false, 99};
  EXPECT_THAT(CheckManualSaving(cashier, false, 1'000, 100), IsOk());
  EXPECT_THAT(CheckManualSaving(cashier, false, 1'000, 101),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("a cashier may take 10 % off a line")));
  EXPECT_THAT(CheckManualSaving(cashier, true, 1'000, 51),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("5 % off the receipt")));
  EXPECT_THAT(CheckManualSaving(cashier, false, 100'000, 301),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("300 minor units")));
}

TEST(ManualDiscountTest, OverrideByRole) {
  const ManualLimits cashier{"cashier", 0, 0, 0, 2'000, false, 0};
  const auto check = [&](int64_t price_minor, const char* reason) {
    return CheckPriceOverride(cashier, 1'000'0000, price_minor * 10'000,
                              reason);
  };
  EXPECT_THAT(check(800, "label"), IsOk());
  EXPECT_THAT(check(1'000, "label"), IsOk());
  EXPECT_THAT(check(799, "label"),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("20 %")));
  EXPECT_THAT(check(1'001, "label"),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("may not raise")));
  EXPECT_THAT(check(800, ""), StatusIs(absl::StatusCode::kInvalidArgument,
                                       HasSubstr("reason")));
  EXPECT_THAT(check(-1, "x"), StatusIs(absl::StatusCode::kInvalidArgument,
                                       HasSubstr("0 or more")));
}

TEST(ReturnFiguresTest, TheLastPieceTakesTheRest) {
  const SoldLine line{3'000, 100, {{"vat", 190'000, true, 84, 16}}};
  std::vector<int64_t> amounts;
  std::vector<int64_t> taxes;
  for (int64_t back = 0; back < 3'000; back += 1'000) {
    const auto figures = FiguresOfReturn(line, back, 1'000);
    ASSERT_THAT(figures, IsOk());
    amounts.push_back(figures->amount_minor);
    taxes.push_back(figures->taxes[0].tax_minor);
  }
  EXPECT_THAT(amounts, ElementsAre(33, 34, 33));
  EXPECT_THAT(taxes, ElementsAre(5, 6, 5));
  EXPECT_EQ(FiguresOfReturn(line, 1'000, 2'000)->amount_minor, 67);
}

TEST(ReturnFiguresTest, NeverMoreThanIsLeft) {
  const SoldLine line{3'000, 100, {}};
  EXPECT_THAT(FiguresOfReturn(line, 1'000, 2'001),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("of 3 sold, 2 are left")));
  EXPECT_THAT(
      FiguresOfReturn(line, 0, 0),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("above 0")));
}

}  // namespace
}  // namespace branchline
