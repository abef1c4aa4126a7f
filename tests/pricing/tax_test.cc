#include "edge/pricing/tax.h"

#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TaxComponent Vat(std::string code, int64_t percent, bool included,
                 bool raises_base = false) {
  return {std::move(code), TaxKind::kPercent, percent * 10'000, 0,
          included,        raises_base};
}

TaxRule RuleOf(std::vector<TaxComponent> components) {
  TaxRule rule;
  rule.id = "rule";
  rule.components = std::move(components);
  return rule;
}

TaxedReceipt Tax(const TaxRule& rule, std::vector<int64_t> amounts,
                 TaxRounding rounding = TaxRounding::kPerReceipt,
                 bool exempt = false) {
  std::vector<TaxableLine> lines;
  for (const int64_t amount : amounts) {
    lines.push_back({amount, amount < 0 ? -1'000 : 1'000, &rule, exempt});
  }
  const auto taxed = TaxLines(lines, rounding);
  EXPECT_THAT(taxed, IsOk());
  return *taxed;
}

TEST(TaxTest, OneRate) {
  struct Case {
    const char* name;
    std::vector<int64_t> amounts;
    int64_t percent;
    bool included;
    int64_t net;
    int64_t tax;
    int64_t payable;
  };
  const Case cases[] = {
      {"in the price", {200}, 19, true, 168, 32, 200},
      {"on top", {200}, 19, false, 200, 38, 238},
      {"rounded once for the receipt", {3, 3, 3}, 19, true, 8, 1, 9},
      {"nothing", {0}, 19, true, 0, 0, 0},
      {"a zero rate", {500}, 0, true, 500, 0, 500},
      {"given back", {-200}, 19, true, -168, -32, -200},
      {"both ways, apart", {1'210, -605}, 21, true, 500, 105, 605},
  };
  for (const Case& c : cases) {
    const TaxedReceipt taxed =
        Tax(RuleOf({Vat("vat", c.percent, c.included)}), c.amounts);
    EXPECT_EQ(taxed.net_minor, c.net) << c.name;
    EXPECT_EQ(taxed.tax_minor, c.tax) << c.name;
    EXPECT_EQ(taxed.payable_minor, c.payable) << c.name;
  }
}

TEST(TaxTest, PerLineRoundsEachLine) {
  const TaxRule rule = RuleOf({Vat("vat", 19, true)});
  EXPECT_EQ(Tax(rule, {3, 3, 3}).tax_minor, 1);                         // 1.44
  EXPECT_EQ(Tax(rule, {3, 3, 3}, TaxRounding::kPerLine).tax_minor, 0);  // 0.48
}

TEST(TaxTest, ReceiptsTaxIsSpreadToLinesExactly) {
  const TaxedReceipt taxed =
      Tax(RuleOf({Vat("vat", 7, false)}), {105, 105, 0, 105});
  EXPECT_EQ(taxed.tax_minor, 22);  // 22.05
  std::vector<int64_t> taxes;
  for (const TaxedLine& line : taxed.lines) taxes.push_back(line.tax_minor);
  EXPECT_THAT(taxes, ElementsAre(8, 7, 0, 7));
}

TEST(TaxTest, StacksAndCompounds) {
  // 10 % in the price, 7 % on the net on top.
  TaxedReceipt taxed =
      Tax(RuleOf({Vat("a", 10, true), Vat("b", 7, false)}), {12'000});
  EXPECT_EQ(taxed.net_minor, 10'909);
  EXPECT_EQ(taxed.lines[0].taxes[0].tax_minor, 1'091);
  EXPECT_EQ(taxed.lines[0].taxes[1].tax_minor, 764);
  EXPECT_EQ(taxed.payable_minor, 12'764);
  // 5 %, and 9.975 % on top of price and tax.
  TaxRule compound = RuleOf({Vat("gst", 5, false, true),
                             {"qst", TaxKind::kPercent, 99'750, 0, false}});
  taxed = Tax(compound, {10'000});
  EXPECT_EQ(taxed.lines[0].taxes[1].base_minor, 10'500);
  EXPECT_EQ(taxed.lines[0].taxes[1].tax_minor, 1'047);  // 1047.375
  // The same in the price: 100.00 = 1.05 x 1.09975 x net.
  compound.components[0].included = compound.components[1].included = true;
  taxed = Tax(compound, {10'000});
  EXPECT_EQ(taxed.net_minor, 8'660);
  EXPECT_EQ(taxed.tax_minor, 1'340);
}

TEST(TaxTest, PerUnitGoesByQuantity) {
  const TaxRule rule = RuleOf(
      {{"bottle", TaxKind::kPerUnit, 0, 25'000, true, true},  // 2.5 cents
       Vat("vat", 20, true)});
  const auto taxed =
      TaxLines({{{1'200, 3'000, &rule, false}, {600, 1'000, &rule, false}}},
               TaxRounding::kPerReceipt);
  ASSERT_THAT(taxed, IsOk());
  EXPECT_EQ(taxed->table[0].tax_minor, 10);
  EXPECT_EQ(taxed->lines[0].taxes[0].tax_minor, 8);  // 7.5 of 10, tie: earlier
  EXPECT_EQ(taxed->table[1].tax_minor, 300);
  EXPECT_EQ(taxed->net_minor, 1'490);
}

TEST(TaxTest, ExemptTakesTheTaxOutOfThePrice) {
  const TaxRule rule = RuleOf({Vat("a", 10, true), Vat("b", 7, false)});
  const TaxedReceipt taxed =
      Tax(rule, {11'000}, TaxRounding::kPerReceipt, true);
  EXPECT_EQ(taxed.payable_minor, 10'000);
  EXPECT_EQ(taxed.tax_minor, 0);
  EXPECT_EQ(taxed.lines[0].exempted_minor, 1'000);
}

TEST(TaxTest, TableHasOneRowPerCodeAndRate) {
  const TaxRule normal = RuleOf({Vat("vat", 19, true)});
  const TaxRule reduced = RuleOf({Vat("vat", 7, true)});
  const auto taxed = TaxLines({{{1'190, 1'000, &normal, false},
                                {1'070, 1'000, &reduced, false},
                                {1'190, 1'000, &normal, false},
                                {50, 1'000, nullptr, false}}},
                              TaxRounding::kPerReceipt);
  ASSERT_THAT(taxed, IsOk());
  ASSERT_EQ(taxed->table.size(), 2u);
  EXPECT_EQ(taxed->table[0].tax_minor, 380);
  EXPECT_EQ(taxed->table[0].base_minor, 2'000);
  EXPECT_EQ(taxed->table[1].tax_minor, 70);
  EXPECT_EQ(taxed->net_minor, 3'050);
}

TaxRule Scoped(std::string id, std::string region, Consumption consumption,
               Date from = 0, Date until = 0) {
  TaxRule rule;
  rule.id = std::move(id);
  rule.tax_class = "food";
  rule.region = std::move(region);
  rule.consumption = consumption;
  rule.from_date = from;
  rule.until_date = until;
  return rule;
}

TEST(TaxTableTest, FindsTheMostSpecificInForce) {
  const auto table = TaxTable::Build(
      {Scoped("all", "", Consumption::kAny),
       Scoped("eat", "", Consumption::kEatIn),
       Scoped("north", "N", Consumption::kAny, 20200701, 20210101),
       Scoped("north later", "N", Consumption::kAny, 20210101)});
  ASSERT_THAT(table, IsOk());
  const auto id = [&](absl::string_view region, Consumption consumption,
                      Date date) {
    return (*table->Find("food", region, consumption, date))->id;
  };
  EXPECT_EQ(id("S", Consumption::kTakeAway, 20200101), "all");
  EXPECT_EQ(id("S", Consumption::kEatIn, 20200101), "eat");
  EXPECT_EQ(id("N", Consumption::kEatIn, 20200630), "eat");
  EXPECT_EQ(id("N", Consumption::kEatIn, 20200701), "north");
  EXPECT_EQ(id("N", Consumption::kTakeAway, 20201231), "north");
  EXPECT_EQ(id("N", Consumption::kTakeAway, 20210101), "north later");
  EXPECT_THAT(table->Find("toys", "N", Consumption::kEatIn, 20210101),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("'toys'")));
}

TEST(TaxTableTest, RefusesWhatIsWrong) {
  struct Case {
    std::vector<TaxRule> rules;
    const char* message;
  };
  TaxRule negative = Scoped("neg", "", Consumption::kAny);
  negative.components = {{"vat", TaxKind::kPercent, -1, 0, true, false}};
  TaxRule mixed = Scoped("mix", "", Consumption::kAny);
  mixed.components = {{"vat", TaxKind::kPercent, 1, 1, true, false}};
  TaxRule late = Scoped("late", "", Consumption::kAny);
  late.components = {Vat("a", 1, false), Vat("b", 1, true)};
  TaxRule twice = Scoped("twice", "", Consumption::kAny);
  twice.components = {Vat("a", 1, true), Vat("a", 1, true)};
  const Case cases[] = {
      {{Scoped("a", "", Consumption::kAny, 0, 20210101),
        Scoped("b", "", Consumption::kAny, 20201231)},
       "a and b of class food overlap"},
      {{Scoped("a", "", Consumption::kAny, 20210101, 20210101)},
       "not after it starts"},
      {{negative}, "rate of vat is -1"},
      {{mixed}, "a rate and an amount per unit"},
      {{late}, "b is in the price but comes after"},
      {{twice}, "two taxes a"},
      {{Scoped("", "", Consumption::kAny)}, "an id has 1 to 64"},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(
        TaxTable::Build(c.rules),
        StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(c.message)));
  }
}

}  // namespace
}  // namespace branchline
