// Each kind of offer by itself.
#include "tests/pricing/pricing_fixture.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(LineOfferTest, PercentAmountAndFixedPrice) {
  const Basket basket = BasketOf({Goods("A", 3, 333)});
  EXPECT_THAT(Amounts(Price(basket, {OnLine("r", PercentOff(15))})),
              ElementsAre(849));  // 149.85 off
  EXPECT_THAT(Amounts(Price(basket, {OnLine("r", AmountOff(33))})),
              ElementsAre(900));
  EXPECT_THAT(Amounts(Price(basket, {OnLine("r", FixedPrice(300))})),
              ElementsAre(900));
  EXPECT_THAT(Amounts(Price(basket, {OnLine("r", FixedPrice(334))})),
              ElementsAre(999));  // never dearer
  EXPECT_THAT(Amounts(Price(basket, {OnLine("r", AmountOff(400))})),
              ElementsAre(0));  // never below zero
}

TEST(LineOfferTest, WeighedGoodsGoByWeight) {
  BasketLine cheese = Goods("CHEESE", 1, 1'990);
  cheese.quantity_milli = 734;
  cheese.weighed = true;
  const Basket basket = BasketOf({cheese});  // 14.6066
  EXPECT_THAT(Amounts(Price(basket, {OnLine("r", AmountOff(200))})),
              ElementsAre(1'461 - 147));
  EXPECT_THAT(Amounts(Price(basket, {OnLine("r", FixedPrice(1'500))})),
              ElementsAre(1'101));
}

TEST(LineOfferTest, ThresholdAndTiersOfTheLine) {
  Promotion tiers = OnLine("r", PercentOff(1));
  tiers.offer = OfferKind::kTiers;
  tiers.tiers = {{0, 2, PercentOff(10)}, {0, 5, PercentOff(20)}};
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("A", 1, 100), Goods("B", 4, 100),
                                      Goods("C", 5, 100)}),
                            {tiers})),
              ElementsAre(100, 360, 400));
  Promotion least = OnLine("r", PercentOff(10));
  least.min_pieces = 2;
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("A", 1, 100), Goods("B", 2, 100)}),
                            {least})),
              ElementsAre(100, 180));
}

TEST(LineOfferTest, CappedPiecesTimesAndSaving) {
  Promotion rule = OnLine("r", AmountOff(10));
  const Basket basket = BasketOf({Goods("A", 5, 100), Goods("B", 5, 100)});
  rule.pieces_per_line_max = 2;
  EXPECT_THAT(Amounts(Price(basket, {rule})), ElementsAre(480, 480));
  rule.times_per_receipt_max = 1;
  EXPECT_THAT(Amounts(Price(basket, {rule})), ElementsAre(480, 500));
  rule.times_per_receipt_max = 0;
  rule.saving_per_receipt_max_minor = 25;
  EXPECT_THAT(Amounts(Price(basket, {rule})), ElementsAre(480, 495));
}

TEST(LineOfferTest, FiltersBySkuAndCategory) {
  Promotion rule = OnLine("r", PercentOff(50));
  rule.items.categories = {"drinks"};
  rule.items.skus = {"D"};
  rule.items.except_skus = {"B"};
  rule.items.except_categories = {"wine"};
  EXPECT_THAT(Amounts(Price(
                  BasketOf({Goods("A", 1, 100, {"cola", "drinks"}),
                            Goods("B", 1, 100, {"drinks"}),
                            Goods("C", 1, 100, {"wine", "drinks"}),
                            Goods("D", 1, 100), Goods("E", 1, 100, {"food"})}),
                  {rule})),
              ElementsAre(50, 100, 100, 50, 100));
}

TEST(LineOfferTest, FinalPricesFlagsAndReturnsTakeNoPart) {
  BasketLine label = Goods("A", 1, 100);
  label.price_is_final = true;
  BasketLine flagged = Goods("A", 1, 100);
  flagged.no_discount = true;
  const Basket basket = BasketOf({label, flagged, Goods("A", -1, 100),
                                  Goods("A", 1, 0), Goods("A", 1, 100)});
  EXPECT_THAT(Amounts(Price(basket, {OnLine("r", PercentOff(10))})),
              ElementsAre(100, 100, -100, 0, 90));
}

