#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "sync/replication/edge_session.h"
#include "sync/replication/hub_session.h"
#include "tests/sync/replication/fake_edge.h"
#include "tests/sync/replication/fake_hub.h"

namespace branchline {

// Half of every range, so that waits in a transcript are round.
class HalfRandom final : public Random {
 public:
  std::string Bytes(size_t size) override {
    std::string bytes(size, '\0');
    if (size > 0) bytes[size - 1] = '\x80';  // the high byte of a number
    return bytes;
  }
};

// One branch and the hub with the real sessions, and a line between them that a
// test holds in its hand. Whatever happens is told to `say`, a line of text at
// a time. Single-threaded.
class FakeNet {
 public:
  explicit FakeNet(std::function<void(std::string)> say);

  // Does everything that can be done without time going on.
  void Settle();
  // Lets time go on, and does what comes up on the way.
  void Advance(absl::Duration duration);

  // What is on the way is lost; the branch hears of it, the hub too.
  void Cut(absl::string_view why);
  // The hub cannot be reached (nobody listens) from now on.
  void SetReachable(bool reachable) { reachable_ = reachable; }
  // Nothing arrives and nobody hears of it: a dead line.
  void SetDead(bool dead) { dead_ = dead; }
  // Frames to this end are lost, one by one.
  void SetLossToEdge(bool loss) { loss_to_edge_ = loss; }
  void SetLossToHub(bool loss) { loss_to_hub_ = loss; }
  void ShowHeartbeats() { show_heartbeats_ = true; }
  // The branch process starts anew, from what is on its disk.
  void RestartEdge();
  // As if the other end had sent it.
  void InjectToEdge(const v1::HubFrame& frame);
  void InjectToHub(const v1::EdgeFrame& frame);

  FakeEdge& edge() { return edge_; }
  FakeHub& hub() { return hub_; }
  void SetPeer(PeerIdentity peer) { peer_ = std::move(peer); }
  std::string Status() const;

 private:
  bool Step();  // false: nothing to do
  void PollEdge();
  void PollHub();
  void CloseHub();

  const std::function<void(std::string)> say_;
  FakeEdge edge_;
  FakeHub hub_;
  HalfRandom random_;
  PeerIdentity peer_;
  std::unique_ptr<EdgeSession> edge_session_;
  std::unique_ptr<HubSession> hub_session_;  // null: no line
  int line_number_ = 0;
  absl::Duration now_ = absl::Seconds(1000);
  absl::Duration edge_wake_at_ = absl::ZeroDuration();
  absl::Duration hub_wake_at_ = absl::InfiniteDuration();
  std::deque<v1::EdgeFrame> to_hub_;
  std::deque<v1::HubFrame> to_edge_;
  bool hub_closes_ = false;  // once what it sent has arrived
  std::string hub_close_reason_;
  bool reachable_ = true;
  bool dead_ = false;
  bool loss_to_edge_ = false;
  bool loss_to_hub_ = false;
  bool show_heartbeats_ = false;
};

}  // namespace branchline
