#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
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
  std::map<std::string, std::string, std::less<>> till_of_key_hash;
  std::map<std::string, uint64_t, std::less<>> receipts;  // by till, this epoch
  uint64_t pulls = 0;                                     // see EdgeState
  std::string stopped_why;
};

// Many threads, one committer at a time. Who finds nobody at work commits what
// waits, its own command first, with one sync, wakes the others and hands over
// to the first of those that came meanwhile: a till alone crosses no thread on
// its way to the disk. Safe for concurrent use.
class CommitQueue final : public Committer {
 public:
  static constexpr size_t kWaitingMax = 1'024;  // commands
  static constexpr size_t kBatchMax = 64;       // commands in one sync

  struct Options {
    // After each batch, on the thread that committed it and before the next
    // one starts: the journal may have grown.
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
  // The paired till whose key has this hash; empty: none.
  std::string TillOf(absl::string_view key_hash) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Commands and work behind the batch that is being committed.
  size_t Waiters() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Finishes what waits and takes no more.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting;

  absl::Status Enqueue(Waiting* waiting) ABSL_LOCKS_EXCLUDED(mutex_);
  // Lets those come who came to the last batch: while many tills sell at once,
  // one sync for all of them is worth more than a moment.
  void AwaitCrowd() ABSL_LOCKS_EXCLUDED(mutex_);
  // Commands up to the next piece of work, or that work alone.
  std::vector<Waiting*> TakeBatch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What throws in here ends the process: nobody knows how far it came.
  void Lead(Waiting* leader) noexcept ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<absl::StatusOr<Outcome>> RunBatch(
      const std::vector<Waiting*>& batch) ABSL_LOCKS_EXCLUDED(mutex_);
  // Adds all that wait to `batch`, answered: nothing is committed any more.
  void FailAll(std::vector<Waiting*>* batch)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Publish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  EdgeCore* const core_;  // used by the one who leads, alone
  const Clock* const clock_;
  const Options options_;

  mutable absl::Mutex mutex_;
  // What waits, behind the batch at work. Empty if nobody leads.
  std::deque<Waiting*> queue_ ABSL_GUARDED_BY(mutex_);
  bool led_ ABSL_GUARDED_BY(mutex_) = false;
  // Who was in the last batch or waited behind it.
  size_t crowd_ ABSL_GUARDED_BY(mutex_) = 0;
  CoreSnapshot snapshot_ ABSL_GUARDED_BY(mutex_);
  uint64_t pairings_ ABSL_GUARDED_BY(mutex_) = 0;  // that snapshot_ has
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace branchline
