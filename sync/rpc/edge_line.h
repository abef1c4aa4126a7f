#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "sync/replication/edge_session.h"
#include "sync/replication/ports.h"
#include "sync/rpc/credentials.h"

namespace branchline {

class EdgeInbox;

// What `status` and the tills show of the line.
struct LineStatus {
  EdgeSession::State state = EdgeSession::State::kDown;
  std::string text;  // "connected", "retrying in 8 s: connection refused"
  Cursor acked;      // the hub has the journal on disk to here
  std::optional<v1::Refused> refused;  // until it is mended
  absl::Duration since;                // monotonic, when `state` began
};

// The branch's line to the hub: one thread that runs an EdgeSession over gRPC
// and is the only one to call its port. Opens, loses and reopens the line by
// itself until it is stopped.
//
// Safe for concurrent use. The port, clock and random source outlive it.
class EdgeLine {
 public:
  struct Options {
    std::string address;  // host:port of the hub's sync port
    // Asked before each connection, so that a renewed certificate is used with
    // the next one. Called on the sync thread.
    std::function<TlsFiles()> tls;
  };

  EdgeLine(Options options, EdgePort* port, Clock* clock, Random* random);
  ~EdgeLine();  // Stop()

  void Start();

  // Cuts the line and ends the thread. After it returns the port is called no
  // more. Waits for the port call that is running, and at most `wait` for gRPC
  // to let go of the line. May be called again.
  void Stop(absl::Duration wait = absl::Seconds(5));

  // The journal grew. Cheap: call after every sync.
  void Notify();

  // Cuts the line if one is up and connects anew at once: after a renewal, or
  // when somebody asks for it.
  void Reconnect();

  LineStatus Status() const;

 private:
  void Run();
  void PublishStatus(const EdgeSession& session, absl::Duration now)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const Options options_;
  EdgePort* const port_;
  Clock* const clock_;
  Random* const random_;
  const std::shared_ptr<EdgeInbox> inbox_;
  std::thread thread_;

  mutable absl::Mutex mutex_;
  LineStatus status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline
