#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/record.pb.h"
#include "branchline/v1/replication.pb.h"
#include "hub/merge/change_signal.h"
#include "hub/storage/hub_store.h"
#include "sync/base/clock.h"
#include "sync/base/cursor.h"
#include "sync/base/random.h"
#include "sync/identity/signing_key.h"

namespace branchline {

// An event that the hub decided, for one of its own streams. The envelope
// (command id, times, digests of the parts) is filled in when it is appended.
struct HubEvent {
  std::string stream;
  v1::Event event;
  std::vector<v1::Part> parts;  // name and data
};

struct HubDecision {
  std::vector<HubEvent> events;
  HubApply with;  // what is stored with them, and what must still hold then
};

inline constexpr int kDecideTriesMax = 20;

// The hub's own streams, `chain` and `branch:S`: decide, append, fold, one
// synced transaction with a signed checkpoint.
//
// A hub that was restored from an older image learns from a branch that its own
// streams once went further. From then on it decides nothing, because what it
// would write at those places was written already, until branches have given
// the missing records back.
//
// Safe for concurrent use. All pointers outlive the ledger.
class HubLedger {
 public:
  HubLedger(HubStore* store, SigningKey key, const Clock* clock, Random* random,
            ChangeSignal* changed);

  // Appends what `decide` returns. It reads storage itself, and is called again
  // if storage moved before its decision was stored. No events and nothing to
  // store: nothing happens.
  //
  //   UNAVAILABLE       restored from an older image, see above
  //   INVALID_ARGUMENT  an event does not fit a record
  //   ABORTED           storage moved kDecideTriesMax times
  //   and what `decide` and the storage return
  absl::Status Decide(absl::FunctionRef<absl::StatusOr<HubDecision>()> decide)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // OK, or the UNAVAILABLE that Decide() would return.
  absl::Status MayDecide() const ABSL_LOCKS_EXCLUDED(ahead_mutex_);

  // `branch` has `stream`, one of the hub's, up to `at`. If that is past its
  // end here, the hub decides nothing until it has been given back.
  absl::Status NotePulled(absl::string_view branch, absl::string_view stream,
                          const Cursor& at) ABSL_LOCKS_EXCLUDED(ahead_mutex_);

  // Takes back records of an own stream. They must follow its end here, and the
  // last must be signed by this hub's own checkpoint. Known ones are passed
  // over.
  //
  //   INVALID_ARGUMENT  damaged, a gap, or no checkpoint for the last record
  //   UNAUTHENTICATED   not this hub's signature
  //   FAILED_PRECONDITION  another history than here
  absl::Status TakeBack(const v1::ReturnedRecords& returned)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls `read` while no decision is being stored.
  absl::Status WhileStill(absl::FunctionRef<absl::Status()> read)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // A signed checkpoint of an own stream.
  v1::Checkpoint Sign(absl::string_view stream, const Cursor& at) const;

  const SigningKey& key() const { return key_; }

 private:
  absl::StatusOr<bool> TryDecide(
      absl::FunctionRef<absl::StatusOr<HubDecision>()> decide)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Append(std::vector<HubEvent> events, HubApply* apply)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<v1::Record> MakeRecord(const Cursor& head, HubEvent* event)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Checks the records of `returned` and adds them to `apply`, whose one append
  // is at the end of their stream.
  absl::Status ChainBack(const v1::ReturnedRecords& returned,
                         HubApply* apply) const;
  absl::Status FoldBack(const std::string& stream, const v1::Record& record,
                        Effects* effects) const;

  struct Ahead {
    Cursor at;
    std::string branch;
  };

  HubStore& store_;
  const SigningKey key_;
  const Clock& clock_;
  Random& random_;
  ChangeSignal& changed_;

  absl::Mutex mutex_;  // one decision at a time; before ahead_mutex_
  int64_t recorded_at_unix_micros_ ABSL_GUARDED_BY(mutex_) = 0;

  mutable absl::Mutex ahead_mutex_;
  std::map<std::string, Ahead> ahead_ ABSL_GUARDED_BY(ahead_mutex_);
};

}  // namespace branchline
