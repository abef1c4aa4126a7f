#pragma once

#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "sync/base/clock.h"
#include "tools/drill/delay_line.h"
#include "tools/drill/fd.h"
#include "tools/drill/loopback.h"

namespace branchline::drill {

enum class CutKind {
  kReset,  // connections are reset, new ones refused: the router is off
  kStall,  // nothing passes and nobody is told: the cable is out
};

// What passed a line since it was added.
struct LineCounters {
  int64_t connections = 0;
  int64_t bytes_to_target = 0;
  int64_t bytes_from_target = 0;
};

// TCP lines on loopback that can be cut, slowed and healed, without root. Each
// line has its own port and forwards to its target's; one thread serves them
// all. Safe for concurrent use. A call that changes a line has taken effect
// when it returns: after Cut() not one byte more passes.
class LineProxy {
 public:
  static constexpr int kLineCountMax = 4'096;
  static constexpr size_t kConnectionsPerLineMax = 64;  // beyond: reset

  //   UNAVAILABLE  no descriptor left
  static absl::StatusOr<std::unique_ptr<LineProxy>> Start(const Clock* clock);

  // Resets all connections.
  ~LineProxy();

  // Adds a healthy line to `target_port` and gives its number: 0, 1, 2, ...
  //   UNAVAILABLE         no port or descriptor left
  //   RESOURCE_EXHAUSTED  there are kLineCountMax lines
  absl::StatusOr<int> AddLine(uint16_t target_port);

  // The port to connect to; the same for ever.
  uint16_t port(int line) const;

  // Where new connections go from now on.
  void SetTarget(int line, uint16_t target_port);

  // Cuts the line, or cuts it in another way. After a reset nobody listens
  // until it is healed, stalled or not.
  void Cut(int line, CutKind kind);

  // Slows the line down, in both directions and for connections that are open.
  // Stays when it is cut.
  void Slow(int line, const Pace& pace);

  // As when it was added. What a stall held back goes on.
  //   UNAVAILABLE  the port cannot be listened on; it stays cut
  absl::Status Heal(int line);

  LineCounters Counters(int line) const;

 private:
  struct Line;
  struct Watch;

  explicit LineProxy(const Clock* clock);
  void Run();
  void Wake();
  Line& At(int line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  const Line& At(int line) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // What to wait for, and until when.
  absl::Duration Watches(std::vector<Watch>* watches)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Serve() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AcceptAll(Line* line) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock* const clock_;
  Fd wake_;
  std::thread thread_;
  mutable absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::unique_ptr<Line>> lines_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline::drill
