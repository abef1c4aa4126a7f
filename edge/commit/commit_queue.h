#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "edge/commit/command.h"
#include "edge/commit/committer.h"

namespace branchline {

// What other threads may know of the core, as of the last sync.
struct CoreSnapshot {
  Cursor head;
  Date open_date = 0;
  Date sealed_date = 0;
  std::map<std::string, std::string> till_of_key_hash;
  std::map<std::string, uint64_t> receipts;  // by till, this epoch
  uint64_t pulls = 0;                        // see EdgeState
  std::string stopped_why;
};

// The committer's thread. Drains what waits, has the core commit it with one
// sync, and wakes those who wait. Safe for concurrent use.
class CommitQueue final : public Committer {
 public:
  static constexpr size_t kWaitingMax = 1'024;  // commands
  static constexpr size_t kBatchMax = 64;       // commands in one sync

  struct Options {
    // After each batch, on the committer's thread: the journal may have grown.
    std::function<void()> on_committed;
    // A commit failed. Called once; the process should end.
    std::function<void(const absl::Status&)> on_broken;
    // How long a batch took and how many commands it held.
    std::function<void(absl::Duration, size_t)> observe;
  };

  CommitQueue(EdgeCore* core, const Clock* clock, Options options);
  ~CommitQueue() override;  // Stop()

  // Commits `command` and waits until it is on disk.
  //   UNAVAILABLE  kWaitingMax commands wait already, or the node is stopping:
  //                try again with the same id
  absl::StatusOr<Outcome> Execute(Command command) ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Status Run(absl::FunctionRef<absl::Status(EdgeCore&)> work) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  Cursor Head() const override ABSL_LOCKS_EXCLUDED(mutex_);
  CoreSnapshot Snapshot() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Finishes what waits, takes no more, ends the thread.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting {
    // Exactly one of the two.
    const Command* command = nullptr;
    absl::FunctionRef<absl::Status(EdgeCore&)>* work = nullptr;
    absl::StatusOr<Outcome> outcome = absl::UnknownError("not run");
    bool done = false;
  };

  absl::Status Enqueue(Waiting* waiting) ABSL_LOCKS_EXCLUDED(mutex_);
  void Loop();
  void RunBatch(const std::vector<Waiting*>& batch);
  void Publish() ABSL_LOCKS_EXCLUDED(mutex_);

  EdgeCore* const core_;  // used by the committer's thread alone
  const Clock* const clock_;
  const Options options_;

  mutable absl::Mutex mutex_;
  std::deque<Waiting*> queue_ ABSL_GUARDED_BY(mutex_);
  CoreSnapshot snapshot_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace branchline
