#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "sync/base/cursor.h"

namespace branchline {

// The edge's pushes that are sent and not yet answered, under the hub's byte
// credits. The hub answers every push once, in order, with an ack or with GAP.
//
// After a GAP nothing is pushed until the pushes behind it are answered too:
// otherwise the hub would hold both them and their repetition, which is more
// than its credits allow. Not thread-safe.
class PushWindow {
 public:
  // A new line: the hub holds everything up to `held`.
  void Start(const Cursor& held, uint64_t credit_bytes);

  // Whether another push may be sent now, and of how many bytes. One record
  // more than that is forgiven: the credits stop a push from being begun.
  bool MayPush() const;
  size_t push_bytes_max() const;

  // A push that starts after next_after() and ends at `end` was sent.
  void OnPushed(const Cursor& end, size_t bytes);

  // The hub holds everything up to `at`, which may be before, in or beyond what
  // is in flight. True if it is further than before.
  bool OnAck(const Cursor& at);

  // The hub refused the oldest push with GAP: it holds everything up to `held`,
  // and the next push starts there. False, and nothing changed, if that push
  // had begun right there: going round again would not mend it.
  bool OnGap(const Cursor& held);

  // Where the next push starts.
  const Cursor& next_after() const { return next_after_; }
  const Cursor& acked() const { return acked_; }

  // Answers are owed.
  bool waiting() const { return !in_flight_.empty() || stale_count_ > 0; }
  size_t in_flight_count() const { return in_flight_.size() + stale_count_; }

  // The hash that a push in flight has at that place; empty if none ends there.
  std::string HashInFlight(const Cursor& at) const;

 private:
  struct InFlight {
    Cursor after;
    Cursor end;
    size_t bytes = 0;
  };

  uint64_t credit_bytes_ = 0;
  Cursor acked_;
  Cursor next_after_;
  std::deque<InFlight> in_flight_;
  uint64_t in_flight_bytes_ = 0;
  size_t stale_count_ = 0;  // sent before a GAP, not yet answered
};

}  // namespace branchline
