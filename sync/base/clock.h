#pragma once

#include "absl/time/time.h"

namespace branchline {

// The only source of time in edge, hub and sync. Nothing else may call
// absl::Now(), time(), or a chrono clock; tools/tidy checks that.
//
// Implementations are safe for concurrent use. A Clock outlives everything that
// was given a pointer to it.
class Clock {
 public:
  virtual ~Clock() = default;

  // Wall time in UTC. It may jump either way: NTP steps it, people set it, a
  // flat battery resets it to 1970. Stamp records for people with it. Never
  // order postings by it and never measure a wait with it.
  virtual absl::Time WallNow() const = 0;

  // Time since an arbitrary origin. Never goes back while the process lives,
  // and means nothing after a restart. For timeouts and backoff.
  virtual absl::Duration MonotonicNow() const = 0;
};

// The machine's clocks. Lives for ever.
Clock& SystemClock();

}  // namespace branchline
