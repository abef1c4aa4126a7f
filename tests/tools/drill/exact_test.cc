#include "tools/drill/exact.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

namespace branchline::drill {
namespace {

TEST(ReadDecimalTest, TakesPlainNumbersOnly) {
  for (const char* good : {"0", "-0", "12", "-12.50", "0.001", "007.10",
                           "123456789012345678901234567890"}) {
    EXPECT_TRUE(ReadDecimal(good).ok()) << good;
  }
  for (const char* bad :
       {"", "-", "+1", ".5", "5.", "1.2.3", "1e5", "1,000", " 1", "1 ", "--1",
        "0x1", "NaN", "1234567890123456789012345678901234567890",
        "0.00000000000000000000000000000000000001"}) {
    EXPECT_EQ(ReadDecimal(bad).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
  EXPECT_TRUE(ReadDecimal(std::string(kNumberSizeMax, '0')).ok());
  EXPECT_FALSE(ReadDecimal(std::string(kNumberSizeMax + 1, '0')).ok());
}

int64_t Exact(const char* text, int decimals) {
  return ExactCount(*ReadDecimal(text), decimals, 1'000'000).value_or(-1);
}
int64_t Rounded(const char* text, int decimals) {
  return RoundedCount(*ReadDecimal(text), decimals, 1'000'000).value_or(-1);
}

TEST(CountTest, ExactTakesNoFurtherDecimals) {
  EXPECT_EQ(Exact("12.5", 2), 1250);
  EXPECT_EQ(Exact("-12.50000", 2), -1250);
  EXPECT_EQ(ExactCount(*ReadDecimal("12.505"), 2, 1'000'000).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Exact("10000.00", 2), 1'000'000);
  EXPECT_EQ(ExactCount(*ReadDecimal("10000.01"), 2, 1'000'000).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(ExactCount(*ReadDecimal("-99999999999999999999999999999999999"), 9,
                       INT64_MAX)
                .status()
                .code(),
            absl::StatusCode::kOutOfRange);
}

TEST(CountTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(Rounded("0.004", 2), 0);
  EXPECT_EQ(Rounded("0.005", 2), 1);
  EXPECT_EQ(Rounded("-0.005", 2), -1);
  EXPECT_EQ(Rounded("2.675", 2), 268);
  EXPECT_EQ(Rounded("0.30000000000000004", 2), 30);
}

TEST(GrossMinorTest, RoundsHalfAwayFromZero) {
  EXPECT_EQ(GrossMinor(6'000, 2'550'000), 1'530);  // 6 x 2.55
  EXPECT_EQ(GrossMinor(500, 10'000), 1);           // half a penny
  EXPECT_EQ(GrossMinor(-500, 10'000), -1);
  EXPECT_EQ(GrossMinor(499, 10'000), 0);
  EXPECT_EQ(GrossMinor(1'000, -110'620'600), -11'062);
  EXPECT_EQ(GrossMinor(0, 10'000), 0);
  EXPECT_EQ(GrossMinor(100'000'000'000, 10'000'000), 100'000'000'000);
}

TEST(CurrencyDigitsTest, KnowsIso4217) {
  EXPECT_EQ(CurrencyDigits("GBP").value_or(-1), 2);
  EXPECT_EQ(CurrencyDigits("AFN").value_or(-1), 2);  // CLDR says 0
  EXPECT_EQ(CurrencyDigits("JPY").value_or(-1), 0);
  EXPECT_EQ(CurrencyDigits("KRW").value_or(-1), 0);
  EXPECT_EQ(CurrencyDigits("KWD").value_or(-1), 3);
  EXPECT_EQ(CurrencyDigits("BHD").value_or(-1), 3);
  EXPECT_EQ(CurrencyDigits("CLF").value_or(-1), 4);
  for (const char* bad : {"", "GB", "gbp", "GBPX", "GBP ", "AED AFN", "XXX"}) {
    EXPECT_EQ(CurrencyDigits(bad).status().code(),
              absl::StatusCode::kInvalidArgument)
        << bad;
  }
}

TEST(DecimalTextTest, WritesPlainNumbers) {
  EXPECT_EQ(DecimalText(576'193'138, 2), "5761931.38");
  EXPECT_EQ(DecimalText(-5, 2), "-0.05");
  EXPECT_EQ(DecimalText(0, 3), "0.000");
  EXPECT_EQ(DecimalText(1200, 0), "1200");
  EXPECT_EQ(DecimalText(INT64_MIN, 2), "-92233720368547758.08");
}

}  // namespace
}  // namespace branchline::drill
