#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "sync/ledger/cell.h"

namespace branchline {

// What a till posted, read from cells of days; see sync/ledger/fold_till.h.

// The fields of `till` alone in the cell of a day.
Cell TillPartOf(const Cell& day, absl::string_view till);

// `now` less `before`, field by field.
Cell Difference(const Cell& now, const Cell& before);

struct TillReading {
  std::map<std::string, v1::TillFigures> by_currency;
  std::vector<v1::LateShare> late;
};

// The figures of one till. Figures that this program does not know are passed
// over.
//   OUT_OF_RANGE  a sum does not fit 64 bits
absl::StatusOr<TillReading> ReadTillFigures(const Cell& till_part);

// What `figures` put into the drawer, net: cash tenders and moves.
int64_t CashMovedIn(const v1::TillFigures& figures);

}  // namespace branchline
