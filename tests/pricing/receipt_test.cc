// A basket from price to tax, and why it came to that.
#include "edge/pricing/explain.h"
#include "tests/pricing/pricing_fixture.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TaxTable Vat19() {
  TaxRule rule;
  rule.id = "standard";
  rule.tax_class = "A";
  rule.components = {{"vat", TaxKind::kPercent, 190'000, 0, true, false}};
  TaxRule reduced = rule;
  reduced.id = "reduced";
  reduced.tax_class = "B";
  reduced.components[0].rate_e6 = 70'000;
  return *TaxTable::Build({rule, reduced});
}

Basket TwoLines() {
  Basket basket = BasketOf({Goods("A", 1, 1'000), Goods("B", 1, 500)});
  for (BasketLine& line : basket.lines) line.tax_class = "A";
  return basket;
}

TEST(ReceiptTest, ManualDiscountsComeLast) {
  Basket basket = TwoLines();
  basket.lines[0].manual = ManualDiscount{1'000, 0, "scratched"};
  basket.manual = ManualDiscount{0, 100, "friend"};
  basket.dropped_change_minor = 2;
  const PricedReceipt receipt = Price(basket, {OnLine("r", PercentOff(50))});
  // 500 - 50, 250; 100 over 450 and 250; 2 over 386 and 214.
  EXPECT_THAT(Amounts(receipt), ElementsAre(385, 213));
  EXPECT_EQ(receipt.discount_minor, 1'500 - 598);
  EXPECT_EQ(receipt.lines[0].discounts.back().rule_id, "small change");
}

TEST(ReceiptTest, TaxFollowsAllDiscounts) {
  Basket basket = TwoLines();
  basket.manual = ManualDiscount{0, 310, "friend"};
  const TaxTable taxes = Vat19();
  auto receipt = PriceBasket(basket, {nullptr, &taxes});
  ASSERT_THAT(receipt, IsOk());
  EXPECT_EQ(receipt->total_minor, 1'190);
  EXPECT_EQ(receipt->tax_minor, 190);
  EXPECT_EQ(receipt->lines[0].tax.tax_minor + receipt->lines[1].tax.tax_minor,
            190);
  basket.lines[1].tax_class_override = "B";
  basket.lines[1].tax_override_reason = "to take away";
  receipt = PriceBasket(basket, {nullptr, &taxes});
  ASSERT_THAT(receipt, IsOk());
  ASSERT_EQ(receipt->taxes.size(), 2u);
  EXPECT_EQ(receipt->taxes[1].rate_e6, 70'000);
  basket.tax_exempt = true;
  basket.tax_exempt_reason = "embassy";
  receipt = PriceBasket(basket, {nullptr, &taxes});
  ASSERT_THAT(receipt, IsOk());
  EXPECT_EQ(receipt->tax_minor, 0);
  EXPECT_LT(receipt->total_minor, 1'190);
}

// The example of docs/PRICING.md, to the cent.
TEST(ReceiptTest, TheExampleOfTheDocumentation) {
  Basket basket = BasketOf(
      {Goods("TEA", 2, 495), Goods("CUP", 3, 533), Goods("BAG", 1, 20)});
  basket.lines[2].not_in_thresholds = true;
  basket.promotions.coupons = {"TEN"};
  Promotion shelf = OnLine("shelf", PercentOff(10));
  shelf.items.skus = {"TEA"};
  Promotion three = BuyGet("3for2", 2, 1);
  three.items.skus = {"CUP"};
  Promotion ten = OnBasket("TEN", PercentOff(5));
  ten.coupon = "TEN";
  const auto set = PromotionSet::Build(
      {shelf, three, EveryAmount("spend", 2'000, 200), ten});
  ASSERT_THAT(set, IsOk());
  TaxRule vat;
  vat.id = "vat";
  vat.components = {{"vat", TaxKind::kPercent, 200'000, 0, true, false}};
  const auto taxes = TaxTable::Build({vat});
  const auto receipt = PriceBasket(basket, {&*set, &*taxes}, true);
  ASSERT_THAT(receipt, IsOk());
  EXPECT_THAT(Amounts(*receipt), ElementsAre(850, 915, 17));
  EXPECT_THAT(Fired(*receipt), ElementsAre("3for2", "TEN", "spend"));
  EXPECT_EQ(Why(*receipt, "shelf"), NotFired::kSavesLess);
  EXPECT_EQ(receipt->discount_minor, 827);
  EXPECT_EQ(receipt->total_minor, 1'782);
  EXPECT_EQ(receipt->tax_minor, 297);
  std::vector<int64_t> line_taxes;
  for (const PricedLine& line : receipt->lines) {
    line_taxes.push_back(line.tax.tax_minor);
  }
  EXPECT_THAT(line_taxes, ElementsAre(142, 152, 3));
}

TEST(ReceiptTest, Refuses) {
  const TaxTable taxes = Vat19();
  const auto refused = [&](void (*breakage)(Basket&)) {
    Basket basket = TwoLines();
    breakage(basket);
    return PriceBasket(basket, {nullptr, &taxes}).status();
  };
  EXPECT_THAT(refused([](Basket& b) { b.lines[1].tax_class = "Z"; }),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("line 2 (SKU B): no tax rule")));
  EXPECT_THAT(refused([](Basket& b) { b.lines[1].tax_class_override = "B"; }),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("another tax needs a reason")));
  EXPECT_THAT(refused([](Basket& b) { b.tax_exempt = true; }),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("needs a reason")));
  EXPECT_THAT(refused([](Basket& b) {
                b.lines[0].no_discount = true;
                b.lines[0].manual = ManualDiscount{1'000, 0, "x"};
              }),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("line 1 (SKU A): nothing can be taken off")));
  EXPECT_THAT(refused([](Basket& b) {
                b.manual = ManualDiscount{0, 1'501, "x"};
              }),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("15.01 EUR is more than the 15.00 EUR")));
  EXPECT_THAT(refused([](Basket& b) { b.lines.resize(kPricedLinesMax + 1); }),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("1001 lines")));
  EXPECT_THAT(refused([](Basket& b) {
                b.lines[0].gross_minor = kLineAmountMaxMinor + 1;
              }),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("line 1")));
}

TEST(ExplainTest, TellsWhatGaveWhatAndWhyNot) {
  Basket basket = TwoLines();
  basket.lines[0].price.source = PriceSource::kPriceList;
  basket.lines[0].price.price_list_id = "base";
  basket.lines[0].price.price_book_version = 12;
  Promotion spend = OnBasket("spend", AmountOff(100));
  spend.min_amount_minor = 5'000;
  Promotion coupon = OnBasket("spring", PercentOff(5));
  coupon.coupon = "SPRING";
  Promotion later = OnLine("later", PercentOff(5));
  later.from = absl::CivilSecond(2026, 12, 1);
  Promotion shoes = OnLine("shoes", PercentOff(5));
  shoes.items.categories = {"shoes"};
  const auto set = PromotionSet::Build(
      {OnLine("ten", PercentOff(10)), spend, coupon, later, shoes});
  ASSERT_THAT(set, IsOk());
  const PricingRules rules{&*set, nullptr};
  const auto receipt = PriceBasket(basket, rules, /*explain=*/true);
  ASSERT_THAT(receipt, IsOk());
  const auto told = Explain(basket, rules, *receipt);
  ASSERT_THAT(told, IsOk());
  EXPECT_THAT(told->lines[0],
              ElementsAre("1 x 10.00 = 10.00 (price list base, price book "
                          "12)",
                          "-1.00 by ten (line)", "= 9.00"));
  EXPECT_THAT(
      told->not_fired,
      ElementsAre("later: it starts at 2026-12-01T00:00:00, it is "
                  "2026-11-21T12:00:00",
                  "shoes: no eligible goods in the basket",
                  "spend: the eligible goods come to 13.50 and 2 pieces, it "
                  "wants 50.00",
                  "spring: coupon SPRING was not shown"));
}

TEST(ExplainTest, PricesHaveNoMoreDecimalsThanTheyNeed) {
  Basket basket = TwoLines();
  basket.lines[0].price.unit_price_minor_e4 = 1'234'500;  // 1.2345
  // A carton says what it comes to, whatever a piece costs.
  basket.lines[1].quantity_milli = 10'000;
  basket.lines[1].gross_minor = 4'500;
  basket.lines[1].price.source = PriceSource::kCarton;
  const auto receipt = PriceBasket(basket, {}, /*explain=*/true);
  ASSERT_THAT(receipt, IsOk());
  const auto told = Explain(basket, {}, *receipt);
  ASSERT_THAT(told, IsOk());
  EXPECT_THAT(told->lines[0],
              ElementsAre(HasSubstr("1 x 1.2345 = 1.23 ("), "= 1.23"));
  EXPECT_THAT(told->lines[1], ElementsAre("10 for 45.00 (carton)", "= 45.00"));
}

TEST(ExplainTest, NeedsACurrency) {
  Basket basket = TwoLines();
  basket.promotions.currency = "???";
  const auto receipt = PriceBasket(basket, {});
  ASSERT_THAT(receipt, IsOk());
  EXPECT_THAT(Explain(basket, {}, *receipt),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("???")));
}

}  // namespace
}  // namespace branchline
