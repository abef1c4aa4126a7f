#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/record.pb.h"
#include "branchline/v1/replication.pb.h"
#include "edge/commit/command.h"
#include "edge/commit/decide_view.h"
#include "edge/commit/edge_state.h"
#include "edge/commit/item_cache.h"
#include "edge/commit/lagging_books.h"
#include "edge/commit/pending.h"
#include "sync/base/clock.h"
#include "sync/journal/store.h"

namespace branchline {

inline constexpr uint64_t kCheckpointEvery = 1'000;  // events
// How far the books on disk may be behind; also written at the end of a day.
inline constexpr uint64_t kBooksEvery = 10'000;  // events

// The one writer of a branch's journal: decide, append, fold, one synced commit
// for a whole batch of commands, and only then the answers. No thread, no lock:
// the daemon runs it on its committer thread (CommitQueue), the simulation in
// its only one.
//
// After DATA_LOSS or RESOURCE_EXHAUSTED from any call nobody knows what is on
// the disk: the process ends and checks at its next start.
class EdgeCore {
 public:
  // `store` is open and its projections are current (RebuildIfNeeded). Opens
  // the epoch of `identity` if the journal has not: its first record is the
  // hub's grant. Both pointers outlive the core.
  static absl::StatusOr<std::unique_ptr<EdgeCore>> Open(EdgeIdentity identity,
                                                        Store* store,
                                                        const Clock* clock);

  // Commits what can be committed of `commands`, in order, with one sync. One
  // answer for each, in the same order.
  //
  //   INVALID_ARGUMENT     see the decisions; nothing of that command was kept
  //   ALREADY_EXISTS       the command id was used for another request
  //   FAILED_PRECONDITION  day, seal, delisted; or this box may sell no more
  //   DATA_LOSS            a till was shown more than this journal holds
  std::vector<absl::StatusOr<Outcome>> Execute(
      const std::vector<Command>& commands);
  // The same with what `next` gives, until it gives nullptr: asked when the one
  // before is decided. They must live until this returns.
  std::vector<absl::StatusOr<Outcome>> ExecuteAsTheyCome(
      absl::FunctionRef<const Command*()> next);

  // Shows `look` what a decision would see now. Nothing is kept.
  absl::Status Look(absl::FunctionRef<absl::Status(const DecideView&)> look);
  // The same, as `till` sees it, which may be in training.
  absl::Status Look(absl::string_view till,
                    absl::FunctionRef<absl::Status(const DecideView&)> look);

  // The hub's streams; see EdgePort.
  absl::Status TakeRecords(const v1::StreamRecords& records);
  absl::Status TakeSnapshot(const v1::SnapshotChunk& chunk);
  absl::Status StoreAck(const v1::Ack& ack);
  absl::Status StoreSecret(absl::string_view secret);
  absl::Status StoreRefused(const v1::Refused& refused);
  // The hub talks to this box again: what StoreRefused() kept is lifted.
  absl::Status ClearRefused();

  // Brings the books on disk to the journal's end. They follow by themselves
  // after kBooksEvery and with a day's seal; after a crash, the check at open
  // does it.
  absl::Status WriteBooks();

  // Signs and stores a checkpoint of the head, unless the last one is it.
  absl::StatusOr<v1::Checkpoint> Checkpoint();

  // Stages records of an epoch that was sealed without them, and journals that
  // they were found. `records` follow `sealed` (the last the hub has), each
  // checked. Approved ones are appended as LateRecords when the hub's approval
  // is pulled.
  absl::StatusOr<v1::LateSuffixFound> OfferLate(
      const Cursor& sealed, const std::vector<v1::Record>& records);

  // A commit failed: nobody knows what is on the disk, the process must end.
  bool broken() const { return broken_; }

  const EdgeState& state() const { return state_; }
  const EdgeIdentity& identity() const { return identity_; }
  const std::string& stream() const { return stream_; }
  const Store& store() const { return *store_; }
  const LaggingBooks& books() const { return books_; }  // any thread

 private:
  EdgeCore(EdgeIdentity identity, Store* store, const Clock* clock,
           EdgeState state);

  absl::StatusOr<Outcome> ExecuteOne(const Command& command, Pending* pending);
  absl::StatusOr<Outcome> SaveBasket(const Command& command,
                                     const v1::SaveBasketRequest& request,
                                     Pending* pending);
  // One with lines is cancelled, which is an event.
  absl::StatusOr<Outcome> DropBasket(const Command& command,
                                     const v1::DropBasketRequest& request,
                                     Pending* pending);
  absl::Status CheckLastSeen(absl::string_view till,
                             const v1::Position& last_seen,
                             const Pending& pending);
  // nullopt: not committed before.
  absl::StatusOr<std::optional<Outcome>> FindRepeated(
      absl::string_view command_id, absl::string_view request_hash,
      const Pending& pending) const;

  // Completes the envelope, chains, folds, advances the state.
  absl::Status Append(v1::Event* event, Pending* pending);
  void Advance(const v1::Event& event);
  absl::Status AppendCheckpointIfDue(Pending* pending, bool day_closed);
  v1::Checkpoint SignCheckpoint() const;
  // `event`, or the record of a stream, into what is pending: its floors
  // checked against the books with what the disk lacks of them.
  absl::Status FoldInto(const RecordAt& at, const v1::Event& event,
                        Pending* pending) const;
  absl::Status FoldPulled(absl::string_view stream, const v1::Record& record,
                          Pending* pending) const;
  Pending NewPending() const { return Pending(books_); }
  // For records of this node's own stream; the books may follow later.
  absl::Status Commit(Pending pending);
  // For everything else: all of it now.
  absl::Status CommitWhole(const Pending& pending);
  absl::Status CommitWithBooks(WriteSet writes, Folded folded);
  absl::Status CommitWrites(const WriteSet& writes);
  void PutBooksEnd(WriteSet* writes) const;
  // Deletes the chunks of every snapshot of `stream` but those at `keep` and,
  // if `keep_base`, of the one installed last.
  absl::Status DropSnapshots(const std::string& stream, const Cursor& keep,
                             bool keep_base, Pending* pending) const;
  // Appends the staged late records whose suffix the hub has approved.
  absl::Status TakeInApproved();
  absl::Status TakeInSuffix(const v1::LateSuffixApproved& approved);
  absl::Status TakeInRecord(const v1::Record& staged, Pending* pending);

  const EdgeIdentity identity_;
  const std::string stream_;
  Store* const store_;
  const Clock* const clock_;
  EdgeState state_;
  ItemCache items_;
  LaggingBooks books_;
  Cursor books_end_;  // of the books on disk, in the own stream
  uint64_t events_since_books_ = 0;
  bool books_end_on_disk_ = false;
  bool broken_ = false;
};

}  // namespace branchline
