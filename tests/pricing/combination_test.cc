// The choice between rules: best, deterministic, bounded.
#include "absl/strings/str_format.h"
#include "tests/pricing/pricing_fixture.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

Promotion Alone(Promotion rule) {
  rule.stacking = Stacking::kAloneOnLine;
  return rule;
}
Promotion AloneOnReceipt(Promotion rule) {
  rule.stacking = Stacking::kAloneOnReceipt;
  return rule;
}
Promotion For(Promotion rule, std::vector<std::string> skus) {
  rule.items.skus = std::move(skus);
  return rule;
}

TEST(CombinationTest, OrderIsLineGroupBasketCoupon) {
  Promotion coupon = OnBasket("a coupon", AmountOff(10));
  coupon.coupon = "C";
  Basket basket = BasketOf({Goods("A", 2, 500)});
  basket.promotions.coupons = {"C"};
  const PricedReceipt receipt = Price(
      basket, {coupon, OnBasket("b basket", PercentOff(10)),
               BuyGet("c group", 1, 1), OnLine("d line", PercentOff(10))});
  ASSERT_THAT(receipt.lines[0].discounts, SizeIs(4));
  const auto& d = receipt.lines[0].discounts;
  EXPECT_EQ(d[0].rule_id, "d line");
  EXPECT_EQ(d[0].amount_minor, 100);
  EXPECT_EQ(d[0].stage, DiscountStage::kLine);
  EXPECT_EQ(d[0].rule_version, 7u);
  EXPECT_EQ(d[1].rule_id, "c group");
  EXPECT_EQ(d[1].amount_minor, 450);
  EXPECT_EQ(d[1].stage, DiscountStage::kGroup);
  EXPECT_EQ(d[2].rule_id, "b basket");
  EXPECT_EQ(d[2].amount_minor, 45);
  EXPECT_EQ(d[2].stage, DiscountStage::kBasket);
  EXPECT_EQ(d[3].rule_id, "a coupon");
  EXPECT_EQ(d[3].stage, DiscountStage::kCoupon);
  EXPECT_EQ(receipt.amount_minor, 395);
}

