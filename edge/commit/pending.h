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
  // Both outlive it.
  Pending(const Store& store, const LaggingBooks& books)
      : store_(store), books_(books) {
    effects_.cells.reserve(kCellsAtFirst);
  }

  void Put(Table table, std::string key, std::string value);
  void Delete(Table table, std::string key);
  // Sums and docs that the fold adds to.
  Effects* effects() { return &effects_; }
  const Effects& effects() const { return effects_; }

  absl::StatusOr<std::optional<std::string>> Get(Table table,
                                                 absl::string_view key) const;
  absl::StatusOr<Cell> BookCell(absl::string_view key) const;
  // The books as of the last commit, without this batch.
  const LaggingBooks& books() const { return books_; }

  // Everything but the books, ready to commit.
  WriteSet WritesBesideBooks() const;
  // Everything.
  WriteSet Writes() const;

 private:
  static constexpr size_t kCellsAtFirst = 32;  // two or three sales

  const Store& store_;
  const LaggingBooks& books_;
  Effects effects_;
  // nullopt: deleted. kJournal and kLocal only; docs go through effects_.
  absl::flat_hash_map<std::string, std::optional<std::string>> puts_;
};

}  // namespace branchline
