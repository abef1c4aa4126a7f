#pragma once

#include <optional>

#include "absl/time/time.h"
#include "tools/drill/delay_line.h"
#include "tools/drill/fd.h"

// One connection through a line: two sockets and what is under way between
// them. Part of line_proxy.
namespace branchline::drill {

// One direction: from one socket through the line to the other.
struct Stream {
  DelayLine line;
  bool ended = false;  // the source has sent its end
  bool shut = false;   // and the sink was told
  int64_t passed = 0;  // bytes written to the sink since last asked
};

class LineConnection {
 public:
  LineConnection(Fd client, Fd target, const Pace& pace, absl::Duration now);
  // Resets both ends.
  ~LineConnection();
  LineConnection(const LineConnection&) = delete;
  LineConnection& operator=(const LineConnection&) = delete;

  int client_fd() const { return client_.get(); }
  int target_fd() const { return target_.get(); }

  // poll() events to wait for; 0 is none.
  short ClientEvents(absl::Duration now) const;
  short TargetEvents(absl::Duration now) const;
  // When bytes under way come out; nothing if none wait for time.
  std::optional<absl::Duration> NextAt(absl::Duration now) const;

  // Moves what can be moved without waiting. False when the connection is over,
  // in order or not.
  bool Move(absl::Duration now);

  void SetPace(const Pace& pace, absl::Duration now);

  // Bytes that passed since the last call.
  int64_t TakeToTarget();
  int64_t TakeFromTarget();

 private:
  Fd client_;
  Fd target_;
  bool connecting_ = true;
  Stream to_target_;
  Stream from_target_;
};

}  // namespace branchline::drill
