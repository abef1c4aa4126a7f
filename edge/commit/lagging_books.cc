#include "edge/commit/lagging_books.h"

#include <string>
#include <utility>

#include "sync/base/status_macros.h"

namespace branchline {
namespace {

void Merge(Effects from, Effects* to) {
  to->cells.merge(from.cells);  // moves those that were not there
  for (const auto& [key, cell] : from.cells) to->cells[key].Merge(cell);
}

}  // namespace

absl::StatusOr<Cell> LaggingBooks::Read(absl::string_view key) const {
  // Held over both, so that no cell is counted twice or not at all.
  absl::ReaderMutexLock lock(&mutex_);
  BL_ASSIGN_OR_RETURN(Cell cell, ReadCell(store_, key));
  const auto more = lacking_.cells.find(key);
  if (more != lacking_.cells.end()) cell.Merge(more->second);
  return cell;
}

void LaggingBooks::Add(Effects effects) {
  absl::MutexLock lock(&mutex_);
  Merge(std::move(effects), &lacking_);
}

absl::Status LaggingBooks::WriteOut(
    WriteSet writes, Effects effects,
    absl::FunctionRef<absl::Status(const WriteSet&)> commit) {
  absl::MutexLock lock(&mutex_);
  // If the commit fails nobody reads on: the process ends.
  Merge(std::move(effects), &lacking_);
  writes.TakeCells(lacking_);
  BL_RETURN_IF_ERROR(commit(writes));
  lacking_ = Effects();
  return absl::OkStatus();
}

bool LaggingBooks::Complete() const {
  absl::MutexLock lock(&mutex_);
  return lacking_.cells.empty();
}

}  // namespace branchline