TEST(SetOfferTest, EveryXRepeats) {
  const Promotion three = EveryPieces("r", 3, FixedPrice(250));
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("A", 7, 100)}), {three})),
              ElementsAre(600));
  const PricedReceipt receipt =
      Price(BasketOf({Goods("A", 2, 100), Goods("B", 2, 90)}), {three});
  EXPECT_THAT(Amounts(receipt), ElementsAre(172, 168));  // 40 over 200 and 90
  EXPECT_EQ(receipt.rules[0].times, 1);
  // The set is not dearer than its goods.
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("A", 3, 80)}), {three})),
              ElementsAre(240));
}

TEST(SetOfferTest, BuyTwoGetTheCheapest) {
  const Basket basket =
      BasketOf({Goods("A", 1, 300), Goods("B", 2, 100), Goods("C", 3, 200)});
  // Sets 300 200 200 and 200 100 100: 200 and 100 are free.
  const PricedReceipt receipt = Price(basket, {BuyGet("r", 2, 1)});
  EXPECT_EQ(receipt.discount_minor, 300);
  Promotion on_free = BuyGet("r", 2, 1);
  on_free.on_free_item = true;
  EXPECT_THAT(Amounts(Price(basket, {on_free})), ElementsAre(300, 100, 400));
}

TEST(SetOfferTest, SpreadOverItsSet) {
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("A", 1, 300), Goods("B", 1, 200),
                                      Goods("C", 1, 50)}),
                            {BuyGet("r", 1, 1)})),
              ElementsAre(180, 120, 50));
}

TEST(SetOfferTest, SameSkuOnly) {
  Promotion same = BuyGet("r", 1, 1);
  same.same_sku = true;
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("A", 1, 300), Goods("B", 3, 200)}),
                            {same})),
              ElementsAre(300, 400));
}

// The second at half price, the usual "Nth item".
TEST(SetOfferTest, NthItem) {
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("A", 5, 100)}),
                            {BuyGet("r", 1, 1, PercentOff(50))})),
              ElementsAre(400));
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("A", 3, 100)}),
                            {BuyGet("r", 2, 1, FixedPrice(1))})),
              ElementsAre(201));
}

