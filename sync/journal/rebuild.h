#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"

namespace branchline {

// The version of books and docs that this program's fold writes. A store whose
// projections have another is rebuilt from its journal. Under its key in docs:
// u64; absent while they are made again.
inline constexpr uint64_t kProjectionVersion = 7;
inline constexpr absl::string_view kProjectionVersionKey = "!projections";

// Folds one stored record as every node does at intake: its postings checked,
// its floors checked against `store` plus what `pending` already adds, put
// aside whole if it may not count. Adds to `pending`.
//
//   DATA_LOSS  the store cannot be read
absl::Status FoldRecord(const Store& store, absl::string_view stream,
                        const v1::Record& record, Effects* pending);
// The same for a node whose books are not all in a Store: what is read of them,
// the balance cell of an owner's unit and where a stream ends. Read only for
// events that debit a floored account. The floors of an event are not checked
// if it was decided with more of the hub's stream to its writer than is here,
// as in a box that is being rebuilt: what it spends was granted there.
using BalanceReader = absl::FunctionRef<absl::StatusOr<Cell>(
    absl::string_view owner, absl::string_view unit)>;
using EndReader =
    absl::FunctionRef<absl::StatusOr<Cursor>(const std::string& stream)>;
absl::Status FoldEvent(BalanceReader balances, EndReader ends,
                       const RecordAt& at, const v1::Event& event,
                       Effects* pending);
absl::Status FoldRecord(BalanceReader balances, EndReader ends,
                        absl::string_view stream, const v1::Record& record,
                        Effects* pending);

struct RebuildResult {
  uint64_t records = 0;    // that were folded
  bool rebuilt = false;    // books and docs were made again
  bool caught_up = false;  // the books were behind by these records
};

// A node may write what its own stream's records did later than the records (a
// sale adds to a dozen cells, a thousand sales to hardly more): the sums, the
// rows of docs::MayLag() and the command index. Until then the journal says
// where they end on the disk in that stream; other rows never lag. Under this
// key: v1::Seen. Absent: the disk has them of every record.
inline constexpr absl::string_view kBooksEndKey = "!books";
absl::StatusOr<std::optional<v1::Seen>> ReadBooksEnd(const Store& store);

// The check at open. Looks at the commit numbers and the projection version:
// nothing to do; or the books lack the last records and get them; or a
// projection was lost and both are made again from the journal; or the journal
// itself is short.
//
//   DATA_LOSS  the journal lost records that other tables know of, or a record
//              in it is damaged: says which, and what to do
absl::StatusOr<RebuildResult> RebuildIfNeeded(Store* store);

// Whether books and docs are whole, but for what kBooksEndKey says: not while
// they are being made again, nor after a crash in that. Changes nothing.
absl::StatusOr<bool> ProjectionsAreCurrent(const Store& store);

// Makes books and docs again from the journal.
absl::StatusOr<RebuildResult> Rebuild(Store* store);

}  // namespace branchline
