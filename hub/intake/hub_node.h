#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "hub/intake/intake_core.h"
#include "hub/intake/intake_queue.h"
#include "hub/intake/presence.h"
#include "hub/intake/stream_reader.h"
#include "hub/merge/change_signal.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/hub_store.h"
#include "sync/base/clock.h"
#include "sync/replication/ports.h"

namespace branchline {

struct HubNodeOptions {
  // False: Take() does everything on its own thread and answers before it
  // returns, as the simulation wants it.
  bool threaded = true;
  SnapshotLimits snapshots;
  // Storage failed: the process must stop and look again at its next start.
  std::function<void(const absl::Status&)> on_failure = [](const auto&) {};
  // A box was refused, for the log; any thread. Not for a gap: that is mended
  // by the box itself.
  std::function<void(const PeerIdentity&, const v1::Refused&)> on_refused =
      [](const auto&, const auto&) {};
};

// The hub's end of replication. Owns no data: everything is in the store, but
// for who is on the line.
//
// Safe for concurrent use. Pointers outlive it; every session is gone before it
// is destroyed.
class HubNode final : public HubPort {
 public:
  HubNode(HubStore* store, HubLedger* ledger, const Clock* clock,
          ChangeSignal* changed, HubNodeOptions options);

  absl::StatusOr<uint64_t> GreetingsTaken(const PeerIdentity& peer) override;
  absl::StatusOr<Greeting> Greet(const PeerIdentity& peer,
                                 uint64_t greetings_at_open,
                                 const v1::Hello& hello) override;
  void Take(const PeerIdentity& peer, v1::Push push,
            std::function<void(absl::StatusOr<Taken>)> done) override;
  absl::Status ConfirmSecret(const PeerIdentity& peer,
                             absl::string_view secret) override;
  absl::StatusOr<std::vector<v1::StreamCursor>> StreamsFor(
      const PeerIdentity& peer) override;
  absl::StatusOr<std::vector<v1::HubFrame>> ReadStream(
      const PeerIdentity& peer, absl::string_view stream,
      const FollowerPlace& after, size_t bytes_max) override;
  absl::StatusOr<v1::FetchJournalChunk> ReadJournal(const PeerIdentity& peer,
                                                    absl::string_view branch,
                                                    const Cursor& after,
                                                    size_t bytes_max) override;
  absl::Status TakeBack(const PeerIdentity& peer,
                        const v1::ReturnedRecords& records) override;
  absl::StatusOr<std::variant<std::monostate, v1::Refused>> CheckLive(
      const PeerIdentity& peer) override;
  void OnHeard(const PeerIdentity& peer) override;
  void OnLineDown(const PeerIdentity& peer) override;
  void SetChangeListener(std::function<void()> changed) override;

  const Presence& presence() const { return presence_; }

  // Since the start; for /metrics.
  struct Counts {
    int64_t pushes_stored = 0;
    int64_t pushes_refused = 0;
  };
  Counts counts() const {
    return {pushes_stored_.load(), pushes_refused_.load()};
  }

 private:
  void Count(const PeerIdentity& peer, const absl::StatusOr<Taken>& taken);
  // Reports what the process must stop for; other errors are the caller's.
  void Watch(const absl::Status& status);

  HubStore& store_;
  HubLedger& ledger_;
  const Clock& clock_;
  ChangeSignal& changed_;
  const HubNodeOptions options_;
  std::atomic<int64_t> pushes_stored_ = 0;
  std::atomic<int64_t> pushes_refused_ = 0;
  Presence presence_;
  StreamReader reader_;
  const IntakeCore core_;
  std::unique_ptr<IntakeQueue> queue_;  // null: not threaded; last
};

}  // namespace branchline
