#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
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
  std::shared_ptr<const std::map<std::string, std::string, std::less<>>>
      till_of_key_hash;
  std::map<std::string, uint64_t, std::less<>> receipts;  // by till, this epoch
  uint64_t pulls = 0;                                     // see EdgeState
  std::string stopped_why;
};

// Many threads, one committer at a time. Who finds nobody at work commits its
// own command, so that a till alone crosses no thread on its way to the disk.
// What comes meanwhile a thread of the queue's own commits, all of it with one
// sync, until nothing waits. Another one folds what was decided. Nobody is
// answered, and Head() does not move, before the sync. Safe for concurrent use.
class CommitQueue final : public Committer {
 public:
  static constexpr size_t kWaitingMax = 1'024;  // commands
  static constexpr size_t kBatchMax = 64;       // commands in one sync

  struct Options {
    // After each batch is synced, on the thread that did it: the journal may
    // have grown. Two may overlap here.
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
  // A write or a sync failed: nothing is committed any more.
  bool broken() const ABSL_LOCKS_EXCLUDED(mutex_);
  // The paired till whose key has this hash; empty: none.
  std::string TillOf(absl::string_view key_hash) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Commands and work behind the batch that is being committed.
  size_t Waiters() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Finishes what waits and takes no more. The core is not used from then on.
  // Not from a callback.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting;
  using Tills = std::map<std::string, std::string, std::less<>>;  // by key hash
  // What a snapshot is made of, taken while nobody else has the core.
  struct Published {
    Cursor head;
    Date open_date = 0;
    Date sealed_date = 0;
    uint64_t pulls = 0;
    std::string stopped_why;
    std::map<std::string, uint64_t, std::less<>> receipts;
    std::shared_ptr<const Tills> tills;
  };
  struct Batch {
    std::vector<absl::StatusOr<Outcome>> outcomes;  // at least one
    Published state;
    bool broken = false;
  };

  absl::Status Enqueue(Waiting* waiting) ABSL_LOCKS_EXCLUDED(mutex_);
  // The next that may go to the disk with `batch`; nullptr: none does.
  Waiting* Take(const std::vector<Waiting*>& batch) ABSL_LOCKS_EXCLUDED(mutex_);
  // Commits a batch and answers it. `self` is of that batch and on this thread;
  // nullptr: none is. What throws in here ends the process: nobody knows how
  // far it came.
  void Lead(const Waiting* self) noexcept ABSL_LOCKS_EXCLUDED(mutex_);
  // To LeadOn() if something waits, or else to whoever comes.
  void HandOver() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LeadOn() ABSL_LOCKS_EXCLUDED(mutex_);
  // Adds to `batch`, which holds its first, what comes meanwhile.
  Batch RunBatch(std::vector<Waiting*>* batch) ABSL_LOCKS_EXCLUDED(mutex_);
  // Folds what was committed: a sale's sums are not on its way to the disk.
  void FoldOn() ABSL_LOCKS_EXCLUDED(mutex_);
  // Nobody leads, so nothing waits, and all that was committed is answered.
  bool Idle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Published StateOf(const EdgeCore& core);
  void Publish(Published now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  EdgeCore* const core_;                // used by the one who leads, alone
  uint64_t pairings_ = 0;               // that tills_ has; by the one who leads
  std::shared_ptr<const Tills> tills_;  // by the one who leads
  const Clock* const clock_;
  const Options options_;

  mutable absl::Mutex mutex_;
  // What waits, behind the batch at work. Empty if nobody leads.
  std::deque<Waiting*> queue_ ABSL_GUARDED_BY(mutex_);
  bool led_ ABSL_GUARDED_BY(mutex_) = false;
  CoreSnapshot snapshot_ ABSL_GUARDED_BY(mutex_);
  int answering_ ABSL_GUARDED_BY(mutex_) = 0;  // batches, committed
  bool to_lead_ ABSL_GUARDED_BY(mutex_) =
      false;  // LeadOn() is the one who leads
  bool to_fold_ ABSL_GUARDED_BY(mutex_) = false;
  bool fold_now_ ABSL_GUARDED_BY(mutex_) = false;  // not in a moment
  bool folding_ ABSL_GUARDED_BY(mutex_) = true;    // FoldOn() goes on
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;

  // The last members, so that all is there for them.
  std::thread leader_;  // runs LeadOn()
  std::thread folder_;  // runs FoldOn()
};

}  // namespace branchline
