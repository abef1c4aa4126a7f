#include "edge/commit/lagging_books.h"

#include <iterator>
#include <utility>

#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {

absl::StatusOr<Cell> LaggingBooks::Read(absl::string_view key) const {
  Settle();
  // Held over both, so that no cell is counted twice or not at all.
  absl::ReaderMutexLock lock(&mutex_);
  BL_ASSIGN_OR_RETURN(Cell cell, ReadCell(store_, key));
  const auto more = lacking_.effects.cells.find(key);
  if (more != lacking_.effects.cells.end()) cell.Merge(more->second);
  return cell;
}

absl::StatusOr<std::optional<std::string>> LaggingBooks::Get(
    Table table, absl::string_view key) const {
  // What waits to be folded puts no other rows; see FoldAll().
  if (table == Table::kDocs && docs::MayLag(key)) Settle();
  {
    absl::ReaderMutexLock lock(&mutex_);
    if (const std::string* row = lacking_.Find(table, key)) {
      return std::optional<std::string>(*row);
    }
  }
  // What goes to the disk meanwhile is found there.
  return store_.Get(table, key);
}

void LaggingBooks::Add(Folded folded, std::vector<Unfolded> unfolded) {
  // A row that is written twice keeps what the later record says.
  if (!folded.effects.empty()) Settle();
  {
    absl::MutexLock lock(&mutex_);
    lacking_.AddLagging(std::move(folded));
  }
  if (unfolded.empty()) return;
  absl::MutexLock lock(&waiting_mutex_);
  waiting_.insert(waiting_.end(), std::make_move_iterator(unfolded.begin()),
                  std::make_move_iterator(unfolded.end()));
}

void LaggingBooks::Settle() const {
  absl::MutexLock folding(&folding_);
  std::vector<Unfolded> records;
  {
    absl::MutexLock lock(&waiting_mutex_);
    records.swap(waiting_);
  }
  if (records.empty()) return;
  Folded folded{FoldAll(records), {}};
  absl::MutexLock lock(&mutex_);
  lacking_.AddLagging(std::move(folded));
}

absl::Status LaggingBooks::WriteOut(
    WriteSet writes, Folded folded,
    absl::FunctionRef<absl::Status(const WriteSet&)> commit) {
  Settle();
  absl::MutexLock lock(&mutex_);
  // If the commit fails nobody reads on: the process ends.
  lacking_.AddLagging(std::move(folded));
  lacking_.TakeLagging(&writes);
  BL_RETURN_IF_ERROR(commit(writes));
  lacking_ = Folded();
  return absl::OkStatus();
}

bool LaggingBooks::Complete() const {
  Settle();
  absl::MutexLock lock(&mutex_);
  return lacking_.empty();
}

}  // namespace branchline
