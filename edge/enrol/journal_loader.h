#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"

namespace branchline {

// Fills an empty ledger with the branch's own journal as the hub holds it:
// records checked and stored verbatim, projections and command index made on
// the way. May be cut at any chunk and go on from head().
// Not thread-safe. The store outlives it.
class JournalLoader {
 public:
  static absl::StatusOr<JournalLoader> Open(Store* store, std::string stream);

  // Synced when it returns.
  //   DATA_LOSS, INVALID_ARGUMENT  what the hub sent does not hang together
  absl::Status Take(const v1::FetchJournalChunk& chunk);

  const Cursor& head() const { return head_; }
  uint64_t records() const { return records_; }  // taken by this object

 private:
  JournalLoader(Store* store, std::string stream, Cursor head)
      : store_(store), stream_(std::move(stream)), head_(std::move(head)) {}

  Store* store_;
  std::string stream_;
  Cursor head_;
  uint64_t records_ = 0;
};

}  // namespace branchline
