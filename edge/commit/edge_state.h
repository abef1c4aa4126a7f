#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "branchline/v1/record.pb.h"
#include "branchline/v1/state.pb.h"
#include "sync/base/cursor.h"
#include "sync/base/date.h"
#include "sync/identity/signing_key.h"
#include "sync/journal/store.h"

namespace branchline {

// Who this node is, as it decides and signs. Read from DATA/identity once.
struct EdgeIdentity {
  v1::NodeIdentity node;
  SigningKey journal_key;
  absl::TimeZone time_zone;
};

// What the committer keeps in memory between batches: the head, the day, the
// counters. All of it can be read from the store again; Load() does.
// Owned by the committer's thread.
struct EdgeState {
  Cursor head;
  uint64_t events_total = 0;  // of all epochs, for checkpoints
  uint64_t events_since_checkpoint = 0;
  Date open_date = 0;
  Date sealed_date = 0;
  uint64_t sealed_epoch = 0;  // where the last seal stands; 0: no seal yet
  uint64_t sealed_seq = 0;
  absl::Time last_recorded_at = absl::InfinitePast();
  std::map<std::string, uint64_t, std::less<>> receipts;  // by till, this epoch
  std::map<std::string, std::string, std::less<>> key_hash;  // by paired till
  uint64_t pairings = 1;  // changes when key_hash does
  std::map<std::string, Cursor, std::less<>> pulled;  // by hub stream
  // The snapshot that comes in just now, by hub stream: its next chunk.
  struct Incoming {
    Cursor at;
    uint64_t next = 0;
  };
  std::map<std::string, Incoming, std::less<>> incoming;
  std::set<std::string, std::less<>> open_shifts;  // tills
  std::set<std::string, std::less<>> training;     // tills
  uint64_t pulls = 0;  // since this start; what was read of docs may be old

  // Why nothing is sold; both empty: the box may sell. The first is lifted when
  // the hub greets this box again, the second only by recovering the box.
  std::string refused_why;
  std::string rolled_back_why;
  const std::string& stopped_why() const {
    return rolled_back_why.empty() ? refused_why : rolled_back_why;
  }

  //   DATA_LOSS            cannot be read, or does not hang together
  //   FAILED_PRECONDITION  the journal is another branch's
  static absl::StatusOr<EdgeState> Load(const Store& store,
                                        const EdgeIdentity& identity);
};

// Keys of the edge's local table.
//   e <command id:16>        CommandKey()
//   b <basket id>            v1::Basket
//   w <epoch:8> <last hash:32> <seq:8>  a record of a late suffix that waits
//   for
//                            approval: v1::Record
//   q                        the hub refused this box: v1::Refused
//   t                        a till was shown more than is here: v1::Refused
namespace local {
std::string BasketKey(absl::string_view basket_id);
// Of the suffix that ends with the record of `last_hash`.
std::string LateKey(uint64_t epoch, absl::string_view last_hash, uint64_t seq);
inline constexpr absl::string_view kRefusedKey = "q";
inline constexpr absl::string_view kRolledBackKey = "t";
}  // namespace local

// Meta keys of the journal table: what must never fall behind the records.
//   !secret   the session secret, confirmed or offered
//   !ack      v1::Ack, the last that the hub signed for us
inline constexpr absl::string_view kSecretKey = "!secret";
inline constexpr absl::string_view kAckKey = "!ack";

}  // namespace branchline
