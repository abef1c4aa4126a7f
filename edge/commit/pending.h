#pragma once

#include <optional>
#include <string>

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
  explicit Pending(const LaggingBooks& books) : books_(books) {
    folded_.effects.cells.reserve(kCellsAtFirst);
  }

  void Put(Table table, std::string key, std::string value);
  void Delete(Table table, std::string key);
  // A command landed in the own stream.
  void PutCommand(absl::string_view command_id, uint64_t epoch, uint64_t seq);
  // Sums and docs that the fold adds to.
  Effects* effects() { return &folded_.effects; }
  const Effects& effects() const { return folded_.effects; }
  Folded* folded() { return &folded_; }

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
  static constexpr size_t kCellsAtFirst = 32;  // two or three sales

  const LaggingBooks& books_;
  Folded folded_;
  // nullopt: deleted. kJournal and kLocal only.
  absl::flat_hash_map<std::string, std::optional<std::string>> puts_;
};

}  // namespace branchline
