#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "branchline/v1/report.pb.h"
#include "hub/storage/hub_store.h"
#include "sync/base/clock.h"
#include "sync/base/date.h"

namespace branchline {

// How complete figures are.
//
// A branch is complete to the day before its open day, or, with no day open, to
// the last day it sealed: a seal closes every day up to its date, and what may
// have been sold since is not known here. The chain is complete to the least of
// its branches. A branch that never opened a day, or was retired, holds nothing
// back.
//
// Every branch that is not complete to `to` (0: to the latest day that any
// branch has opened or sealed) is named, with what is missing of it and when it
// was last heard. So are records that were put aside or are newer than this
// program, by their number.
//
// `branches`: those the figures are of.
absl::StatusOr<v1::Completeness> CompletenessOf(
    const HubStore& store, const Clock& clock,
    const std::vector<v1::Branch>& branches, Date to);

// "12 s", "3 h", "2 d": one unit, rounded down.
std::string RoughDuration(absl::Duration duration);

}  // namespace branchline