TEST(SetOfferTest, GetsOtherGoods) {
  Promotion rule = BuyGet("r", 2, 1);
  rule.items.skus = {"SHIRT"};
  rule.get_items = ItemFilter{{"TIE", "SOCKS"}, {}, {}, {}};
  rule.on_free_item = true;
  EXPECT_THAT(
      Amounts(Price(BasketOf({Goods("SHIRT", 5, 500), Goods("SOCKS", 1, 90),
                              Goods("TIE", 1, 200)}),
                    {rule})),
      ElementsAre(2'500, 0, 0));
  EXPECT_THAT(
      Amounts(Price(BasketOf({Goods("SHIRT", 2, 500), Goods("SOCKS", 1, 90),
                              Goods("TIE", 1, 200)}),
                    {rule})),
      ElementsAre(1'000, 90, 0));
  EXPECT_EQ(Why(Price(BasketOf({Goods("SHIRT", 2, 500)}), {rule}, true), "r"),
            NotFired::kBelowThreshold);
}

TEST(SetOfferTest, BundleOfDifferentGoods) {
  Promotion meal = Rule("meal", PromotionScope::kGroup, FixedPrice(500));
  meal.offer = OfferKind::kBundle;
  meal.bundle = {{ItemFilter{{}, {"drinks"}, {}, {}}, 1},
                 {ItemFilter{{"COLA"}, {}, {}, {}}, 1},
                 {ItemFilter{{"BUN"}, {}, {}, {}}, 2}};
  // COLA is a drink as well: the part that only it can fill gets it.
  const Basket basket =
      BasketOf({Goods("COLA", 1, 200, {"drinks"}),
                Goods("TEA", 1, 200, {"drinks"}), Goods("BUN", 3, 100)});
  const PricedReceipt receipt = Price(basket, {meal});
  EXPECT_EQ(receipt.discount_minor, 100);
  EXPECT_THAT(Amounts(receipt), ElementsAre(166, 167, 267));
}

TEST(SetOfferTest, CapsOnSets) {
  Promotion rule = BuyGet("r", 1, 1);
  rule.times_per_receipt_max = 2;
  const Basket basket = BasketOf({Goods("A", 10, 100)});
  EXPECT_EQ(Price(basket, {rule}).discount_minor, 200);
  rule.times_per_receipt_max = 0;
  rule.times_per_branch_max = 5;
  Basket later = basket;
  later.promotions.times_in_branch["r"] = 4;
  EXPECT_EQ(Price(later, {rule}).discount_minor, 100);
  rule.times_per_branch_max = 0;
  rule.saving_per_receipt_max_minor = 150;
  rule.currency = "EUR";
  EXPECT_EQ(Price(basket, {rule}).discount_minor, 150);
}

TEST(SetOfferTest, MillionsOfPiecesTakeNoLonger) {
  const Basket basket =
      BasketOf({Goods("A", 9'999'999, 100), Goods("B", 9'999'999, 90)});
  const PricedReceipt receipt = Price(basket, {BuyGet("r", 1, 1)});
  EXPECT_EQ(receipt.rules[0].times, 9'999'999);
  // 4,999,999 As, one B in a mixed pair, 4,999,999 Bs.
  EXPECT_EQ(receipt.discount_minor, 4'999'999 * 190 + 90);
}

TEST(TotalOfferTest, EveryAmountSaves) {
  const Promotion rule = EveryAmount("r", 10'000, 1'000);
  const auto saving = [&](int64_t amount) {
    return Price(BasketOf({Goods("A", 1, amount)}), {rule}).discount_minor;
  };
  EXPECT_EQ(saving(9'999), 0);
  EXPECT_EQ(saving(10'000), 1'000);
  EXPECT_EQ(saving(35'000), 3'000);
}

TEST(TotalOfferTest, TiersPayTheHighest) {
  Promotion rule = OnBasket("r", AmountOff(1));
  rule.offer = OfferKind::kTiers;
  rule.tiers = {{10'000, 0, AmountOff(1'000)}, {30'000, 0, AmountOff(5'000)}};
  const auto saving = [&](int64_t amount) {
    return Price(BasketOf({Goods("A", 1, amount)}), {rule}).discount_minor;
  };
  EXPECT_EQ(saving(9'999), 0);
  EXPECT_EQ(saving(29'999), 1'000);
  EXPECT_EQ(saving(30'000), 5'000);
  EXPECT_EQ(saving(90'000), 5'000);
}

TEST(TotalOfferTest, SpreadByWhatIsLeft) {
  EXPECT_THAT(Amounts(Price(BasketOf({Goods("A", 1, 100), Goods("B", 1, 0),
                                      Goods("C", 1, 200)}),
                            {OnBasket("r", AmountOff(100))})),
              ElementsAre(67, 0, 133));
}

TEST(TotalOfferTest, ThresholdCountsWhatIsShownAndFlagsSay) {
  Promotion rule = OnBasket("basket", AmountOff(100));
  rule.min_amount_minor = 1'000;
  Promotion group = Rule("group", PromotionScope::kGroup, PercentOff(10));
  const Basket basket = BasketOf({Goods("A", 1, 1'050)});
  // Either 105 or, without it, 100: the basket's threshold sees 945.
  EXPECT_THAT(Fired(Price(basket, {rule, group})), ElementsAre("group"));
  // A coupon's threshold counts what was shown before the basket's discount.
  rule.coupon = "C";
  Basket with_coupon = BasketOf({Goods("A", 1, 1'050)});
  with_coupon.promotions.coupons = {"C"};
  EXPECT_EQ(
      Price(with_coupon, {rule, OnBasket("ten", AmountOff(60))}).discount_minor,
      160);
  BasketLine bag = Goods("BAG", 1, 1'000);
  bag.not_in_thresholds = true;
  rule.coupon.clear();
  EXPECT_THAT(Fired(Price(BasketOf({bag, Goods("A", 1, 999)}), {rule})),
              IsEmpty());
}

}  // namespace
}  // namespace branchline
