#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "branchline/v1/replication.pb.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/hub_store.h"
#include "sync/base/cursor.h"
#include "sync/replication/ports.h"

namespace branchline {

inline constexpr size_t kSnapshotsKept = 2;

// A follower of `chain` that starts with more than `join_records` before it, or
// is more than `behind_records` behind, gets a snapshot instead of records.
struct SnapshotLimits {
  uint64_t join_records = 200;
  uint64_t behind_records = 100'000;
  size_t chunk_bytes = 128 << 10;
};

// What branches pull of the hub's own streams. Safe for concurrent use.
//
// A snapshot is made once for all followers, kept in memory with the one before
// it for those that are half through, and made again when a follower would
// otherwise have to read `join_records` records behind it. `branch:S` has
// none: it moves balances, which registers cannot carry.
class StreamReader {
 public:
  StreamReader(const HubStore* store, HubLedger* ledger,
               const SnapshotLimits& limits = SnapshotLimits())
      : store_(*store), ledger_(*ledger), limits_(limits) {}

  // See HubPort::ReadStream(); `stream` is one that the peer follows.
  absl::StatusOr<std::vector<v1::HubFrame>> Read(absl::string_view stream,
                                                 const FollowerPlace& after,
                                                 size_t bytes_max);

 private:
  struct Snapshot {
    Cursor at;
    std::vector<v1::SnapshotChunk> chunks;
  };

  bool WantsSnapshot(absl::string_view stream, const FollowerPlace& after,
                     const Cursor& head) const;
  absl::StatusOr<std::vector<v1::HubFrame>> ReadRecords(
      absl::string_view stream, Cursor after, const Cursor& head,
      size_t bytes_max) const;
  // The one at `wanted` if it is still kept, else one that is recent enough.
  absl::StatusOr<std::shared_ptr<const Snapshot>> FindSnapshot(
      const std::optional<Cursor>& wanted) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::shared_ptr<const Snapshot>> MakeSnapshot() const;

  const HubStore& store_;
  HubLedger& ledger_;
  const SnapshotLimits limits_;

  absl::Mutex mutex_;  // held while a snapshot is made: one is enough
  std::deque<std::shared_ptr<const Snapshot>> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline
