#pragma once

#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "edge/commit/committer.h"
#include "edge/commit/edge_core.h"
#include "sync/base/clock.h"
#include "sync/replication/ports.h"

namespace branchline {

// What replication asks of this node: reads straight from the store, writes by
// way of the committer. Used by the sync thread (the simulation's only one);
// Heard() by any thread. Core, committer and clock outlive it.
class EdgeSyncPort final : public EdgePort {
 public:
  EdgeSyncPort(const EdgeCore* core, Committer* committer, const Clock* clock,
               std::string version)
      : core_(*core),
        committer_(*committer),
        clock_(*clock),
        version_(std::move(version)) {}

  absl::StatusOr<v1::Hello> MakeHello() override;
  Cursor Head() const override { return committer_.Head(); }
  absl::StatusOr<std::string> HashAt(uint64_t epoch, uint64_t seq) override;
  absl::StatusOr<v1::Push> ReadPush(const Cursor& after,
                                    size_t bytes_max) override;
  absl::Status StoreAck(const v1::Ack& ack) override;
  absl::Status StoreSecret(absl::string_view secret) override;
  absl::Status TakeRecords(const v1::StreamRecords& records) override;
  absl::Status TakeSnapshot(const v1::SnapshotChunk& chunk) override;
  absl::StatusOr<std::vector<v1::StreamCursor>> Pulled() override;
  absl::StatusOr<v1::ReturnedRecords> ReadBack(const v1::WantBack& want,
                                               size_t bytes_max) override;
  void OnWelcome(const v1::Welcome& welcome) override;
  void OnRefused(const v1::Refused& refused) override;

  struct LastHeard {
    absl::Time at = absl::InfinitePast();  // never since this start
    absl::Duration drift;  // our clock less the hub's, at the last Welcome
  };
  LastHeard Heard() const ABSL_LOCKS_EXCLUDED(mutex_);

  // What the hub's clock says now: as of its last Welcome, and carried on by
  // the monotonic clock, so that setting this box's clock does not touch it.
  // The own clock before the first Welcome.
  absl::Time HubNow() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Touch() ABSL_LOCKS_EXCLUDED(mutex_);

  // Identity and store only; everything else of it belongs to the committer.
  const EdgeCore& core_;
  Committer& committer_;
  const Clock& clock_;
  const std::string version_;

  mutable absl::Mutex mutex_;
  LastHeard heard_ ABSL_GUARDED_BY(mutex_);
  // The hub's clock when ours said monotonic zero.
  std::optional<absl::Time> hub_zero_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline
