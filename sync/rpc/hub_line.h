#pragma once

#include <grpcpp/server_context.h>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "branchline/v1/replication.grpc.pb.h"
#include "sync/base/clock.h"
#include "sync/replication/hub_session.h"
#include "sync/rpc/wake_timer.h"
#include "sync/rpc/work_pool.h"

namespace branchline {

class HubLine;

// What all lines share. Outlives them, and the pushes they have with the port.
class HubLineHost {
 public:
  virtual ~HubLineHost() = default;
  virtual HubPort* port() = 0;
  virtual Clock* clock() = 0;
  virtual WorkPool* pool() = 0;
  virtual WakeTimer* timer() = 0;
  virtual void OnWelcomed(HubLine* line) = 0;
  virtual void OnLineDone(HubLine* line) = 0;
  virtual void OnTakeBegan() = 0;
  virtual void OnTakeDone() = 0;
};

// One line at the hub: gRPC's threads fill its inbox, and a worker at a time
// runs its session. Safe for concurrent use.
class HubLine final
    : public grpc::ServerBidiReactor<v1::EdgeFrame, v1::HubFrame>,
      public std::enable_shared_from_this<HubLine> {
 public:
  static constexpr int kUnreadMax = 16;  // frames in the inbox
  // A branch that sends and does not read is cut.
  static constexpr size_t kSendFramesMax = 512;
  // For the last frames; then the line is cut.
  static constexpr absl::Duration kCloseTimeout = absl::Seconds(5);

  HubLine(uint64_t id, const PeerIdentity& peer,
          grpc::CallbackServerContext* context, HubLineHost* host);

  uint64_t id() const { return id_; }
  const PeerIdentity& peer() const { return peer_; }

  void Start();

  // Lets a worker run the session soon.
  void Schedule() ABSL_LOCKS_EXCLUDED(mutex_);
  void Changed() ABSL_LOCKS_EXCLUDED(mutex_);
  void Replaced() ABSL_LOCKS_EXCLUDED(mutex_);
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);  // the hub is stopping

  // grpc::ServerBidiReactor:
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // What came since the session last ran.
  struct Inbox {
    struct Taken {
      uint64_t number = 0;
      absl::StatusOr<HubPort::Taken> result;
    };
    std::vector<v1::EdgeFrame> frames;
    std::vector<Taken> taken;
    bool changed = false;
    bool replaced = false;
    bool stopping = false;
    bool ended = false;  // by the branch, or by the network
    bool done = false;   // gRPC says no more
  };

  void ScheduleLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  void RunSession(Inbox inbox) ABSL_LOCKS_EXCLUDED(mutex_);
  void Hand(HubSession::Take take) ABSL_LOCKS_EXCLUDED(mutex_);
  void Send(std::vector<v1::HubFrame> frames,
            const std::optional<absl::Status>& close)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void BeginClose(const absl::Status& why)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void FinishIfSent() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const uint64_t id_;
  const PeerIdentity peer_;
  grpc::CallbackServerContext* const context_;  // gRPC's, until OnDone()
  HubLineHost* const host_;
  std::shared_ptr<HubLine> self_;  // until OnDone()
  v1::EdgeFrame read_;             // gRPC's while a read is under way

  // Of the worker that runs the session.
  HubSession session_;
  bool welcome_told_ = false;

  absl::Mutex mutex_;
  Inbox inbox_ ABSL_GUARDED_BY(mutex_);
  bool scheduled_ ABSL_GUARDED_BY(mutex_) = false;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<v1::HubFrame> sending_ ABSL_GUARDED_BY(mutex_);  // front: at gRPC
  std::optional<absl::Status> closing_ ABSL_GUARDED_BY(mutex_);
  absl::Duration close_deadline_ ABSL_GUARDED_BY(mutex_);
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace branchline
