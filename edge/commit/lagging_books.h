#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "sync/journal/store.h"
#include "sync/ledger/cell.h"
#include "sync/ledger/fold.h"

namespace branchline {

// The books of a node that writes the sums of its own records later than the
// records: what is on disk, and what it lacks. A sale of five lines adds to a
// dozen cells and a thousand sales to hardly more, so the writer of the journal
// need not put them on the disk one by one; see kBooksEndKey. Any thread may
// read; one committer changes.
class LaggingBooks {
 public:
  explicit LaggingBooks(const Store* store) : store_(*store) {}

  // As of the last commit.
  //   DATA_LOSS  the disk cannot be read
  absl::StatusOr<Cell> Read(absl::string_view key) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The cells of `effects` count from now on; their records are on disk.
  void Add(Effects effects) ABSL_LOCKS_EXCLUDED(mutex_);

  // Has `commit` put `writes` on disk with everything that it lacks, the cells
  // of `effects` too. Readers wait: they see all of it or nothing.
  absl::Status WriteOut(WriteSet writes, Effects effects,
                        absl::FunctionRef<absl::Status(const WriteSet&)> commit)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The disk lacks nothing.
  bool Complete() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const Store& store_;
  mutable absl::Mutex mutex_;
  Effects lacking_ ABSL_GUARDED_BY(mutex_);  // cells only
};

}  // namespace branchline
