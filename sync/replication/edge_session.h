#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/cursor.h"
#include "sync/base/random.h"
#include "sync/replication/backoff.h"
#include "sync/replication/ports.h"
#include "sync/replication/pull_watch.h"
#include "sync/replication/push_window.h"

namespace branchline {

// The edge half of replication as a state machine: no socket, thread or clock,
// and no disk but through the port. The shell reports what happened with the
// On...() calls and then does what Poll() says. The same calls in the same
// order, with the same port and random source, give the same actions.
//
// A line goes: connect, Hello, Welcome, offered secret stored and confirmed,
// then pushes under credits, and at the same time the hub's streams, each frame
// of which is taken and answered by one PulledTo. Whatever goes wrong ends the
// line; the next one starts from what is on disk.
//
// Not thread-safe: owned by the sync thread. The port and the random source
// outlive it.
class EdgeSession {
 public:
  enum class State {
    kDown,        // no line; Poll() says when to try
    kConnecting,  // the shell was told to connect
    kGreeting,    // Hello sent, no Welcome yet
    kLive,
  };

  // What the shell must do now, in this order.
  struct Actions {
    // Open a new line, and report OnConnected() or OnDisconnected().
    bool connect = false;
    // Send on the line that is up.
    std::vector<v1::EdgeFrame> frames;
    // Close the line, or stop opening it, for this reason. It counts as closed
    // at once: nothing that comes from it later may be reported here.
    std::optional<std::string> disconnect;
    // Monotonic time of the next Poll() if nothing happens before.
    absl::Duration wake_at = absl::InfiniteDuration();
  };

  EdgeSession(EdgePort* port, Random* random);

  void OnConnected();

  // The line broke, or could not be opened. `why` is shown to people.
  void OnDisconnected(const absl::Status& why);

  void OnFrame(const v1::HubFrame& frame);

  // Somebody wants a new line now: ends the one that is up, or ends the wait.
  void OnReconnect();

  // `now` is monotonic and never goes back. Call after each On...(), when the
  // journal grew, and at `wake_at`.
  Actions Poll(absl::Duration now);

  State state() const { return state_; }

  // For people, as of the last Poll(): "connected", "connecting",
  // "retrying in 8 s: connection refused", "refused: FORK: ...".
  std::string StateText() const;

  // The hub said that it has the own journal on disk to here, and we have that
  // ack on ours. The start until the first Welcome.
  const Cursor& acked() const { return acked_; }

  // The last refusal, until a Welcome shows that it was mended.
  const std::optional<v1::Refused>& refused() const { return refused_; }

 private:
  enum class Retry { kBackoff, kSlow };

  void OnWelcome(const v1::Welcome& welcome);
  void OnAck(const v1::Ack& ack);
  void OnRefused(const v1::Refused& refused);
  void OnGap(const v1::Refused& refused);
  void OnPulled(const v1::HubFrame& frame, const absl::Status& taken);
  void OnWantBack(const v1::WantBack& want);

  void SendHello();
  void StoreAck();
  void Push();
  void Beat(absl::Duration now);
  void CheckDeadlines(absl::Duration now);
  void CheckProgress(absl::Duration now);
  void Schedule(absl::Duration now);
  absl::Duration WakeAt() const;

  // Ends the line with the next Poll().
  void Drop(std::string why, Retry retry = Retry::kBackoff);
  void Refuse(const v1::Refused& refused);
  // Whether the hub's cursor `at` is on the own journal. False: refused or
  // dropped.
  bool CheckOnJournal(const Cursor& at, absl::string_view what);
  v1::EdgeFrame& NewFrame();

  EdgePort* const port_;
  Backoff backoff_;
  State state_ = State::kDown;
  PushWindow window_;
  PullWatch pull_;
  Cursor acked_;

  // Since the last Poll().
  std::vector<v1::EdgeFrame> frames_;
  std::optional<std::string> drop_;
  bool heard_ = false;
  bool acks_moved_ = false;
  bool pull_moved_ = false;
  std::optional<v1::Ack> unstored_ack_;

  // While kDown.
  std::optional<absl::Duration> retry_at_;
  Retry retry_ = Retry::kBackoff;
  bool first_try_ = true;
  std::string problem_;
  std::optional<v1::Refused> refused_;

  // While a line is up or being opened.
  bool state_is_new_ = true;
  absl::Duration step_deadline_;  // of connecting or greeting
  absl::Duration heard_at_;
  absl::Duration beat_at_;
  std::optional<absl::Duration> ack_deadline_;   // set while answers are owed
  std::optional<absl::Duration> pull_deadline_;  // and while streams are behind
  uint64_t beat_number_ = 0;
  std::optional<std::string> pull_stopped_;
  absl::Duration now_;
};

}  // namespace branchline
