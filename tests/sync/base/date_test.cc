#include "sync/base/date.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace branchline {
namespace {

TEST(ValidateDateTest, TakesDaysOfTheCalendar) {
  for (const Date date : {19700101u, 19991231u, 20000229u, 20240229u, 20260131u,
                          20260228u, 20260430u, 20261121u, 99991231u}) {
    EXPECT_TRUE(ValidateDate(date).ok()) << date;
  }
}

TEST(ValidateDateTest, RefusesTheRest) {
  for (const Date date :
       {0u, 1u, 20260000u, 20260001u, 20260100u, 20260132u, 20260229u,
        19000229u, 21000229u, 20260431u, 20260631u, 20261301u, 20269999u,
        19691231u, 99991232u, 100000101u, 4294967295u}) {
    EXPECT_EQ(ValidateDate(date).code(), absl::StatusCode::kInvalidArgument)
        << date;
  }
  EXPECT_EQ(ValidateDate(20260229).message(),
            "business date 20260229 is no day of the calendar; want YYYYMMDD");
}

TEST(ValidateDateTest, CountsTheDaysOfFourCenturies) {
  int days = 0;
  for (Date year = 2000; year < 2400; ++year) {
    for (Date rest = 0; rest <= 1299; ++rest) {
      if (ValidateDate(year * 10000 + rest).ok()) ++days;
    }
  }
  EXPECT_EQ(days, 146'097);
}

TEST(FormatDateTest, DashesAndNone) {
  EXPECT_EQ(FormatDate(20261121), "2026-11-21");
  EXPECT_EQ(FormatDate(19700101), "1970-01-01");
  EXPECT_EQ(FormatDate(0), "-");
}

TEST(ParseDateTest, TakesBothForms) {
  EXPECT_EQ(*ParseDate("2026-11-21"), 20261121u);
  EXPECT_EQ(*ParseDate("20261121"), 20261121u);
  EXPECT_EQ(*ParseDate("2024-02-29"), 20240229u);
  EXPECT_EQ(*ParseDate(FormatDate(99991231)), 99991231u);
}

TEST(ParseDateTest, RefusesTheRest) {
  for (const char* text : {"",
                           "-",
                           "2026",
                           "2026-1-1",
                           "2026-11-2",
                           "2026/11/21",
                           "2026-11-21 ",
                           " 2026-11-21",
                           "2026-11-21T00:00",
                           "21-11-2026",
                           "2026-02-29",
                           "2026-13-01",
                           "2026-00-10",
                           "2026-1--21",
                           "2026-1121-",
                           "-026-11-21",
                           "+026-11-21",
                           "2026112x",
                           " 2026112",
                           "+2026112",
                           "0x20261121",
                           "20261121\n"}) {
    const absl::Status status = ParseDate(text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(status.message(),
              absl::StrCat("'", text, "' is not a date; want 2026-11-21"));
  }
}

TEST(ParseDateTest, QuotesNoMoreThanFortyBytes) {
  EXPECT_EQ(ParseDate(std::string(500, '1')).status().message(),
            absl::StrCat("'", std::string(40, '1'),
                         "' is not a date; want 2026-11-21"));
}

struct DateOfCase {
  const char* name;
  int64_t unix_seconds;
  int zone_seconds;
  Date date;
};

class DateOfTest : public ::testing::TestWithParam<DateOfCase> {};

TEST_P(DateOfTest, IsTheDayInThatZone) {
  const DateOfCase& row = GetParam();
  EXPECT_EQ(DateOf(absl::FromUnixSeconds(row.unix_seconds),
                   absl::FixedTimeZone(row.zone_seconds)),
            row.date);
}

INSTANTIATE_TEST_SUITE_P(
    Zones, DateOfTest,
    ::testing::ValuesIn(std::vector<DateOfCase>{
        {"Epoch", 0, 0, 19700101},
        {"LastSecond", 86'399, 0, 19700101},
        {"Midnight", 86'400, 0, 19700102},
        {"LeapDay", 1'709'164'800, 0, 20240229},
        {"EastIsAhead", 1'709'164'800 - 1, 8 * 3600, 20240229},
        {"WestIsBehind", 1'709'164'800, -5 * 3600, 20240228},
    }),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace branchline
