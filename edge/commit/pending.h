#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "edge/commit/lagging_books.h"
#include "sync/journal/store.h"

namespace branchline {

// What a batch has decided and not yet written: later decisions of the same
// batch read through it. Owned by the committer; one batch, one object.
class Pending {
 public:
  // `books` outlive it.
  explicit Pending(const LaggingBooks& books) : books_(books) {}

  void Put(Table table, std::string key, std::string value);
  void Delete(Table table, std::string key);
  // A command landed in the own stream.
  void PutCommand(absl::string_view command_id, uint64_t epoch, uint64_t seq);
  // A record whose fold may wait until somebody asks.
  void FoldLater(Unfolded record) { unfolded_.push_back(std::move(record)); }
  void FoldWaiting() const;
  // Sums and docs that the fold adds to.
  Effects* effects() {
    FoldWaiting();
    return &folded_.effects;
  }
  // What may lag behind the records: folded, and behind it not yet folded.
  Folded TakeFolded() { return std::move(folded_); }
  std::vector<Unfolded> TakeUnfolded() { return std::move(unfolded_); }

  absl::StatusOr<std::optional<std::string>> Get(Table table,
                                                 absl::string_view key) const;
  absl::StatusOr<Cell> BookCell(absl::string_view key) const;
  // The books as of the last commit, without this batch.
  const LaggingBooks& books() const { return books_; }

  // Everything but what the node's own records may have follow later.
  WriteSet WritesThatMayNotLag() const;
  // Everything.
  WriteSet Writes() const;

 private:
  const LaggingBooks& books_;
  mutable Folded folded_;
  mutable std::vector<Unfolded> unfolded_;  // behind what is folded
  // nullopt: deleted. kJournal and kLocal only.
  absl::flat_hash_map<std::string, std::optional<std::string>> puts_;
};

}  // namespace branchline
