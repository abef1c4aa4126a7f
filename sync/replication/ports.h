#pragma once

#include <cstddef>
#include <functional>
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

  // Own records after `after`, at most `bytes_max` (at least one, if there is
  // one), with a signed checkpoint of the last. No records: nothing to push.
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
  virtual absl::StatusOr<v1::ReturnedRecords> ReadBack(
      const v1::WantBack& want, size_t bytes_max) = 0;

  virtual void OnWelcome(const v1::Welcome& welcome) = 0;

  // The hub will not talk to this box until somebody has done something. Kept
  // across restarts; for every final code the edge sells no more, and says why.
  virtual void OnRefused(const v1::Refused& refused) = 0;
};

// Who is at the other end, from the client certificate of the line.
struct PeerIdentity {
  std::string branch;
  uint64_t epoch = 0;
};

// Safe for concurrent use; one object serves every line.
class HubPort {
 public:
  virtual ~HubPort() = default;

  using Greeting = std::variant<v1::Welcome, v1::Refused>;
  // Decides on a Hello; what it decides is durable.
  virtual absl::StatusOr<Greeting> Greet(const PeerIdentity& peer,
                                         const v1::Hello& hello) = 0;

  // Refused with GAP asks the edge to rewind to `ours`.
  using Taken = std::variant<v1::Ack, v1::Refused>;
  // Checks and stores a push. `done` is called once, from any thread, after the
  // sync; or with an error when the hub's disk failed (the line is dropped).
  virtual void Take(const PeerIdentity& peer, v1::Push push,
                    std::function<void(absl::StatusOr<Taken>)> done) = 0;

  virtual absl::Status ConfirmSecret(const PeerIdentity& peer,
                                     absl::string_view secret) = 0;

  // The streams this branch follows, and where each ends.
  virtual absl::StatusOr<std::vector<v1::StreamCursor>> StreamsFor(
      const PeerIdentity& peer) = 0;

  // Frames (records, or a snapshot's chunks) that bring a follower from `after`
  // nearer to the head of `stream`; none if it is there. At most about
  // `bytes_max`, whole chunks excepted.
  virtual absl::StatusOr<std::vector<v1::HubFrame>> ReadStream(
      const PeerIdentity& peer, absl::string_view stream, const Cursor& after,
      size_t bytes_max) = 0;

  // Own records that an edge gives back after the hub was restored.
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
  // status changed; shells then poll their lines.
  virtual void SetChangeListener(std::function<void()> changed) = 0;
};

}  // namespace branchline
