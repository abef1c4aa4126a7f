#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "branchline/v1/replication.pb.h"
#include "hub/intake/intake_core.h"
#include "sync/base/cursor.h"
#include "sync/replication/ports.h"

namespace branchline {

inline constexpr size_t kCommitBytesMax = 4 << 20;
inline constexpr size_t kIntakeBytesMax = 64 << 20;  // taken, not answered

// Threads around an IntakeCore: a push is checked and folded on the thread that
// brings it, and one committer stores what all branches brought meanwhile with
// one sync.
//
// Safe for concurrent use. Pushes of one branch are taken in the order of the
// calls.
class IntakeQueue {
 public:
  using Done = std::function<void(absl::StatusOr<HubPort::Taken>)>;

  // `on_failure` is called once if storage failed; nothing is taken after that.
  IntakeQueue(const IntakeCore* core,
              std::function<void(const absl::Status&)> on_failure,
              size_t bytes_max = kIntakeBytesMax);
  // Stores and answers what was taken.
  ~IntakeQueue();

  // Waits while `bytes_max` are in flight. `done` is called once, from this
  // thread or the committer's, without a lock.
  void Take(const PeerIdentity& peer, v1::Push push, Done done)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // One branch's pushes between checking and storing.
  struct Lane {
    absl::Mutex mutex;  // before mutex_
    int in_flight ABSL_GUARDED_BY(mutex) = 0;
    Cursor end ABSL_GUARDED_BY(mutex);  // of what is in flight
  };
  struct Entry {
    PreparedPush push;
    Done done;
    Lane* lane;
    size_t reserved_bytes;
  };

  Lane* FindLane(const std::string& branch) ABSL_LOCKS_EXCLUDED(mutex_);
  // Room for a push is reserved before its lane is locked, and given back after
  // its answer: the committer takes lanes to answer, so nobody may wait for
  // room with a lane held.
  absl::Status Reserve(size_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  void Release(size_t bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::optional<HubPort::Taken>> Enter(const PeerIdentity& peer,
                                                      v1::Push* push,
                                                      Entry* entry);
  absl::Status Enqueue(Entry* entry) ABSL_LOCKS_EXCLUDED(mutex_);
  void Run();
  void Commit(std::vector<Entry> entries);
  absl::StatusOr<std::vector<std::optional<v1::Ack>>> CommitAll(
      std::vector<PreparedPush>* pushes) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<HubPort::Taken> Answer(std::optional<v1::Ack> ack,
                                        PreparedPush push);
  void Fail(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);

  const IntakeCore& core_;
  const std::function<void(const absl::Status&)> on_failure_;
  const size_t bytes_max_;

  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<Lane>> lanes_
      ABSL_GUARDED_BY(mutex_);
  std::deque<Entry> queue_ ABSL_GUARDED_BY(mutex_);
  size_t reserved_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);

  std::thread committer_;  // last: it uses all of the above
};

}  // namespace branchline
