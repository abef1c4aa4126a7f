#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

// A business date as YYYYMMDD: 20261121. 0 = none. Set by opening the day,
// never by midnight.
using Date = uint32_t;

// OK if `date` is a day of the calendar between 1970 and 9999.
absl::Status ValidateDate(Date date);

// "2026-11-21"; "-" for 0.
std::string FormatDate(Date date);

// From "2026-11-21" or "20261121".
//   INVALID_ARGUMENT  neither, or no such day
absl::StatusOr<Date> ParseDate(absl::string_view text);

Date DateOf(absl::Time time, const absl::TimeZone& zone);

}  // namespace branchline
