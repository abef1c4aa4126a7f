// Which rules are legal, and the conditions that do not look at the basket.
#include "tests/pricing/pricing_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

struct RejectCase {
  const char* name;
  void (*breakage)(Promotion&);
  const char* message;
};

class CheckPromotionRejects : public ::testing::TestWithParam<RejectCase> {};

TEST_P(CheckPromotionRejects, WithTheReason) {
  Promotion rule = OnLine("rule", AmountOff(100));
  ASSERT_THAT(CheckPromotion(rule), IsOk());
  GetParam().breakage(rule);
  EXPECT_THAT(CheckPromotion(rule), StatusIs(absl::StatusCode::kInvalidArgument,
                                             HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, CheckPromotionRejects,
    ::testing::ValuesIn(std::vector<RejectCase>{
        {"NoId", [](Promotion& r) { r.id.clear(); }, "id has 0 bytes"},
        {"LongName", [](Promotion& r) { r.name.resize(201, 'x'); }, "201"},
        {"EndsBeforeItStarts", [](Promotion& r) { r.until = r.from; },
         "not after it starts"},
        {"EighthDayOfTheWeek", [](Promotion& r) { r.weekdays = 0x80; },
         "beyond Sunday"},
        {"DayZero", [](Promotion& r) { r.days_of_month = 1; }, "day 0"},
        {"NoHour",
         [](Promotion& r) {
           r.hours = {{3'600, 3'600}};
         },
         "not a part of a day"},
        {"TooManyNames",
         [](Promotion& r) { r.items.skus.resize(kFilterNamesMax + 1); },
         "10001 names"},
        {"GivesMoney", [](Promotion& r) { r.reward.amount_minor = -1; },
         "takes off -1"},
        {"MoreThanAll",
         [](Promotion& r) {
           r.reward = {RewardKind::kPercentOff, 10'001, 0};
         },
         "10001 basis points"},
        {"NegativePrice", [](Promotion& r) { r.reward = FixedPrice(-1); },
         "fixed price is -1"},
        {"SetsOnALine",
         [](Promotion& r) {
           r.offer = OfferKind::kEvery;
           r.every_pieces = 2;
         },
         "belong to scope group"},
        {"EveryNothing", [](Promotion& r) { r.offer = OfferKind::kEvery; },
         "needs X"},
        {"EverySavesMoreThanItself",
         [](Promotion& r) { r = EveryAmount("every", 100, 101); },
         "not more than that"},
        {"GetNothing",
         [](Promotion& r) {
           r.scope = PromotionScope::kGroup;
           r.offer = OfferKind::kBuyGet;
         },
         "buy 0 get 0"},
        {"BundleOfOne",
         [](Promotion& r) {
           r.scope = PromotionScope::kGroup;
           r.offer = OfferKind::kBundle;
           r.bundle.resize(1);
         },
         "1 parts"},
        {"NoTiers", [](Promotion& r) { r.offer = OfferKind::kTiers; },
         "0 tiers"},
        {"FallingTiers",
         [](Promotion& r) {
           r.scope = PromotionScope::kBasket;
           r.offer = OfferKind::kTiers;
           r.tiers = {{100, 0, AmountOff(20)}, {200, 0, AmountOff(10)}};
         },
         "tier 2 does not rise above tier 1"},
        {"NegativeCap", [](Promotion& r) { r.times_per_receipt_max = -1; },
         "a cap or threshold is -1"},
        {"PriorityTooHigh", [](Promotion& r) { r.priority = 10; },
         "its priority is 10, want 0 to 9"},
        {"NoCurrency", [](Promotion& r) { r.currency.clear(); },
         "not an ISO 4217 code"},
        {"CurrencyOfNothing", [](Promotion& r) { r.reward = PercentOff(10); },
         "no amounts and therefore no currency"},
        // Two rules broken: the earlier one in the contract wins.
        {"IdBeforeReward",
         [](Promotion& r) {
           r.id.clear();
           r.reward.amount_minor = -1;
         },
         "id has 0 bytes"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(PromotionSetTest, RefusesTwoOfOneId) {
  EXPECT_THAT(PromotionSet::Build(
                  {OnLine("a", PercentOff(1)), OnLine("a", PercentOff(2))}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a is there twice")));
}

struct GateCase {
  const char* name;
  void (*condition)(Promotion&);
  void (*other)(PromotionContext&);  // makes it hold
  NotFired why;
};

class GateTest : public ::testing::TestWithParam<GateCase> {};

TEST_P(GateTest, HoldsOrSaysWhy) {
  Promotion rule = OnLine("rule", AmountOff(100));
  PromotionContext context = BasketOf({}).promotions;
  EXPECT_EQ(GateOf(rule, context), NotFired::kNone);
  GetParam().condition(rule);
  EXPECT_EQ(GateOf(rule, context), GetParam().why);
  GetParam().other(context);
  EXPECT_EQ(GateOf(rule, context), NotFired::kNone);
}

void At(PromotionContext& context, absl::CivilSecond local) {
  context.at = absl::FromCivil(local, context.zone);
}

// The basket's own time is Saturday 21 November 2026, 12:00.
INSTANTIATE_TEST_SUITE_P(
    Conditions, GateTest,
    ::testing::ValuesIn(std::vector<GateCase>{
        {"Currency", [](Promotion& r) { r.currency = "USD"; },
         [](PromotionContext& c) { c.currency = "USD"; },
         NotFired::kOtherCurrency},
        {"From", [](Promotion& r) { r.from = absl::CivilSecond(2026, 11, 22); },
         [](PromotionContext& c) { At(c, absl::CivilSecond(2026, 11, 22)); },
         NotFired::kNotYet},
        {"Until",
         [](Promotion& r) {
           r.until = absl::CivilSecond(2026, 11, 21, 12, 0, 0);
         },
         [](PromotionContext& c) {
           At(c, absl::CivilSecond(2026, 11, 21, 11, 59, 59));
         },
         NotFired::kExpired},
        {"Weekday", [](Promotion& r) { r.weekdays = 1 << 6; },
         [](PromotionContext& c) { At(c, absl::CivilSecond(2026, 11, 22)); },
         NotFired::kOtherWeekday},
        {"MemberDay", [](Promotion& r) { r.days_of_month = 1u << 28; },
         [](PromotionContext& c) { At(c, absl::CivilSecond(2026, 11, 28)); },
         NotFired::kOtherDayOfMonth},
        {"Hours",
         [](Promotion& r) {
           r.hours = {{9 * 3'600, 12 * 3'600}};
         },
         [](PromotionContext& c) {
           At(c, absl::CivilSecond(2026, 11, 21, 11, 59, 59));
         },
         NotFired::kOtherHour},
        {"HoursPastMidnight",
         [](Promotion& r) {
           r.hours = {{22 * 3'600, 2 * 3'600}};
         },
         [](PromotionContext& c) {
           At(c, absl::CivilSecond(2026, 11, 21, 1, 59, 59));
         },
         NotFired::kOtherHour},
        {"Branch", [](Promotion& r) { r.branch_groups = {"north"}; },
         [](PromotionContext& c) {
           c.branch_groups = {"x", "north"};
         },
         NotFired::kOtherBranch},
        {"Member", [](Promotion& r) { r.members_only = true; },
         [](PromotionContext& c) { c.is_member = true; },
         NotFired::kNotAMember},
        {"CustomerGroup",
         [](Promotion& r) {
           r.customer_groups = {"gold", "staff"};
         },
         [](PromotionContext& c) { c.customer_groups = {"staff"}; },
         NotFired::kOtherCustomerGroup},
        {"Coupon", [](Promotion& r) { r.coupon = "SPRING"; },
         [](PromotionContext& c) { c.coupons = {"SPRING"}; },
         NotFired::kNoCoupon},
        {"BranchCap",
         [](Promotion& r) {
           r.times_per_branch_max = 1;
           r.id = "capped";
         },
         [](PromotionContext& c) { c.times_in_branch["capped"] = 0; },
         NotFired::kNone},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(GateTest, BranchCapCountsWhatWasGiven) {
  Promotion rule = OnLine("rule", PercentOff(10));
  rule.times_per_branch_max = 3;
  PromotionContext context = BasketOf({}).promotions;
  context.times_in_branch["rule"] = 2;
  EXPECT_EQ(GateOf(rule, context), NotFired::kNone);
  context.times_in_branch["rule"] = 3;
  EXPECT_EQ(GateOf(rule, context), NotFired::kBranchCap);
}

}  // namespace
}  // namespace branchline
