#include "hub/report/completeness.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/fold.h"

namespace branchline {
namespace {

// Counting more than this tells a reader nothing new.
constexpr size_t kExceptionsCountedMax = 100'000;

Date DayBefore(Date date) {
  const absl::CivilDay day(static_cast<int64_t>(date / 10'000),
                           static_cast<int>(date / 100 % 100),
                           static_cast<int>(date % 100));
  const absl::CivilDay before = day - 1;
  return static_cast<Date>(before.year() * 10'000 + before.month() * 100 +
                           before.day());
}

struct BranchReach {
  std::string code;
  DaysReached days;
  Date complete_to = 0;
};

std::string Missing(const BranchReach& reach, const v1::BoxState& box,
                    const Clock& clock) {
  std::string line = absl::StrCat(reach.code, ": ");
  if (reach.days.open_date != 0) {
    absl::StrAppend(&line, "day ", FormatDate(reach.days.open_date), " open");
  } else {
    absl::StrAppend(&line, "sealed to ", FormatDate(reach.days.sealed_date));
  }
  if (box.last_heard_unix_micros() == 0) {
    return absl::StrCat(line, ", never heard");
  }
  const absl::Duration silent =
      clock.WallNow() - absl::FromUnixMicros(box.last_heard_unix_micros());
  return absl::StrCat(line, ", last heard ", RoughDuration(silent), " ago");
}

absl::Status CountExceptions(const HubStore& store,
                             const std::vector<v1::Branch>& branches,
                             v1::Completeness* completeness) {
  uint64_t aside = 0;
  uint64_t newer = 0;
  for (const v1::Branch& branch : branches) {
    BL_ASSIGN_OR_RETURN(
        const auto rows,
        store.ReadExceptions(branch.code(), kExceptionsCountedMax));
    for (const ExceptionRow& row : rows) {
      ++(absl::StartsWith(row.what, kNewerPrefix) ? newer : aside);
    }
  }
  completeness->set_aside(aside);
  completeness->set_newer(newer);
  return absl::OkStatus();
}

}  // namespace

std::string RoughDuration(absl::Duration duration) {
  const int64_t seconds = std::max<int64_t>(0, absl::ToInt64Seconds(duration));
  if (seconds < 60) return absl::StrCat(seconds, " s");
  if (seconds < 3'600) return absl::StrCat(seconds / 60, " min");
  if (seconds < 48 * 3'600) return absl::StrCat(seconds / 3'600, " h");
  return absl::StrCat(seconds / 86'400, " d");
}

absl::StatusOr<v1::Completeness> CompletenessOf(
    const HubStore& store, const Clock& clock,
    const std::vector<v1::Branch>& branches, Date to) {
  v1::Completeness completeness;
  std::vector<BranchReach> reaches;
  Date latest = 0;
  for (const v1::Branch& branch : branches) {
    if (branch.status() == v1::BRANCH_STATUS_RETIRED) continue;
    BranchReach reach{branch.code(), {}, 0};
    BL_ASSIGN_OR_RETURN(reach.days, store.ReadDaysReached(branch.code()));
    const Date open = reach.days.open_date;
    if (open == 0 && reach.days.sealed_date == 0) continue;
    reach.complete_to = reach.days.sealed_date;
    // Before its first day a branch had nothing to be complete to.
    if (open != 0) reach.complete_to = DayBefore(open);
    latest = std::max({latest, open, reach.days.sealed_date});
    reaches.push_back(std::move(reach));
  }
  if (!reaches.empty()) {
    const auto least = std::min_element(reaches.begin(), reaches.end(),
                                        [](const auto& a, const auto& b) {
                                          return a.complete_to < b.complete_to;
                                        });
    completeness.set_complete_to_date(least->complete_to);
  }
  const Date wanted = to == 0 ? latest : std::min(to, latest);
  for (const BranchReach& reach : reaches) {
    if (reach.complete_to >= wanted) continue;
    BL_ASSIGN_OR_RETURN(const auto box, store.ReadBox(reach.code));
    completeness.add_missing(
        Missing(reach, box.value_or(v1::BoxState()), clock));
  }
  BL_RETURN_IF_ERROR(CountExceptions(store, branches, &completeness));
  return completeness;
}

}  // namespace branchline
