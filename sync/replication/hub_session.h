#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "branchline/v1/replication.pb.h"
#include "sync/replication/ports.h"
#include "sync/replication/stream_feed.h"

namespace branchline {

// The hub half of replication, one for each line, as a state machine: no
// socket, thread or clock, and no disk but through the port. The shell reports
// with the On...() calls and then does what Poll() says.
//
// Every push is answered once and in order, with an Ack or a Refused. Any
// refusal but GAP is the line's last frame.
//
// Not thread-safe: one thread at a time. The port outlives it.
class HubSession {
 public:
  // A push to hand to HubPort::Take(), whose answer comes to OnTaken() with the
  // same number.
  struct Take {
    uint64_t number = 0;
    v1::Push push;
  };

  // What the shell must do now, in this order.
  struct Actions {
    std::vector<v1::HubFrame> frames;  // send
    std::vector<Take> takes;           // hand to the port, in order
    // Close the line once the frames are sent. OK: nothing was wrong with the
    // line itself (a refusal was sent, or the branch has a newer line). Nothing
    // but OnTaken() and OnClosed() matters from now on.
    std::optional<absl::Status> close;
    // Monotonic time of the next Poll() if nothing happens before.
    absl::Duration wake_at = absl::InfiniteDuration();
  };

  // A line opened, and the edge does not know yet.
  HubSession(const PeerIdentity& peer, HubPort* port);

  void OnFrame(v1::EdgeFrame frame);
  void OnTaken(uint64_t number, absl::StatusOr<HubPort::Taken> taken);

  // A stream grew or a branch's status changed.
  void OnChanged();

  // The branch has greeted on a newer line: this one ends, and the port does
  // not hear that the branch is gone.
  void OnReplaced();

  // The line is gone. Ends the session.
  void OnClosed();

  // `now` is monotonic and never goes back. Call after each On...() and at
  // `wake_at`.
  Actions Poll(absl::Duration now);

  const PeerIdentity& peer() const { return peer_; }

  // A Welcome was sent. Stays true after the line ended.
  bool welcomed() const { return welcomed_; }

 private:
  // An answer to a push, kept until all before it are there.
  struct Owed {
    uint64_t number = 0;
    size_t bytes = 0;
    std::optional<absl::StatusOr<HubPort::Taken>> taken;
  };

  void OnHello(const v1::Hello& hello);
  void OnPush(v1::Push push);
  bool IsLive();  // false: the line ends
  void Answer();
  void Feed();
  v1::HubFrame& NewFrame();
  void Refuse(v1::Refused refused);
  void RefuseProtocol(absl::string_view message);
  void Close(absl::Status why);

  const PeerIdentity peer_;
  HubPort* const port_;
  StreamFeed feed_;
  const absl::StatusOr<uint64_t> greetings_at_open_;
  bool welcomed_ = false;
  bool over_ = false;  // closing or closed
  bool replaced_ = false;
  bool line_down_said_ = false;
  uint64_t credit_bytes_ = 0;

  // Since the last Poll().
  Actions pending_;
  bool heard_ = false;

  std::deque<Owed> owed_;
  uint64_t owed_bytes_ = 0;
  uint64_t take_number_ = 0;

  // Unset until the first Poll().
  std::optional<absl::Duration> heard_at_;
  absl::Duration hello_deadline_;
  absl::Duration beat_at_;
  uint64_t beat_number_ = 0;
};

}  // namespace branchline
