#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/cursor.h"

// What the two halves of replication ask of the node they run in. The edge core
// (edge/commit) and the hub core (hub/intake) implement them; the state
// machines of this folder and their shells (sync/rpc, tests/sim) call them.

namespace branchline {

inline constexpr uint32_t kProtocolVersion = 1;
inline constexpr size_t kPushBytesMax = 256 << 10;
inline constexpr uint64_t kCreditBytes = 4 << 20;  // pushed and not yet acked

// Called from one thread, the edge's sync thread. Everything that stores is
// durable when it returns OK. After DATA_LOSS or RESOURCE_EXHAUSTED the node
// stops.
class EdgePort {
 public:
  virtual ~EdgePort() = default;

  // Complete but for `protocol`, which the session sets.
  virtual absl::StatusOr<v1::Hello> MakeHello() = 0;

  // The end of the own journal, of synced records only.
  virtual Cursor Head() const = 0;

  // Hash of the own record at that place; for seq 0, the hash with which the
  // epoch starts (zeros for epoch 1). Synced records only.
  //   NOT_FOUND  the own journal has no such place
  virtual absl::StatusOr<std::string> HashAt(uint64_t epoch, uint64_t seq) = 0;

  // Own records after `after`, at most `bytes_max` (at least one, if there is
  // one), with a signed checkpoint of the last: the session learns from it
  // where the push ends. No records: nothing to push.
  virtual absl::StatusOr<v1::Push> ReadPush(const Cursor& after,
                                            size_t bytes_max) = 0;

  //   UNAUTHENTICATED  not signed by our hub: drop the line
  virtual absl::Status StoreAck(const v1::Ack& ack) = 0;
  virtual absl::Status StoreSecret(absl::string_view secret) = 0;

  // The hub's records: checked, stored verbatim, folded, cursor moved, in one
  // commit. Records known already are passed over.
  //   OUT_OF_RANGE     a gap: drop the line and greet again
  //   DATA_LOSS        another history than ours: stop pulling, tell a person
  //   INVALID_ARGUMENT, UNAUTHENTICATED  bad bytes or signature: drop the line
  virtual absl::Status TakeRecords(const v1::StreamRecords& records) = 0;
  virtual absl::Status TakeSnapshot(const v1::SnapshotChunk& chunk) = 0;
  virtual absl::StatusOr<std::vector<v1::StreamCursor>> Pulled() = 0;

  // The hub's own records that it asks back after a restore.
  virtual absl::StatusOr<v1::ReturnedRecords> ReadBack(const v1::WantBack& want,
                                                       size_t bytes_max) = 0;

  // The hub took the greeting and its cursor is on our journal. After a
  // refusal this means that it was mended: the box may sell again.
  virtual void OnWelcome(const v1::Welcome& welcome) = 0;

  // The hub will not talk to this box until somebody has done something (every
  // code but GAP; FORK and BEHIND may be found by this end). Kept across
  // restarts; for every final code (refusal.h) the edge sells no more, and says
  // why.
  virtual void OnRefused(const v1::Refused& refused) = 0;
};

// Who is at the other end, from the client certificate of the line.
struct PeerIdentity {
  std::string branch;
  uint64_t epoch = 0;
};

// How far a follower was sent one of the hub's streams.
struct FollowerPlace {
  Cursor at;  // all records up to here

  // Set while a snapshot is on its way: which one, and its first chunk that was
  // not sent yet.
  std::optional<Cursor> snapshot_at;
  uint64_t chunk_next = 0;
};

// Safe for concurrent use; one object serves every line.
class HubPort {
 public:
  virtual ~HubPort() = default;

  // How many greetings of the branch were taken so far. The session asks when
  // its line opens, before the edge hears that it is open and greets: if there
  // are more when a greeting comes, another was made after it or beside it, and
  // this one may be wrong by now. No clock can say that.
  virtual absl::StatusOr<uint64_t> GreetingsTaken(const PeerIdentity& peer) = 0;

  using Greeting = std::variant<v1::Welcome, v1::Refused>;
  // Decides on a Hello; what it decides is durable. `greetings_at_open` is what
  // GreetingsTaken() said when the line opened. The session has checked the
  // protocol and that the Hello names the certificate's branch, and fills in
  // `credit_bytes` if it is 0.
  virtual absl::StatusOr<Greeting> Greet(const PeerIdentity& peer,
                                         uint64_t greetings_at_open,
                                         const v1::Hello& hello) = 0;

  // Refused with GAP asks the edge to rewind to `ours`.
  using Taken = std::variant<v1::Ack, v1::Refused>;
  // Checks and stores a push. `done` is called once, from any thread, after the
  // sync; or with an error when the hub's disk failed (the line is dropped).
  virtual void Take(const PeerIdentity& peer, v1::Push push,
                    std::function<void(absl::StatusOr<Taken>)> done) = 0;

  virtual absl::Status ConfirmSecret(const PeerIdentity& peer,
                                     absl::string_view secret) = 0;

  // The streams this branch follows, and where each ends here. One that ends
  // before what the branch says it has pulled is asked back; see TakeBack().
  virtual absl::StatusOr<std::vector<v1::StreamCursor>> StreamsFor(
      const PeerIdentity& peer) = 0;

  // Frames that bring a follower from `after` nearer to the head of `stream`;
  // none if it is there. Either records after `after.at`, or chunks of a
  // snapshot: those of `after.snapshot_at` from `after.chunk_next` on, or, if
  // none is on its way or it is no longer kept, of a new one from chunk 0. At
  // most about `bytes_max` together (one record or chunk may exceed it), and
  // each frame at most kPushBytesMax, or one record.
  virtual absl::StatusOr<std::vector<v1::HubFrame>> ReadStream(
      const PeerIdentity& peer, absl::string_view stream,
      const FollowerPlace& after, size_t bytes_max) = 0;

  // Records of the branch's own journal after `after` as the hub holds them,
  // for a box that is being rebuilt: at most `bytes_max` (at least one, if
  // there is one), with the checkpoints that lie among them. No records: the
  // end. Across epochs.
  //   PERMISSION_DENIED    not the peer's branch, or it is retired or fenced
  //   INVALID_ARGUMENT     `after` is not on this journal
  virtual absl::StatusOr<v1::FetchJournalChunk> ReadJournal(
      const PeerIdentity& peer, absl::string_view branch, const Cursor& after,
      size_t bytes_max) = 0;

  // Own records that an edge gives back after the hub was restored. The session
  // asks again from where StreamsFor() then ends, until the edge says `end`.
  // After an error it does not ask again on this line, nor send that stream:
  // the port says what was wrong where a person sees it.
  virtual absl::Status TakeBack(const PeerIdentity& peer,
                                const v1::ReturnedRecords& records) = 0;

  // OK while this peer may go on; else the refusal to send before the line is
  // cut (retired, fenced, sealed epoch). Cheap: asked at every frame and beat.
  virtual absl::StatusOr<std::variant<std::monostate, v1::Refused>> CheckLive(
      const PeerIdentity& peer) = 0;

  // Heard from the branch just now; kept in memory, stored now and then.
  virtual void OnHeard(const PeerIdentity& peer) = 0;
  virtual void OnLineDown(const PeerIdentity& peer) = 0;

  // `changed` is called, from any thread, whenever a stream grew or a branch's
  // status changed; shells then poll their lines. It is cheap and does not call
  // back. An empty one ends that: on return none is running any more.
  virtual void SetChangeListener(std::function<void()> changed) = 0;
};

}  // namespace branchline
