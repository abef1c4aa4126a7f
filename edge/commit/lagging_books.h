#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "edge/commit/folded.h"
#include "edge/commit/unfolded.h"
#include "sync/journal/store.h"
#include "sync/ledger/cell.h"

namespace branchline {

// The books of a node that writes what its own records did (sums, receipts, the
// command index) later than the records: what is on disk, and what it lacks. A
// sale of five lines adds to a dozen cells and a thousand sales to hardly more,
// and rows that go together in order cost less, so the writer of the journal
// need not put them on the disk one by one; see kBooksEndKey. Nor need it fold
// them one by one: who reads folds what waits, or a thread beside the committer
// does. Any thread may read; one committer changes.
class LaggingBooks {
 public:
  explicit LaggingBooks(const Store* store) : store_(*store) {}

  // As of the last commit.
  //   DATA_LOSS  the disk cannot be read
  absl::StatusOr<Cell> Read(absl::string_view key) const
      ABSL_LOCKS_EXCLUDED(mutex_, folding_);

  // A row of kDocs or kLocal as of the last commit; nullopt if there is none.
  //   DATA_LOSS  the disk cannot be read
  absl::StatusOr<std::optional<std::string>> Get(Table table,
                                                 absl::string_view key) const
      ABSL_LOCKS_EXCLUDED(mutex_, folding_);

  // What of `folded` may lag counts from now on, and behind it what `unfolded`
  // did; their records are in the journal.
  void Add(Folded folded, std::vector<Unfolded> unfolded)
      ABSL_LOCKS_EXCLUDED(mutex_, folding_);

  // Folds what waits for it. Any thread.
  void Settle() const ABSL_LOCKS_EXCLUDED(mutex_, folding_);

  // Has `commit` put `writes` on disk with everything that it lacks, what of
  // `folded` may lag too. Readers wait: they see all of it or nothing.
  absl::Status WriteOut(WriteSet writes, Folded folded,
                        absl::FunctionRef<absl::Status(const WriteSet&)> commit)
      ABSL_LOCKS_EXCLUDED(mutex_, folding_);

  // The disk lacks nothing.
  bool Complete() const ABSL_LOCKS_EXCLUDED(mutex_, folding_);

 private:
  const Store& store_;
  // Held over a whole fold, so that the order of records stays: first this one,
  // then one of the others.
  mutable absl::Mutex folding_;
  mutable absl::Mutex waiting_mutex_ ABSL_ACQUIRED_AFTER(folding_);
  mutable std::vector<Unfolded> waiting_ ABSL_GUARDED_BY(waiting_mutex_);
  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(folding_);
  mutable Folded lacking_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline
