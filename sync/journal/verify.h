// Checks a journal that lies still: an independent reader of docs/JOURNAL.md,
// for people who have reason to doubt it. It shares nothing with the code that
// writes and folds but the key layout and the rules of who may move what.
//
// For every stream: each record stands in its place with no gap, its bytes have
// its hash, it follows the one before; each epoch of a branch was granted by
// the hub; each checkpoint is signed by that epoch's key over that very hash;
// each detachable part is the one that was hashed, or erased; no posting moves
// what its writer may not. Then every cell of the books is summed anew, and
// every row and register of the docs made anew, from the payloads and compared.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"

namespace branchline {

// Faults of one thing: how many, and the first, in words.
struct Faults {
  uint64_t count = 0;
  std::string first;

  void Add(std::string what) {
    if (count++ == 0) first = std::move(what);
  }
};

struct StreamVerdict {
  std::string stream;
  uint64_t records = 0;
  uint64_t epochs = 0;  // seen here
  uint64_t checkpoints = 0;
  // After the last checkpoint, and after what the hub has signed that it holds.
  uint64_t unsigned_records = 0;
  uint64_t erased_parts = 0;
  uint64_t aside = 0;          // put aside by this node: they count nowhere
  uint64_t newer = 0;          // of a kind that this program does not know
  bool from_snapshot = false;  // what came before its first record is not here
  Cursor end;
  Faults faults;
};

struct BooksVerdict {
  bool compared = false;
  std::string why_not;  // if not compared and that is no fault
  uint64_t cells = 0;
  uint64_t cells_of_unknown_kind = 0;  // not checked
  Faults faults;
};

struct DocsVerdict {
  bool compared = false;
  std::string why_not;  // if not compared and that is no fault
  uint64_t rows = 0;
  uint64_t rows_of_unknown_kind = 0;  // not checked
  Faults faults;
};

struct VerifyReport {
  std::vector<StreamVerdict> streams;  // in order of name
  BooksVerdict books;
  DocsVerdict docs;
  Faults disk;  // tables that cannot be read to their end

  bool ok() const;
};

struct VerifyOptions {
  // Of the hub's journal key, 32 bytes: what every signature rests on.
  std::string hub_public_key;
  // Only this one; empty: all. Books and docs can be compared only with all.
  std::string stream;
};

// Reads `store` once from end to end; writes nothing. What is wrong with the
// journal is in the report. An error means that it could not be checked:
//
//   INVALID_ARGUMENT  hub_public_key has not 32 bytes
//   NOT_FOUND         there is no such stream here
//   DATA_LOSS         the disk cannot even list the streams
absl::StatusOr<VerifyReport> VerifyJournal(const Store& store,
                                           const VerifyOptions& options);

}  // namespace branchline
