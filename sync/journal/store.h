#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/ledger/fold.h"

namespace branchline {

// A node's tables. kJournal and kLocal are facts; kBooks and kDocs are
// projections and can be made again from the journal.
enum class Table : uint8_t { kJournal, kBooks, kDocs, kLocal };
inline constexpr size_t kTableCount = 4;
absl::string_view TableName(Table table);

// Which commit changed each table last: as the journal has it, and as the table
// itself has it. A table that has a lower number lost what was written to it; a
// higher one tells that the journal did.
struct CommitNumbers {
  std::array<uint64_t, kTableCount> wanted{};
  std::array<uint64_t, kTableCount> found{};
  bool Agree() const { return wanted == found; }
};

// What one commit changes. Not thread-safe.
class WriteSet {
 public:
  struct Op {
    enum class Kind : uint8_t { kPut, kDelete, kAdd } kind;
    Table table;
    std::string key;
    std::string value;  // kAdd: an encoded Cell, added to what is there
  };

  void Put(Table table, std::string key, std::string value);
  void Delete(Table table, std::string key);
  void Add(std::string key, const Cell& delta);  // to kBooks
  // All of `effects`, or what it adds to the books, or those that it puts into
  // docs whose key is `wanted`; in order of key.
  void Take(const Effects& effects);
  void TakeCells(const Effects& effects);
  void TakePuts(const Effects& effects,
                absl::FunctionRef<bool(absl::string_view key)> wanted);

  bool empty() const { return ops_.empty(); }
  size_t bytes() const { return bytes_; }
  const std::vector<Op>& ops() const { return ops_; }
  bool Changes(Table table) const {
    return changes_[static_cast<size_t>(table)];
  }

 private:
  void Add(Op op);

  std::vector<Op> ops_;
  std::array<bool, kTableCount> changes_{};
  size_t bytes_ = 0;
};

// The seam to the disk: four tables with one atomic, synced commit over all of
// them. Two implementations: RocksDB, and tests/support/memory_store.h, which
// forgets unsynced writes.
//
// Every commit also writes its number (1, 2, 3 ...) into each table that it
// changes, and the numbers of all tables into the journal, so that a table
// which fell behind the others is found at open; see CommitNumbers().
//
// Reads may come from any thread and see whole commits only. Commit() calls
// must not overlap: each node has one committer.
class Store {
 public:
  virtual ~Store() = default;

  // Writes all of `writes` and syncs. On OK they survive a power cut.
  //
  //   RESOURCE_EXHAUSTED  the disk is full
  //   DATA_LOSS           the disk failed
  //
  // After any error nobody knows what is on the disk: stop, and open again.
  virtual absl::Status Commit(const WriteSet& writes) = 0;

  // As Commit() but without the sync: for what may be lost in a power cut and
  // is made again (a rebuild of projections, an import's first pages). A later
  // Commit() makes it durable.
  virtual absl::Status CommitUnsynced(const WriteSet& writes) = 0;

  // nullopt if there is no such key.
  virtual absl::StatusOr<std::optional<std::string>> Get(
      Table table, absl::string_view key) const = 0;

  // In the order of `keys`.
  virtual absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      Table table, const std::vector<std::string>& keys) const = 0;

  // Calls `visit` for each key in [from, to) in ascending order until it
  // returns false. The views are valid during the call only. An empty `to` is
  // the end of the table.
  virtual absl::Status Scan(
      Table table, absl::string_view from, absl::string_view to,
      absl::FunctionRef<bool(absl::string_view key, absl::string_view value)>
          visit) const = 0;

  // The greatest key in [from, to), with its value.
  virtual absl::StatusOr<std::optional<std::pair<std::string, std::string>>>
  Last(Table table, absl::string_view from, absl::string_view to) const = 0;

  // Removes every key of a projection; for a rebuild. Synced.
  virtual absl::Status Clear(Table table) = 0;

  virtual absl::StatusOr<CommitNumbers> ReadCommitNumbers() const = 0;

  // Gives every table the number of a new commit; after a rebuild. Synced.
  virtual absl::Status AlignCommitNumbers() = 0;
};

// The key after every key that starts with `prefix`, for Scan() and Last().
std::string PrefixEnd(absl::string_view prefix);

// Reads one cell of the books; an empty cell if there is none.
absl::StatusOr<Cell> ReadCell(const Store& store, absl::string_view key);

}  // namespace branchline
