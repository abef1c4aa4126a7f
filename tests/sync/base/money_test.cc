#include "sync/base/money.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sync/base/random.h"

namespace branchline {
namespace {

constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

struct ProductCase {
  const char* name;
  int64_t unit_price_minor_e4;
  int64_t quantity_milli;
  int64_t want_minor;
};

class PriceTimesQuantityTest : public ::testing::TestWithParam<ProductCase> {};

// Also with either sign, or both, turned round: a return is the mirror of its
// sale.
TEST_P(PriceTimesQuantityTest, RoundsHalfAwayFromZero) {
  const auto& [name, price, quantity, want] = GetParam();
  EXPECT_EQ(*PriceTimesQuantity(price, quantity), want);
  EXPECT_EQ(*PriceTimesQuantity(price, -quantity), -want);
  EXPECT_EQ(*PriceTimesQuantity(-price, quantity), -want);
  EXPECT_EQ(*PriceTimesQuantity(-price, -quantity), want);
}

INSTANTIATE_TEST_SUITE_P(
    Rounding, PriceTimesQuantityTest,
    ::testing::ValuesIn(std::vector<ProductCase>{
        {"OnePen", 1'990'000, 1'000, 199},
        {"ThreePens", 1'990'000, 3'000, 597},
        {"FreeGoods", 0, 5'000, 0},
        {"NoGoods", 1'990'000, 0, 0},
        {"JustUnderHalf", 4'999, 1'000, 0},
        {"Half", 5'000, 1'000, 1},
        {"JustOverHalf", 5'001, 1'000, 1},
        {"OneAndAHalf", 15'000, 1'000, 2},
        {"TwoAndAHalf", 25'000, 1'000, 3},
        {"WeighedHalf", 10'000, 500, 1},
        {"WeighedUnderHalf", 10'000, 499, 0},
        {"Weighed", 12'990'000, 1'234, 1'603},  // 12.99 x 1.234 = 16.02966
        {"SmallestOfBoth", 1, 1, 0},
        {"LargestPrice", kMax, 1'000, 922'337'203'685'478},
        {"LargestQuantity", 10'000, kMax, 9'223'372'036'854'776},
        {"LargestThatFits", 10'000'000, kMax, kMax},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(PriceTimesQuantityTest, ReachesTheSmallest) {
  EXPECT_EQ(*PriceTimesQuantity(10'000'000, kMin), kMin);
  EXPECT_EQ(*PriceTimesQuantity(kMin, 10'000'000), kMin);
}

TEST(PriceTimesQuantityTest, RefusesWhatDoesNotFit) {
  struct {
    int64_t price, quantity;
  } const cases[] = {{10'000'001, kMax},  {10'000'001, kMin},
                     {-10'000'000, kMin}, {kMax, kMax},
                     {kMin, kMin},        {kMin, kMax}};
  for (const auto& [price, quantity] : cases) {
    EXPECT_EQ(PriceTimesQuantity(price, quantity).status().code(),
              absl::StatusCode::kOutOfRange)
        << price << " x " << quantity;
  }
  EXPECT_EQ(PriceTimesQuantity(kMax, 2'000'000'000'000).status().message(),
            "quantity 2000000000 at a price of 922337203685477.5807 minor "
            "units does not fit 64 bits");
}

struct SumCase {
  int64_t a, b;
  bool sum_fits, difference_fits;
};

TEST(CheckedTest, RefusesExactlyWhatDoesNotFit) {
  for (const SumCase& row : std::vector<SumCase>{
           {0, 0, true, true},
           {199, -200, true, true},
           {kMax, 0, true, true},
           {kMax, 1, false, true},
           {kMax, -1, true, false},
           {kMin, 0, true, true},
           {kMin, 1, true, false},
           {kMin, -1, false, true},
           {kMin, kMax, true, false},
           {kMax, kMax, false, true},
           {kMin, kMin, false, true},
           {0, kMin, true, false},
           {-1, kMin, false, true},
       }) {
    const __int128 a = row.a;
    const absl::StatusOr<int64_t> sum = CheckedAdd(row.a, row.b);
    const absl::StatusOr<int64_t> difference = CheckedSub(row.a, row.b);
    ASSERT_EQ(sum.ok(), row.sum_fits) << row.a << " + " << row.b;
    ASSERT_EQ(difference.ok(), row.difference_fits) << row.a << " - " << row.b;
    if (sum.ok()) {
      EXPECT_TRUE(*sum == a + row.b);
    } else {
      EXPECT_EQ(sum.status().code(), absl::StatusCode::kOutOfRange);
      EXPECT_EQ(sum.status().message(),
                absl::StrCat("sum of ", row.a, " and ", row.b,
                             " does not fit 64 bits"));
    }
    if (difference.ok()) {
      EXPECT_TRUE(*difference == a - row.b);
    } else {
      EXPECT_EQ(difference.status().code(), absl::StatusCode::kOutOfRange);
      EXPECT_EQ(difference.status().message(),
                absl::StrCat("difference of ", row.a, " and ", row.b,
                             " does not fit 64 bits"));
    }
  }
}

TEST(ShareOfLineTest, KnownShares) {
  // 10.00 for three: 3.33, 3.34, 3.33.
  EXPECT_EQ(ShareOfLine(1'000, 0, 1'000, 3'000), 333);
  EXPECT_EQ(ShareOfLine(1'000, 1'000, 2'000, 3'000), 334);
  EXPECT_EQ(ShareOfLine(1'000, 2'000, 3'000, 3'000), 333);
  EXPECT_EQ(ShareOfLine(-1'000, 1'000, 2'000, 3'000), -334);
  // A penny for two: the first gets it.
  EXPECT_EQ(ShareOfLine(1, 0, 1'000, 2'000), 1);
  EXPECT_EQ(ShareOfLine(1, 1'000, 2'000, 2'000), 0);
  EXPECT_EQ(ShareOfLine(500, 700, 700, 1'000), 0);
  EXPECT_EQ(ShareOfLine(0, 0, 1'000, 1'000), 0);
  EXPECT_EQ(ShareOfLine(kMin, 0, kMax, kMax), kMin);
  EXPECT_EQ(ShareOfLine(kMax, kMax - 1, kMax, kMax), 1);
}

// Cut in every pair of places.
TEST(ShareOfLineTest, EveryTilingGivesBackTheLine) {
  for (int64_t n = 1; n <= 24; ++n) {
    for (const int64_t amount :
         {int64_t{0}, int64_t{1}, int64_t{-1}, int64_t{7}, int64_t{-100},
          int64_t{999}, int64_t{123'456'789}, kMax, kMin}) {
      for (int64_t j = 0; j <= n; ++j) {
        for (int64_t k = j; k <= n; ++k) {
          const __int128 sum =
              static_cast<__int128>(ShareOfLine(amount, 0, j, n)) +
              ShareOfLine(amount, j, k, n) + ShareOfLine(amount, k, n, n);
          ASSERT_TRUE(sum == amount)
              << amount << ": " << j << ", " << k << " of " << n;
        }
      }
    }
  }
}

// Lines of up to a million units, given back in pieces of any size.
TEST(ShareOfLineTest, RandomTilingsGiveBackTheLine) {
  SeededRandom random(20261121);
  for (int round = 0; round < 20'000; ++round) {
    const auto n = static_cast<int64_t>(1 + random.Below(1'000'000'000));
    const auto amount =
        static_cast<int64_t>(random.Next() >> random.Below(64)) *
        (random.Below(2) == 0 ? 1 : -1);
    __int128 sum = 0;
    int64_t j = 0;
    while (j < n) {
      const auto left = static_cast<uint64_t>(n - j);
      const int64_t k = j + 1 + static_cast<int64_t>(random.Below(left));
      const int64_t share = ShareOfLine(amount, j, k, n);
      ASSERT_TRUE(amount < 0 ? share <= 0 : share >= 0);
      sum += share;
      j = k;
    }
    ASSERT_TRUE(sum == amount) << amount << " over " << n;
  }
}

TEST(ShareOfLineDeathTest, RefusesWhatIsNoShare) {
  EXPECT_DEATH(ShareOfLine(1, 0, 0, 0), "a line has a quantity");
  EXPECT_DEATH(ShareOfLine(1, -1, 0, 1), "a share goes forward");
  EXPECT_DEATH(ShareOfLine(1, 2, 1, 3), "a share goes forward");
  EXPECT_DEATH(ShareOfLine(1, 0, 4, 3), "a share ends inside the line");
}

TEST(MinorDigitsTest, KnowsIso4217) {
  struct {
    const char* currency;
    int digits;
  } const cases[] = {{"GBP", 2}, {"EUR", 2}, {"USD", 2}, {"CNY", 2}, {"TWD", 2},
                     {"AED", 2}, {"ZWL", 2}, {"JPY", 0}, {"KRW", 0}, {"VND", 0},
                     {"ISK", 0}, {"KWD", 3}, {"TND", 3}, {"CLF", 4}};
  for (const auto& [currency, digits] : cases) {
    const absl::StatusOr<int> got = MinorDigits(currency);
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(*got, digits) << currency;
  }
}

TEST(MinorDigitsTest, RefusesWhatIsNoCurrency) {
  for (const char* text :
       {"", "GB", "GBPX", "gbp", "G P", "GB1", "£", "EUR "}) {
    EXPECT_EQ(MinorDigits(text).status(),
              absl::InvalidArgumentError(absl::StrCat(
                  "currency '", text,
                  "' is not an ISO 4217 code of three capital letters")));
  }
  // A slip of the fingers, metal, the test code, and letters of two neighbours.
  for (const char* text : {"GPB", "XAU", "XTS", "ZZZ", "EDA"}) {
    EXPECT_EQ(MinorDigits(text).status(),
              absl::InvalidArgumentError(
                  absl::StrCat("ISO 4217 has no currency '", text, "'")));
  }
}

struct FormatCase {
  const char* name;
  int64_t amount_minor;
  int minor_digits;
  const char* plain;
  const char* grouped;
};

class FormatMinorTest : public ::testing::TestWithParam<FormatCase> {};

TEST_P(FormatMinorTest, PlainAndGrouped) {
  const FormatCase& row = GetParam();
  EXPECT_EQ(FormatMinor(row.amount_minor, row.minor_digits), row.plain);
  EXPECT_EQ(GroupedMinor(row.amount_minor, row.minor_digits), row.grouped);
  EXPECT_EQ(*ParseDecimal(row.plain, row.minor_digits), row.amount_minor);
}

INSTANTIATE_TEST_SUITE_P(
    Amounts, FormatMinorTest,
    ::testing::ValuesIn(std::vector<FormatCase>{
        {"Zero", 0, 2, "0.00", "0.00"},
        {"ZeroYen", 0, 0, "0", "0"},
        {"Penny", 1, 2, "0.01", "0.01"},
        {"OwedPennies", -5, 2, "-0.05", "-0.05"},
        {"UnderOne", 99, 2, "0.99", "0.99"},
        {"One", 100, 2, "1.00", "1.00"},
        {"UnderAThousand", 99'999, 2, "999.99", "999.99"},
        {"AThousand", 100'000, 2, "1000.00", "1,000.00"},
        {"Negative", -123'456, 2, "-1234.56", "-1,234.56"},
        {"NegativeHundreds", -12'345, 2, "-123.45", "-123.45"},
        {"Chain", 576'193'138, 2, "5761931.38", "5,761,931.38"},
        {"Yen", 1'200, 0, "1200", "1,200"},
        {"YenNegative", -999, 0, "-999", "-999"},
        {"Dinar", 1'234'567, 3, "1234.567", "1,234.567"},
        {"UnitPrice", 19'900, 6, "0.019900", "0.019900"},
        {"Largest", kMax, 2, "92233720368547758.07",
         "92,233,720,368,547,758.07"},
        {"Smallest", kMin, 2, "-92233720368547758.08",
         "-92,233,720,368,547,758.08"},
        {"SmallestYen", kMin, 0, "-9223372036854775808",
         "-9,223,372,036,854,775,808"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(FormatMilliTest, DropsTrailingZeros) {
  EXPECT_EQ(FormatMilli(0), "0");
  EXPECT_EQ(FormatMilli(1), "0.001");
  EXPECT_EQ(FormatMilli(500), "0.5");
  EXPECT_EQ(FormatMilli(1'000), "1");
  EXPECT_EQ(FormatMilli(10'000), "10");
  EXPECT_EQ(FormatMilli(-12'345), "-12.345");
  EXPECT_EQ(FormatMilli(-100'010), "-100.01");
  EXPECT_EQ(FormatMilli(kMin), "-9223372036854775.808");
}

struct ParseCase {
  const char* text;
  int digits;
  int64_t value;
};

TEST(ParseDecimalTest, TakesPlainNumbers) {
  for (const auto& [text, digits, value] : std::vector<ParseCase>{
           {"0", 2, 0},
           {"-0", 2, 0},
           {"1", 2, 100},
           {"1.", 2, 100},
           {".5", 2, 50},
           {"+1.5", 2, 150},
           {"-1.5", 2, -150},
           {"12.34", 2, 1'234},
           {"12.340000", 2, 1'234},
           {"12.000", 0, 12},
           {"000000000000000000000000000007", 0, 7},
           {"1.99", 6, 1'990'000},
           {"9223372036854775807", 0, kMax},
           {"-9223372036854775808", 0, kMin},
           {"-92233720368547758.0800", 2, kMin},
       }) {
    const absl::StatusOr<int64_t> got = ParseDecimal(text, digits);
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(*got, value) << text;
  }
}

TEST(ParseDecimalTest, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"",    "-",     "+",        ".",   "-.",   "--1", "+-1",
        "1-",  "1.2.3", "1,000.00", "1e5", "0x10", " 1",  "1 ",
        "1\n", "NaN",   "inf",      "£5",  "1_0",  "１"}) {
    EXPECT_EQ(ParseDecimal(text, 2).status(),
              absl::InvalidArgumentError(
                  absl::StrCat("'", text, "' is not a decimal number")));
  }
}

TEST(ParseDecimalTest, RefusesTooManyDecimals) {
  EXPECT_EQ(ParseDecimal("1.005", 2).status(),
            absl::InvalidArgumentError("'1.005' has more than 2 decimals"));
  EXPECT_EQ(ParseDecimal("1.5", 0).status(),
            absl::InvalidArgumentError("'1.5' has more than 0 decimals"));
  EXPECT_EQ(ParseDecimal("0.0000001", 6).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ParseDecimalTest, RefusesWhatDoesNotFit) {
  for (const ParseCase& row : std::vector<ParseCase>{
           {"9223372036854775808", 0, 0},
           {"-9223372036854775809", 0, 0},
           {"92233720368547758.08", 2, 0},
           {"-92233720368547758.09", 2, 0},
           {"92233720368547759", 2, 0},
           {"-92233720368547759", 2, 0},
           {"99999999999999999999999999999999999999", 0, 0},
       }) {
    EXPECT_EQ(ParseDecimal(row.text, row.digits).status(),
              absl::OutOfRangeError(
                  absl::StrCat("'", row.text, "' does not fit 64 bits")));
  }
}

TEST(ParseDecimalTest, QuotesNoMoreThanFortyBytes) {
  EXPECT_EQ(
      ParseDecimal(std::string(500, 'x'), 2).status().message(),
      absl::StrCat("'", std::string(40, 'x'), "' is not a decimal number"));
}

}  // namespace
}  // namespace branchline