TEST(CombinationTest, AloneOnLineIsChosenPerLine) {
  const PricedReceipt receipt =
      Price(BasketOf({Goods("A", 1, 100), Goods("B", 1, 1'000)}),
            {Alone(OnLine("ten percent", PercentOff(10))),
             Alone(OnLine("twenty off", AmountOff(20)))});
  EXPECT_THAT(Amounts(receipt), ElementsAre(80, 900));
}

TEST(CombinationTest, OneAloneAgainstSeveralThatStack) {
  const std::vector<Promotion> rules = {OnLine("a", AmountOff(10)),
                                        OnLine("b", AmountOff(10)),
                                        Alone(OnLine("c", AmountOff(19)))};
  EXPECT_THAT(Fired(Price(BasketOf({Goods("A", 1, 100)}), rules)),
              ElementsAre("a", "b"));
}

TEST(CombinationTest, TiesGoToFewerRulesThenLowerId) {
  EXPECT_THAT(
      Fired(Price(BasketOf({Goods("A", 1, 100)}),
                  {OnLine("a", AmountOff(10)), OnLine("b", AmountOff(10)),
                   Alone(OnLine("c", AmountOff(20)))})),
      ElementsAre("c"));
  EXPECT_THAT(Fired(Price(BasketOf({Goods("A", 1, 100)}),
                          {Alone(OnLine("b", AmountOff(10))),
                           Alone(OnLine("a", AmountOff(10)))})),
              ElementsAre("a"));
  EXPECT_THAT(Fired(Price(BasketOf({Goods("A", 2, 100)}),
                          {BuyGet("b", 1, 1), BuyGet("a", 1, 1)})),
              ElementsAre("a"));
}

TEST(CombinationTest, AloneOnReceiptAgainstAllOthers) {
  std::vector<Promotion> rules = {
      OnLine("line", PercentOff(10)), OnBasket("basket", PercentOff(10)),
      AloneOnReceipt(OnBasket("solo", PercentOff(18)))};
  const Basket basket = BasketOf({Goods("A", 1, 1'000)});
  EXPECT_THAT(Fired(Price(basket, rules)), ElementsAre("basket", "line"));
  rules[2].reward = PercentOff(20);
  EXPECT_THAT(Fired(Price(basket, rules)), ElementsAre("solo"));
}

TEST(CombinationTest, ExclusionGroupAllowsOne) {
  Promotion a = OnBasket("a", PercentOff(10));
  Promotion b = OnBasket("b", PercentOff(15));
  a.exclusion_group = b.exclusion_group = "seasonal";
  const PricedReceipt receipt =
      Price(BasketOf({Goods("A", 1, 1'000)}), {a, b}, true);
  EXPECT_THAT(Fired(receipt), ElementsAre("b"));
  EXPECT_EQ(Why(receipt, "a"), NotFired::kSavesLess);
}

TEST(CombinationTest, PriorityGoesFirstWhateverItSaves) {
  Promotion a = OnBasket("a", PercentOff(10));
  Promotion b = OnBasket("b", PercentOff(15));
  a.exclusion_group = b.exclusion_group = "seasonal";
  a.priority = 1;
  PricedReceipt receipt = Price(BasketOf({Goods("A", 1, 1'000)}), {a, b}, true);
  EXPECT_THAT(Fired(receipt), ElementsAre("a"));
  EXPECT_EQ(Why(receipt, "b"), NotFired::kExcluded);
  // One that gives nothing excludes nothing.
  a.min_amount_minor = 2'000;
  a.currency = "EUR";
  receipt = Price(BasketOf({Goods("A", 1, 1'000)}), {a, b}, true);
  EXPECT_THAT(Fired(receipt), ElementsAre("b"));
  EXPECT_EQ(Why(receipt, "a"), NotFired::kBelowThreshold);
}

// The obvious greedy choice, the rule that saves most by itself, is wrong here.
TEST(CombinationTest, SetsAreNotMadeGreedily) {
  const std::vector<Promotion> rules = {
      For(EveryPieces("ab", 2, FixedPrice(60)), {"A", "B"}),    // saves 140
      For(EveryPieces("ac", 2, FixedPrice(100)), {"A", "C"}),   // 100
      For(EveryPieces("bd", 2, FixedPrice(100)), {"B", "D"})};  // 100
  const PricedReceipt receipt =
      Price(BasketOf({Goods("A", 1, 100), Goods("B", 1, 100),
                      Goods("C", 1, 100), Goods("D", 1, 100)}),
            rules);
  EXPECT_THAT(Fired(receipt), ElementsAre("ac", "bd"));
  EXPECT_EQ(receipt.discount_minor, 200);
  EXPECT_TRUE(receipt.exact);
}

// 10 % off would bring the goods below the threshold of a better rule.
TEST(CombinationTest, ALineRuleStepsBackForAThreshold) {
  Promotion spend = OnBasket("spend", AmountOff(300));
  spend.min_amount_minor = 1'000;
  EXPECT_THAT(Fired(Price(BasketOf({Goods("A", 1, 1'000)}),
                          {OnLine("ten", PercentOff(10)), spend})),
              ElementsAre("spend"));
  EXPECT_THAT(Fired(Price(BasketOf({Goods("A", 1, 1'200)}),
                          {OnLine("ten", PercentOff(10)), spend})),
              ElementsAre("spend", "ten"));
}

TEST(CombinationTest, WorkIsBounded) {
  std::vector<Promotion> rules;
  std::vector<BasketLine> lines;
  for (int i = 0; i < 40; ++i) {
    lines.push_back(Goods(absl::StrFormat("S%02d", i), 1 + i % 3, 100 + 7 * i));
    rules.push_back(
        For(EveryPieces(absl::StrFormat("r%02d", i), 2, PercentOff(5 + i % 30)),
            {absl::StrFormat("S%02d", i),
             absl::StrFormat("S%02d", (i * 7 + 3) % 40)}));
  }
  const PricedReceipt first = Price(BasketOf(lines), rules);
  EXPECT_LE(first.trials, kTrialsMax);
  EXPECT_FALSE(first.exact);
  EXPECT_GT(first.discount_minor, 0);
  const PricedReceipt second = Price(BasketOf(lines), rules);
  EXPECT_EQ(Amounts(first), Amounts(second));
  EXPECT_EQ(Fired(first), Fired(second));
}

TEST(CombinationTest, RulesThatDoNotCompeteNeedOneTrial) {
  std::vector<Promotion> rules;
  std::vector<BasketLine> lines;
  for (int i = 0; i < 40; ++i) {
    lines.push_back(Goods(absl::StrFormat("S%02d", i), 2, 1'000));
    rules.push_back(For(OnLine(absl::StrFormat("r%02d", i), PercentOff(5)),
                        {absl::StrFormat("S%02d", i)}));
  }
  rules.push_back(EveryAmount("every", 50'000, 5'000));  // 80000, then 76000
  const PricedReceipt receipt = Price(BasketOf(lines), rules);
  EXPECT_THAT(Fired(receipt), SizeIs(41));
  EXPECT_EQ(receipt.trials, 1);
  EXPECT_TRUE(receipt.exact);
}

}  // namespace
}  // namespace branchline
