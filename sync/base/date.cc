#include "sync/base/date.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/time/civil_time.h"

namespace branchline {

absl::Status ValidateDate(Date date) {
  const absl::CivilDay day(date / 10000, date / 100 % 100, date % 100);
  const Date back = static_cast<Date>(day.year()) * 10000 +
                    static_cast<Date>(day.month() * 100 + day.day());
  if (back == date && day.year() >= 1970 && day.year() <= 9999) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "business date ", date, " is no day of the calendar; want YYYYMMDD"));
}

std::string FormatDate(Date date) {
  if (date == 0) return "-";
  return absl::StrFormat("%04d-%02d-%02d", date / 10000, date / 100 % 100,
                         date % 100);
}

absl::StatusOr<Date> ParseDate(absl::string_view text) {
  Date date = 0;
  const bool dashed = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const std::string digits =
      dashed ? absl::StrReplaceAll(text, {{"-", ""}}) : std::string(text);
  if (digits.size() != 8 || !absl::SimpleAtoi(digits, &date) ||
      !ValidateDate(date).ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text.substr(0, 40), "' is not a date; want 2026-11-21"));
  }
  return date;
}

Date DateOf(absl::Time time, const absl::TimeZone& zone) {
  const absl::CivilDay day = absl::ToCivilDay(time, zone);
  return static_cast<Date>(day.year()) * 10000 +
         static_cast<Date>(day.month() * 100 + day.day());
}

}  // namespace branchline
