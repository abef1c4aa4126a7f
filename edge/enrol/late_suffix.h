#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"

namespace branchline {

// What an old disk of this branch holds beyond the history of this ledger.
struct LateSuffix {
  Cursor common;                    // the last record that both have
  std::vector<v1::Record> records;  // after it, in order; not taken in yet
};

// Compares the journal in `old_store` with `store`'s copy of the same stream.
// Reads both; changes neither.
//
//   NOT_FOUND  the old journal has nothing of this stream
//   DATA_LOSS  the old journal is damaged: names the record
absl::StatusOr<LateSuffix> FindLateSuffix(const Store& store,
                                          const Store& old_store,
                                          absl::string_view stream);

// One line a record, for people: "57  2026-11-21 10:42  sale S014-T1-1-000020
// 12.30 GBP".
std::string DescribeRecord(const v1::Record& record);

}  // namespace branchline
