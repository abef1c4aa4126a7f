#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "branchline/v1/replication.grpc.pb.h"
#include "sync/rpc/credentials.h"

namespace branchline {

// What gRPC's threads leave for the sync thread. Safe for concurrent use; calls
// and the line share it, because a call ends after its line let go of it.
class EdgeInbox {
 public:
  struct Item {
    uint64_t call_number = 0;
    bool connected = false;             // the hub answered
    std::optional<v1::HubFrame> frame;  // else, if neither: it ended
    absl::Status ended;
  };
  struct Batch {
    std::vector<Item> items;
    bool reconnect = false;
    bool stop = false;
  };

  void Add(Item item) ABSL_LOCKS_EXCLUDED(mutex_);
  void Wake(bool reconnect) ABSL_LOCKS_EXCLUDED(mutex_);
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  // All that came, or nothing after `timeout`.
  Batch Wait(absl::Duration timeout) ABSL_LOCKS_EXCLUDED(mutex_);

  void CallBegan() ABSL_LOCKS_EXCLUDED(mutex_);
  // Takes the call's channel along, for whoever waits next to destroy: on
  // gRPC's own thread the last channel would join that thread and free the
  // queue that it serves (1.51 aborts, "assertion failed: prior > 0").
  void CallEnded(std::shared_ptr<grpc::Channel> channel)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // For the end: nothing is taken from here after it.
  void AwaitNoCalls(absl::Duration timeout) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  bool HasSome() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool NoCalls() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  Batch batch_ ABSL_GUARDED_BY(mutex_);
  bool woken_ ABSL_GUARDED_BY(mutex_) = false;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::shared_ptr<grpc::Channel>> ended_ ABSL_GUARDED_BY(mutex_);
  bool abandoned_ ABSL_GUARDED_BY(mutex_) = false;  // nobody will wait again
};

// One connection to the hub and the one stream on it. The frames it reads wait
// in the inbox, at most kUnreadMax of them; gRPC holds the hub back after that.
// Safe for concurrent use.
class EdgeCall final
    : public grpc::ClientBidiReactor<v1::EdgeFrame, v1::HubFrame>,
      public std::enable_shared_from_this<EdgeCall> {
 public:
  static constexpr int kUnreadMax = 16;

  // Begins to connect, on a channel of its own: gRPC shares connections between
  // equal channels, and with them its own back-off.
  static std::shared_ptr<EdgeCall> Open(const std::string& address,
                                        const TlsFiles& tls, uint64_t number,
                                        std::shared_ptr<EdgeInbox> inbox);

  void Send(v1::EdgeFrame frame) ABSL_LOCKS_EXCLUDED(mutex_);
  // The sync thread is done with one frame.
  void FrameTaken() ABSL_LOCKS_EXCLUDED(mutex_);
  // The line is let go of: it ends soon, and nothing is sent any more.
  void Cancel() ABSL_LOCKS_EXCLUDED(mutex_);

  // grpc::ClientBidiReactor:
  void OnReadInitialMetadataDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  EdgeCall(std::string address, uint64_t number,
           std::shared_ptr<EdgeInbox> inbox);

  const std::string address_;
  const uint64_t number_;
  const std::shared_ptr<EdgeInbox> inbox_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Replication::Stub> stub_;
  grpc::ClientContext context_;
  std::shared_ptr<EdgeCall> self_;  // until OnDone()
  v1::HubFrame read_;               // gRPC's while a read is under way

  absl::Mutex mutex_;
  std::deque<v1::EdgeFrame> sending_ ABSL_GUARDED_BY(mutex_);  // front: at gRPC
  int unread_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool write_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;  // until RemoveHold()
};

}  // namespace branchline
