#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "edge/commit/committer.h"
#include "edge/commit/edge_core.h"
#include "edge/line/edge_sync_port.h"
#include "sync/base/random.h"
#include "sync/replication/edge_session.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_store.h"

namespace branchline {

// A wall clock that is off, and can be set.
class SkewedClock final : public Clock {
 public:
  SkewedClock(const Clock* base, absl::Duration skew)
      : base_(*base), skew_(skew) {}
  absl::Time WallNow() const override { return base_.WallNow() + skew_; }
  absl::Duration MonotonicNow() const override { return base_.MonotonicNow(); }
  void Set(absl::Time to) { skew_ = to - base_.WallNow(); }

 private:
  const Clock& base_;
  absl::Duration skew_;
};

// One computer in a branch: its disk, who it is, and, while it has power, the
// daemon's core on it. Not thread-safe.
class SimBox {
 public:
  enum class Service {
    kIn,        // tills use it, whether it runs just now or not
    kOut,       // stopped for good; its disk is kept
    kHandedIn,  // and what the hub lacked was offered at the branch's new box
  };

  SimBox(std::string name, EdgeIdentity identity, const FakeClock* clock,
         absl::Duration skew, uint64_t seed)
      : name(std::move(name)),
        identity(std::move(identity)),
        clock(clock, skew),
        random(seed) {}

  // The daemon's start on what the disk holds.
  absl::Status Start();
  // The power goes.
  void Kill();

  bool running() const { return process_ != nullptr; }
  bool serves() const { return running() && service == Service::kIn; }
  // The box says itself that it may sell no more.
  bool stopped() const {
    return running() && !core().state().stopped_why().empty();
  }
  EdgeCore& core() const { return *process_->core; }
  EdgeSession& session() const { return *process_->session; }
  const std::string& branch() const { return identity.node.branch(); }
  std::string stream() const;
  // It has pulled what the box before it was granted: until then its slices
  // may look overspent, and it spends nothing of them.
  bool KnowsGrants() const;
  // Where the journal on the disk ends, running or not.
  Cursor DiskHead() const;

  const std::string name;  // "S1.2": the second box of branch S1
  const EdgeIdentity identity;
  SkewedClock clock;
  SeededRandom random;  // of the session's backoff
  MemoryStore disk;
  Service service = Service::kIn;
  bool disk_lost = false;  // there is nothing left to hand in
  int64_t starts_at = 0;   // if down: when the power is back, micros
  int64_t wakes_at = 0;    // the session wants to be polled, micros
  int64_t dark_until = 0;  // no line before, micros
  Cursor grants_at_join;   // the end of the hub's stream to the branch then
  uint64_t line = 0;       // the session's; 0: none

 private:
  struct Process {
    std::unique_ptr<EdgeCore> core;
    std::unique_ptr<DirectCommitter> committer;
    std::unique_ptr<EdgeSyncPort> port;
    std::unique_ptr<EdgeSession> session;
  };

  std::unique_ptr<Process> process_;
};

}  // namespace branchline
