#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "sync/ledger/cell.h"

namespace branchline {

// What events do to the books and docs tables. Effects of many events add up in
// one object: sums meet in memory before they meet the disk.
struct Effects {
  absl::flat_hash_map<std::string, Cell> cells;        // added to the books
  absl::flat_hash_map<std::string, std::string> puts;  // into docs

  bool empty() const { return cells.empty() && puts.empty(); }
};

// Which record an event is.
struct RecordAt {
  absl::string_view stream;
  uint64_t epoch = 0;
  uint64_t seq = 0;
  // Detachable parts that came with it; erased ones leave nothing. nullptr:
  // none.
  const google::protobuf::RepeatedPtrField<v1::Part>* parts = nullptr;
};

// Adds what `event` does to `effects`. Reads nothing but its arguments, so that
// edge, hub, replay and simulation get the same from the same journals, in any
// interleaving of streams. The same at every node: at most 15 keys, record
// included, for a sale of five lines.
//
// An event whose body this program does not know: its postings are summed and
// it is listed under docs::Exception as newer.
//
// `event` must have passed CheckPostings(); an event that has not must not be
// folded but put aside with FoldAside().
//
//   INVALID_ARGUMENT  the body contradicts itself (a name out of its limits, a
//                     receipt with no number); nothing was added: put it aside
absl::Status Fold(const RecordAt& at, const v1::Event& event, Effects* effects);

// Lists the record as put aside: none of its postings count. `why` in words.
void FoldAside(const RecordAt& at, absl::string_view why, Effects* effects);

// Words that open an exception's text; the rest says why.
inline constexpr absl::string_view kAsidePrefix = "put aside: ";
inline constexpr absl::string_view kNewerPrefix = "newer: ";

}  // namespace branchline
