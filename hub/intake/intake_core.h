#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/replication.pb.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/hub_store.h"
#include "sync/base/cursor.h"
#include "sync/replication/ports.h"

namespace branchline {

inline constexpr int kTakeTriesMax = 20;

// A push that was checked and folded and waits for its place in a commit.
struct PreparedPush {
  PeerIdentity peer;
  Cursor end;        // where the branch's journal ends once it is stored
  size_t bytes = 0;  // of its records
  HubApply apply;
};

// How the journals of branches get into the books. Two halves, so that checking
// and folding run on many threads and one thread commits for all of them:
//
//   push --Prepare()--> prepared push
//   push --Prepare()--> prepared push    --CommitPrepared()--> one sync, acks
//   push --Prepare()--> prepared push
//
// Keeps no state of its own; safe for concurrent use. All pointers outlive it.
class IntakeCore {
 public:
  // It must be prepared once more after everything of its branch that is in
  // flight has been stored: what it needs to compare with is not there yet.
  struct Settle {};

  using Outcome = std::variant<PreparedPush, HubPort::Taken, Settle>;

  IntakeCore(HubStore* store, HubLedger* ledger)
      : store_(*store), ledger_(*ledger) {}

  // Checks `*push` against what the hub holds: `pending` is where the branch's
  // journal will end once what is in flight is stored; nullopt: nothing is.
  // Records known already are passed over; if there is nothing else, they are
  // acked again. A single event that cannot be read, or does what its writer
  // may not, is put aside whole and the rest counts. A fork fences the branch.
  // Takes `*push` over if it answers PreparedPush, else leaves it as it is.
  //
  // Refusals, in this order: see CheckGate(); see CheckPush(); then
  //   BAD_RECORD  an epoch that was not granted; detachable parts that are not
  //               those hashed
  //   OLD_EPOCH   a record behind the end of a sealed epoch
  //   GAP         records are missing in between: push again from `ours`
  //   FORK        another record than the hub's at the same place; both hashes
  //               are named
  absl::StatusOr<Outcome> Prepare(const PeerIdentity& peer, v1::Push* push,
                                  const std::optional<Cursor>& pending) const;

  // Stores all of `pushes` in one synced transaction. For each, in order, the
  // signed ack; or nullopt if the branch's journal or box changed since it was
  // prepared: GiveBack() and prepare it anew.
  //
  //   DATA_LOSS, RESOURCE_EXHAUSTED  nobody knows what is stored: stop
  absl::StatusOr<std::vector<std::optional<v1::Ack>>> CommitPrepared(
      std::vector<PreparedPush>* pushes) const;

  // Both halves at once, for one push of a branch that has nothing in flight.
  //
  //   ABORTED  the journal changed kTakeTriesMax times in between
  //   and as above
  absl::StatusOr<HubPort::Taken> TakeNow(const PeerIdentity& peer,
                                         v1::Push push) const;

  // The push that `prepared`, not stored, was made of.
  static v1::Push GiveBack(PreparedPush prepared);

  v1::Ack SignAck(const std::string& branch, const Cursor& at) const;

 private:
  class Preparation;

  HubStore& store_;
  HubLedger& ledger_;
};

}  // namespace branchline
