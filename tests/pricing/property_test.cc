// What must hold for any rules and any basket. Every failure names its seed.
#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "sync/base/money.h"
#include "sync/base/random.h"
#include "tests/pricing/pricing_fixture.h"

namespace branchline {
namespace {

constexpr int kSeeds = 1'500;

class Dice {
 public:
  explicit Dice(uint64_t seed) : random_(seed) {}
  int64_t Upto(int64_t most) { return random_.Below(most + 1); }
  int64_t Between(int64_t least, int64_t most) {
    return least + Upto(most - least);
  }
  bool Chance(int percent) { return Upto(99) < percent; }

 private:
  SeededRandom random_;
};

ItemFilter AnyFilter(Dice& dice) {
  ItemFilter filter;
  if (dice.Chance(30)) return filter;
  for (int i = 0; i < 3; ++i) {
    filter.skus.push_back(absl::StrCat("S", dice.Upto(5)));
  }
  if (dice.Chance(20)) filter.except_skus.push_back("S1");
  return filter;
}

Reward AnyReward(Dice& dice) {
  switch (dice.Upto(2)) {
    case 0:
      return PercentOff(dice.Between(1, 100));
    case 1:
      return AmountOff(dice.Between(1, 400));
    default:
      return FixedPrice(dice.Upto(600));
  }
}

Promotion AnyRule(Dice& dice, int number) {
  Promotion rule;
  const Reward reward = AnyReward(dice);
  const std::string id = absl::StrCat("r", number);
  switch (dice.Upto(6)) {
    case 0:
      rule = OnLine(id, reward);
      break;
    case 1:
      rule = BuyGet(id, dice.Upto(3), dice.Between(1, 2), reward);
      rule.buy_pieces = std::max<int64_t>(rule.buy_pieces, 1);
      rule.same_sku = dice.Chance(30);
      rule.on_free_item = dice.Chance(30);
      break;
    case 2:
      rule = EveryPieces(id, dice.Between(2, 4), reward);
      break;
    case 3:
      rule = EveryAmount(id, dice.Between(200, 2'000), dice.Between(1, 200));
      break;
    case 4:
      rule = OnBasket(
          id, reward.kind == RewardKind::kFixedPrice ? PercentOff(10) : reward);
      if (rule.reward.kind == RewardKind::kAmountOff) {
        rule.min_amount_minor = dice.Upto(3'000);
      }
      break;
    case 5:
      rule = OnBasket(id, AmountOff(1));
      rule.offer = OfferKind::kTiers;
      rule.tiers = {{500, 0, AmountOff(30)}, {1'500, 2, AmountOff(200)}};
      break;
    default:
      rule = Rule(id, PromotionScope::kGroup, reward);
      rule.offer = OfferKind::kBundle;
      rule.bundle = {{AnyFilter(dice), 1}, {AnyFilter(dice), 2}};
      return rule;
  }
  rule.items = AnyFilter(dice);
  return rule;
}

std::vector<Promotion> AnyRules(Dice& dice) {
  std::vector<Promotion> rules;
  const int64_t count = dice.Between(1, 7);
  for (int i = 0; i < count; ++i) {
    Promotion rule = AnyRule(dice, i);
    if (dice.Chance(20)) rule.stacking = Stacking::kAloneOnLine;
    if (dice.Chance(10)) rule.stacking = Stacking::kAloneOnReceipt;
    if (dice.Chance(20)) rule.exclusion_group = "group";
    if (dice.Chance(20)) rule.priority = dice.Upto(2);
    if (dice.Chance(20)) rule.times_per_receipt_max = dice.Between(1, 3);
    if (dice.Chance(20)) {
      rule.saving_per_receipt_max_minor = dice.Between(1, 500);
      rule.currency = "EUR";
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

Basket AnyBasket(Dice& dice) {
  std::vector<BasketLine> lines;
  const int64_t count = dice.Between(1, 8);
  for (int i = 0; i < count; ++i) {
    // One price per SKU, as the price book has it.
    const int64_t sku = dice.Upto(5);
    BasketLine line =
        Goods(absl::StrCat("S", sku), dice.Between(1, 6), 100 + sku * 37);
    if (dice.Chance(10)) line.quantity_milli += dice.Upto(999);
    if (dice.Chance(5)) line.quantity_milli = -line.quantity_milli;
    line.price_is_final = dice.Chance(5);
    line.no_discount = dice.Chance(5);
    line.not_in_thresholds = dice.Chance(5);
    lines.push_back(std::move(line));
  }
  return BasketOf(std::move(lines));
}

TEST(PricingPropertyTest, DiscountsAddUpAndNothingFallsBelowZero) {
  int64_t discounted = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const std::vector<Promotion> rules = AnyRules(dice);
    const Basket basket = AnyBasket(dice);
    const PricedReceipt receipt = Price(basket, rules, true);
    int64_t of_lines = 0;
    int64_t of_rules = 0;
    std::map<std::string, int64_t> by_rule;
    for (size_t i = 0; i < receipt.lines.size(); ++i) {
      const PricedLine& line = receipt.lines[i];
      int64_t of_line = 0;
      for (const LineDiscount& discount : line.discounts) {
        ASSERT_GT(discount.amount_minor, 0);
        of_line += discount.amount_minor;
        by_rule[discount.rule_id] += discount.amount_minor;
      }
      ASSERT_EQ(of_line, line.discount_minor);
      ASSERT_EQ(line.gross_minor - of_line, line.amount_minor);
      if (line.gross_minor >= 0) {
        ASSERT_GE(line.amount_minor, 0);
      }
      const BasketLine& asked = basket.lines[i];
      if (asked.no_discount || asked.price_is_final ||
          asked.quantity_milli < 0) {
        ASSERT_EQ(of_line, 0);
      }
      of_lines += of_line;
    }
    for (const RuleReport& rule : receipt.rules) {
      ASSERT_EQ(rule.saving_minor, by_rule[rule.rule_id]) << rule.rule_id;
      ASSERT_EQ(rule.why == NotFired::kNone, rule.saving_minor > 0);
      of_rules += rule.saving_minor;
    }
    ASSERT_EQ(receipt.rules.size(), rules.size());
    ASSERT_EQ(of_lines, receipt.discount_minor);
    ASSERT_EQ(of_rules, receipt.discount_minor);
    ASSERT_LE(receipt.trials, kTrialsMax);
    discounted += receipt.discount_minor > 0 ? 1 : 0;
  }
  EXPECT_GT(discounted, kSeeds / 2) << "the runs took nothing off";
}

TEST(PricingPropertyTest, CapsAndExclusionsHold) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const std::vector<Promotion> rules = AnyRules(dice);
    const PricedReceipt receipt = Price(AnyBasket(dice), rules, true);
    std::map<std::string, const Promotion*> by_id;
    for (const Promotion& rule : rules) by_id[rule.id] = &rule;
    int fired = 0;
    int of_group = 0;
    bool solo = false;
    for (const RuleReport& report : receipt.rules) {
      if (report.why != NotFired::kNone) continue;
      const Promotion& rule = *by_id[report.rule_id];
      ++fired;
      of_group += rule.exclusion_group.empty() ? 0 : 1;
      solo = solo || rule.stacking == Stacking::kAloneOnReceipt;
      if (rule.saving_per_receipt_max_minor > 0) {
        ASSERT_LE(report.saving_minor, rule.saving_per_receipt_max_minor);
      }
      if (rule.times_per_receipt_max > 0) {
        ASSERT_LE(report.times, rule.times_per_receipt_max);
      }
    }
    ASSERT_LE(of_group, 1);
    if (solo) {
      ASSERT_EQ(fired, 1);
    }
    for (const PricedLine& line : receipt.lines) {
      bool alone = false;
      for (const LineDiscount& discount : line.discounts) {
        alone = alone || by_id[discount.rule_id]->stacking != Stacking::kStacks;
      }
      if (alone) {
        ASSERT_EQ(line.discounts.size(), 1u);
      }
    }
  }
}

// Of any combination of rules that are legal together and tried exhaustively,
// none saves more: compared with dropping each rule, and each pair.
TEST(PricingPropertyTest, NoRuleLessSavesMore) {
  for (uint64_t seed = 1; seed <= kSeeds / 3; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    std::vector<Promotion> rules = AnyRules(dice);
    for (Promotion& rule : rules) {
      rule.priority = 0;
      rule.saving_per_receipt_max_minor = 0;
      rule.times_per_receipt_max = 0;
      if (rule.stacking == Stacking::kAloneOnLine) {
        rule.stacking = Stacking::kStacks;
      }
    }
    for (Promotion& rule : rules) {
      if (rule.reward.kind == RewardKind::kPercentOff &&
          rule.offer != OfferKind::kTiers && rule.min_amount_minor == 0 &&
          rule.every_amount_minor == 0) {
        rule.currency.clear();
      }
    }
    const Basket basket = AnyBasket(dice);
    const PricedReceipt best = Price(basket, rules);
    ASSERT_TRUE(best.exact);
    for (size_t a = 0; a < rules.size(); ++a) {
      for (size_t b = a; b < rules.size(); ++b) {
        std::vector<Promotion> fewer;
        for (size_t i = 0; i < rules.size(); ++i) {
          if (i != a && i != b) fewer.push_back(rules[i]);
        }
        // A cent may lie in the rounding of what is spread twice.
        ASSERT_GE(best.discount_minor + 2, Price(basket, fewer).discount_minor)
            << "without " << rules[a].id << " and " << rules[b].id;
      }
    }
  }
}

TEST(PricingPropertyTest, SameInputSameOutput) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Dice dice(seed);
    std::vector<Promotion> rules = AnyRules(dice);
    const Basket basket = AnyBasket(dice);
    const PricedReceipt first = Price(basket, rules);
    std::reverse(rules.begin(), rules.end());
    const PricedReceipt again = Price(basket, rules);
    ASSERT_EQ(Amounts(first), Amounts(again)) << seed;
    ASSERT_EQ(Fired(first), Fired(again)) << seed;
  }
}

// One rule on whole pieces: what a receipt saves does not depend on the order
// in which its lines were scanned.
TEST(PricingPropertyTest, LineOrderChangesNothingForOneRule) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    Promotion rule = AnyRule(dice, 0);
    Basket basket = AnyBasket(dice);
    const int64_t discount = Price(basket, {rule}).discount_minor;
    for (int i = 0; i < 3; ++i) {
      std::swap(basket.lines[dice.Upto(basket.lines.size() - 1)],
                basket.lines[dice.Upto(basket.lines.size() - 1)]);
      ASSERT_EQ(Price(basket, {rule}).discount_minor, discount);
    }
  }
}

// One piece more never costs more than its price.
TEST(PricingPropertyTest, MoreNeverCostsMoreThanItsPrice) {
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE(seed);
    Dice dice(seed);
    const Promotion rule = AnyRule(dice, 0);
    Basket basket = AnyBasket(dice);
    for (BasketLine& line : basket.lines) {
      line.quantity_milli = 1'000 * (1 + dice.Upto(5));
    }
    const int64_t before = Price(basket, {rule}).amount_minor;
    BasketLine& more = basket.lines[dice.Upto(basket.lines.size() - 1)];
    more.quantity_milli += 1'000;
    const int64_t price = more.price.unit_price_minor_e4 / 10'000;
    ASSERT_LE(Price(basket, {rule}).amount_minor, before + price);
  }
}

}  // namespace
}  // namespace branchline
