// Figures that other projects publish as expected in their own tests, where
// their rules agree with ours. The inputs and results are facts; each table
// names whose they are. docs/PRICING.md lists those that differ, and why.
#include "edge/pricing/spread.h"
#include "edge/pricing/tendering.h"
#include "tests/pricing/pricing_fixture.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;

TEST(PublishedFiguresTest, Spread) {
  struct Case {
    int64_t total;
    std::vector<int64_t> weights;
    std::vector<int64_t> parts;
  };
  const Case cases[] = {
      // dinero.js
      {1'003, {50, 50}, {502, 501}},
      {-1'003, {50, 50}, {-502, -501}},
      {5, {100, 101, 100, 100}, {1, 2, 1, 1}},
      // Vendure
      {300, {123}, {300}},
      {-300, {4'000, 2'000, 2'000}, {-150, -75, -75}},
      {299, {1'000, 1'000, 1'000}, {100, 100, 99}},
      {93, {10, 20, 10, 30, 50, 20, 10, 40}, {5, 10, 5, 15, 24, 10, 5, 19}},
      // Solidus
      {1'500, {2'000, 3'000, 10'000}, {200, 300, 1'000}},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(*SpreadByWeight(c.total, c.weights), c.parts) << c.total;
  }
}

// Solidus: percentages, and discounts on full groups of pieces in line order.
TEST(PublishedFiguresTest, PercentAndGroups) {
  const auto discount = [](std::vector<BasketLine> lines, Promotion rule) {
    return Price(BasketOf(std::move(lines)), {std::move(rule)}).discount_minor;
  };
  EXPECT_EQ(discount({Goods("A", 10, 999)}, OnLine("r", PercentOff(15))),
            1'499);
  EXPECT_EQ(
      discount({Goods("A", 2, 1'000)}, EveryPieces("r", 2, AmountOff(1'000))),
      1'000);
  EXPECT_EQ(
      discount({Goods("A", 4, 1'000)}, EveryPieces("r", 2, AmountOff(1'000))),
      2'000);
  EXPECT_THAT(
      Amounts(Price(BasketOf({Goods("A", 2, 1'000), Goods("B", 1, 1'000)}),
                    {EveryPieces("r", 3, PercentOff(10))})),
      ElementsAre(1'800, 900));
}

TaxTable TableOf(std::vector<TaxComponent> components) {
  TaxRule rule;
  rule.id = "rule";
  rule.components = std::move(components);
  return *TaxTable::Build({rule});
}
TaxComponent Rate(int64_t percent, bool included, std::string code = "vat") {
  return {
      std::move(code), TaxKind::kPercent, percent * 10'000, 0, included, false};
}

PricedReceipt Taxed(std::vector<BasketLine> lines, const TaxTable& taxes,
                    std::vector<Promotion> rules = {}) {
  const auto set = PromotionSet::Build(std::move(rules));
  return *PriceBasket(BasketOf(std::move(lines)), {&*set, &taxes});
}

// Solidus: two lines of 3 at 10, and single prices.
TEST(PublishedFiguresTest, TaxOnLines) {
  const std::vector<BasketLine> two = {Goods("A", 3, 1'000),
                                       Goods("B", 3, 1'000)};
  EXPECT_EQ(Taxed(two, TableOf({Rate(5, false)})).tax_minor, 300);
  EXPECT_EQ(Taxed(two, TableOf({Rate(5, true)})).tax_minor, 286);
  const auto included = [](int64_t price, int64_t percent) {
    return Taxed({Goods("A", 1, price)}, TableOf({Rate(percent, true)}))
        .tax_minor;
  };
  EXPECT_EQ(included(800, 7), 52);
  EXPECT_EQ(included(1'600, 19), 255);
  EXPECT_EQ(included(200, 19), 32);
}

// Odoo: a fixed tax and a percentage; a percentage in the price; one of each.
TEST(PublishedFiguresTest, TaxStacking) {
  TaxComponent fixed{"fixed", TaxKind::kPerUnit, 0, 10'000'000, false, false};
  PricedReceipt receipt =
      Taxed({Goods("A", 1, 20'000)}, TableOf({fixed, Rate(10, false)}));
  EXPECT_EQ(receipt.taxes[0].tax_minor, 1'000);
  EXPECT_EQ(receipt.taxes[1].tax_minor, 2'000);
  EXPECT_EQ(receipt.total_minor, 23'000);
  receipt = Taxed({Goods("A", 1, 20'000)}, TableOf({Rate(10, true)}));
  EXPECT_EQ(receipt.tax_minor, 1'818);
  EXPECT_EQ(receipt.total_minor, 20'000);
}

TEST(PublishedFiguresTest, SessionOfTaxedLines) {
  struct Case {
    int64_t price;
    int64_t pieces;
    std::vector<TaxComponent> taxes;
    int64_t net;
    int64_t tax;
    int64_t total;
  };
  const std::vector<TaxComponent> p1 = {Rate(7, false)};
  const std::vector<TaxComponent> p2 = {Rate(10, true)};
  const std::vector<TaxComponent> p3 = {Rate(10, true, "ten"),
                                        Rate(7, false, "seven")};
  const Case cases[] = {
      {1'000, 10, p1, 10'000, 700, 10'700},
      {2'000, 5, p2, 9'091, 909, 10'000},
      {2'000, 7, p2, 12'727, 1'273, 14'000},
      {3'000, 4, p3, 10'909, 1'091 + 764, 12'764},
      {1'000, 1, p1, 1'000, 70, 1'070},
      {2'000, 3, p2, 5'455, 545, 6'000},
      {3'000, 5, p3, 13'636, 1'364 + 955, 15'955},
      {1'210, 1, {Rate(21, true)}, 1'000, 210, 1'210},
      {605, -1, {Rate(21, true)}, -500, -105, -605},
  };
  for (const Case& c : cases) {
    const PricedReceipt receipt =
        Taxed({Goods("A", c.pieces, c.price)}, TableOf(c.taxes));
    EXPECT_EQ(receipt.total_minor - receipt.tax_minor, c.net) << c.price;
    EXPECT_EQ(receipt.tax_minor, c.tax) << c.price;
    EXPECT_EQ(receipt.total_minor, c.total) << c.price;
  }
}

// Odoo: 5 % off goods that go out and goods that come back, tax once each.
TEST(PublishedFiguresTest, TaxOfARefundIsRoundedApart) {
  BasketLine out = Goods("A", 6, 1'180);
  BasketLine back = Goods("B", -6, 1'530);
  out.gross_minor = 6'726;
  back.gross_minor = -8'721;
  const PricedReceipt receipt = Taxed({out, back}, TableOf({Rate(21, true)}));
  EXPECT_EQ(receipt.lines[0].tax.net_minor, 5'559);
  EXPECT_EQ(receipt.lines[0].tax.tax_minor, 1'167);
  EXPECT_EQ(receipt.lines[1].tax.net_minor, -7'207);
  EXPECT_EQ(receipt.lines[1].tax.tax_minor, -1'514);
  EXPECT_EQ(receipt.total_minor, -1'995);
}

// Odoo: one item of 13.67 and 15 %, coins of 0.05.
TEST(PublishedFiguresTest, CashRounding) {
  EXPECT_EQ(
      Taxed({Goods("A", 1, 1'367)}, TableOf({Rate(15, false)})).total_minor,
      1'572);
  EXPECT_EQ(*CashDue(1'572, {}, {5, RoundingMode::kHalfAwayFromZero}), 1'570);
  EXPECT_EQ(SettleTenders(1'572, {{{TenderMeans::kCard, 1'572}}},
                          {5, RoundingMode::kDown})
                ->rounding_minor,
            0);
  // Paid 15.74: the bank's part left 0.03 over a step, rounded up.
  EXPECT_EQ(
      *CashDue(1'572, {{{TenderMeans::kCard, 69}}}, {5, RoundingMode::kUp}) +
          69,
      1'574);
}

// Odoo: promotions with tax on top.
TEST(PublishedFiguresTest, PromotionsWithTax) {
  PricedReceipt receipt =
      Taxed({Goods("CABINET", 1, 32'000)}, TableOf({Rate(15, false)}),
            {OnLine("r", PercentOff(20))});
  EXPECT_EQ(receipt.amount_minor, 25'600);
  EXPECT_EQ(receipt.tax_minor, 3'840);
  EXPECT_EQ(receipt.total_minor, 29'440);
  // 8 paid and 2 free.
  receipt = Taxed({Goods("CABINET", 10, 32'000)}, TableOf({Rate(15, false)}),
                  {OnLine("r", PercentOff(20)), BuyGet("free", 3, 1)});
  EXPECT_EQ(receipt.amount_minor, 204'800);
  EXPECT_EQ(receipt.total_minor + 25'000, 260'520);  // and the drawers
  Basket basket = BasketOf({Goods("CABINET", 4, 32'000)});
  basket.promotions.coupons = {"TEN"};
  Promotion code = OnBasket("code", PercentOff(10));
  code.coupon = "TEN";
  EXPECT_EQ(Price(basket, {BuyGet("free", 3, 1), code}).amount_minor, 86'400);
  Promotion automatic = OnBasket("automatic", PercentOff(10));
  automatic.exclusion_group = code.exclusion_group = "ten percent";
  basket.lines = {Goods("CABINET", 1, 32'000)};
  EXPECT_EQ(Price(basket, {automatic, code}).amount_minor, 28'800);
}

// Vendure: net and gross prices in minor units.
TEST(PublishedFiguresTest, OrderTaxRounding) {
  const TaxTable on_top = TableOf({Rate(20, false)});
  EXPECT_EQ(Taxed({Goods("A", 1, 123)}, on_top).total_minor, 148);
  EXPECT_EQ(
      Taxed({Goods("A", 1, 1'230)}, on_top, {OnBasket("r", FixedPrice(420))})
          .total_minor,
      504);
  EXPECT_EQ(
      Taxed({Goods("A", 1, 1'230)}, on_top, {OnBasket("r", AmountOff(500))})
          .total_minor,
      876);
  const PricedReceipt half =
      Taxed({Goods("A", 1, 100)}, TableOf({Rate(20, true)}),
            {OnBasket("r", PercentOff(50))});
  EXPECT_EQ(half.total_minor, 50);
  EXPECT_EQ(half.total_minor - half.tax_minor, 42);
}

// Medusa: discounts on lines, limited pieces, spread amounts, buy and get.
TEST(PublishedFiguresTest, MedusaPromotions) {
  const auto of = [](Promotion rule, int64_t pieces_max) {
    rule.pieces_per_line_max = pieces_max;
    return rule;
  };
  const Basket shirt_and_sweater =
      BasketOf({Goods("SHIRT", 1, 5'000), Goods("SWEATER", 1, 15'000)});
  EXPECT_THAT(
      Amounts(Price(shirt_and_sweater, {of(OnLine("1", AmountOff(3'000)), 2),
                                        of(OnLine("2", AmountOff(5'000)), 1)})),
      ElementsAre(0, 7'000));
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("SHIRT", 1, 10'000),
                                      Goods("SWEATER", 5, 15'000)}),
                            {of(OnLine("1", PercentOff(10)), 1)})),
              ElementsAre(9'000, 73'500));
  EXPECT_THAT(Amounts(Price(shirt_and_sweater, {OnLine("1", PercentOff(100)),
                                                OnLine("2", PercentOff(50))})),
              ElementsAre(0, 0));
  const auto group = [](std::string id, Reward reward) {
    return Rule(std::move(id), PromotionScope::kGroup, reward);
  };
  const Basket pairs =
      BasketOf({Goods("SHIRT", 2, 10'000), Goods("SWEATER", 2, 30'000)});
  EXPECT_THAT(Amounts(Price(pairs, {group("1", AmountOff(40'000))})),
              ElementsAre(10'000, 30'000));
  EXPECT_THAT(Amounts(Price(pairs, {group("1", PercentOff(10))})),
              ElementsAre(18'000, 54'000));
  EXPECT_THAT(Amounts(Price(shirt_and_sweater, {group("1", PercentOff(10)),
                                                group("2", PercentOff(10))})),
              ElementsAre(4'050, 12'150));
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("SHIRT", 1, 10'000),
                                      Goods("SWEATER", 2, 15'000)}),
                            {OnBasket("1", AmountOff(20'000))})),
              ElementsAre(5'000, 15'000));
  // Buy 2 get 2 of four single shirts: the cheapest two are free.
  Promotion free = BuyGet("1", 2, 2);
  free.on_free_item = true;
  EXPECT_THAT(Amounts(Price(
                  BasketOf({Goods("S", 1, 50'000), Goods("S1", 1, 50'000),
                            Goods("S2", 1, 100'000), Goods("S3", 1, 100'000)}),
                  {free})),
              ElementsAre(0, 0, 100'000, 100'000));
  EXPECT_EQ(Price(BasketOf({Goods("S", 3, 100'000)}), {free}).discount_minor,
            0);
  // 1080 pieces at 2.50: 1000 free for 50, then 20 free for 10.
  const PricedReceipt many =
      Price(BasketOf({Goods("S", 1'080, 250)}),
            {BuyGet("BUY10GET20", 10, 20), BuyGet("BUY50GET1000", 50, 1'000)});
  EXPECT_EQ(many.discount_minor, 250'000 + 5'000);
  // Four of one kind wanted, two there.
  Promotion other = BuyGet("1", 4, 1);
  other.items.skus = {"SWEATER"};
  other.get_items = ItemFilter{{"SHIRT"}, {}, {}, {}};
  EXPECT_EQ(Price(pairs, {other}).discount_minor, 0);
}

}  // namespace
}  // namespace branchline
