#include <limits>
#include <numeric>

#include "edge/pricing/cash_rounding.h"
#include "edge/pricing/fraction.h"
#include "edge/pricing/spread.h"
#include "sync/base/random.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(SpreadTest, LargestRemainderTiesToTheEarlier) {
  struct Case {
    int64_t total;
    std::vector<int64_t> weights;
    std::vector<int64_t> parts;
  };
  const Case cases[] = {
      {10, {1, 1, 1}, {4, 3, 3}},
      {-10, {1, 1, 1}, {-4, -3, -3}},
      {100, {0, 1, 0}, {0, 100, 0}},  // nothing to lines of zero
      {7, {3, 0, 4}, {3, 0, 4}},
      {1, {1, 2, 2}, {0, 1, 0}},
      {0, {0, 0}, {0, 0}},
      {0, {}, {}},
      {kMax, {kMax / 2, kMax / 2 + 1}, {kMax / 2, kMax / 2 + 1}},
  };
  for (const Case& c : cases) {
    const auto parts = SpreadByWeight(c.total, c.weights);
    ASSERT_THAT(parts, IsOk());
    EXPECT_EQ(*parts, c.parts) << c.total;
  }
}

TEST(SpreadTest, RefusesWhatNothingCanTake) {
  EXPECT_THAT(SpreadByWeight(1, {0, 0}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("all weights are 0")));
  EXPECT_THAT(SpreadByWeight(1, {1, -1}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("part 2 has weight -1")));
  EXPECT_THAT(SpreadByWeight(1, {kMax, 1}),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("64 bits")));
  EXPECT_THAT(SpreadByWeight(1, std::vector<int64_t>(kSpreadPartsMax + 1, 1)),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("at most")));
}

TEST(SpreadTest, SumsExactlyAndNeverAboveAWeight) {
  SeededRandom random(1);
  for (int round = 0; round < 2'000; ++round) {
    std::vector<int64_t> weights(1 + random.Below(12));
    for (int64_t& weight : weights) weight = random.Below(1'000);
    const int64_t sum = std::accumulate(weights.begin(), weights.end(), 0);
    if (sum == 0) continue;
    const int64_t total = random.Below(sum + 1);
    const auto parts = SpreadByWeight(total, weights);
    ASSERT_THAT(parts, IsOk());
    EXPECT_EQ(std::accumulate(parts->begin(), parts->end(), 0), total);
    for (size_t i = 0; i < weights.size(); ++i) {
      EXPECT_GE((*parts)[i], 0);
      EXPECT_LE((*parts)[i], weights[i]);
    }
  }
}

TEST(PercentTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(PercentOf(9'990, 1'500), 1'499);  // 1498.5
  EXPECT_EQ(PercentOf(-9'990, 1'500), -1'499);
  EXPECT_EQ(PercentOf(1, 4'999), 0);
  EXPECT_EQ(PercentOf(kMax, 10'000), kMax);
}

TEST(MultiplyDivideTest, ChecksItsRange) {
  EXPECT_EQ(*MultiplyDivide(kMax, 3, 3), kMax);
  EXPECT_EQ(*MultiplyDivide(-5, 1, 2), -3);
  EXPECT_THAT(MultiplyDivide(kMax, 2, 1),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("64 bits")));
  EXPECT_THAT(MultiplyDivide(1, 1, 0),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("denominator is 0")));
}

TEST(FractionTest, IsExactUntilItIsRounded) {
  const Fraction third = Fraction::Of(1, 3);
  const auto sum = third.Plus(third)->Plus(third);
  EXPECT_EQ(*sum->Rounded(), 1);
  EXPECT_EQ(*Fraction::Of(5, 2).Rounded(), 3);
  EXPECT_EQ(*Fraction::Of(-5, 2).Rounded(), -3);
  EXPECT_EQ(*Fraction(100).Over(Fraction::Of(119, 100))->Rounded(), 84);
  Fraction large = Fraction::Of(kMax, 2);
  large = *large.Times(Fraction::Of(kMax, 3));
  EXPECT_THAT(large.Times(Fraction::Of(kMax, 7)),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("128 bits")));
}

TEST(CashRoundingTest, ByMode) {
  struct Case {
    int64_t amount;
    int64_t step;
    RoundingMode mode;
    int64_t rounded;
  };
  const Case cases[] = {
      {1'572, 5, RoundingMode::kHalfAwayFromZero, 1'570},
      {1'573, 5, RoundingMode::kHalfAwayFromZero, 1'575},
      {25, 50, RoundingMode::kHalfAwayFromZero, 50},
      {-25, 50, RoundingMode::kHalfAwayFromZero, -50},
      {1'579, 10, RoundingMode::kDown, 1'570},
      {-1'579, 10, RoundingMode::kDown, -1'570},
      {1'571, 5, RoundingMode::kUp, 1'575},
      {-1'571, 5, RoundingMode::kUp, -1'575},
      {1'570, 5, RoundingMode::kUp, 1'570},
      {1'573, 1, RoundingMode::kUp, 1'573},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(*RoundCash(c.amount, {c.step, c.mode}), c.rounded) << c.amount;
  }
  EXPECT_THAT(RoundCash(1, {0}), StatusIs(absl::StatusCode::kInvalidArgument,
                                          HasSubstr("the step is 0")));
  EXPECT_THAT(RoundCash(kMax, {1'000}),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("64 bits")));
}

TEST(CashRoundingTest, ByCurrency) {
  EXPECT_EQ(CashRoundingOf("CHF")->step_minor, 5);
  EXPECT_EQ(CashRoundingOf("SEK")->step_minor, 100);
  EXPECT_EQ(CashRoundingOf("CNY")->step_minor, 1);
  EXPECT_EQ(CashRoundingOf("JPY")->step_minor, 1);
  EXPECT_THAT(CashRoundingOf("XYZ"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("XYZ")));
}

}  // namespace
}  // namespace branchline
