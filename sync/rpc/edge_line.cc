#include "sync/rpc/edge_line.h"

#include <grpcpp/create_channel.h>

#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "branchline/v1/replication.grpc.pb.h"
#include "sync/base/check.h"
#include "sync/rpc/edge_call.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {

EdgeLine::EdgeLine(Options options, EdgePort* port, Clock* clock,
                   Random* random)
    : options_(std::move(options)),
      port_(port),
      clock_(clock),
      random_(random),
      inbox_(std::make_shared<EdgeInbox>()) {
  status_.text = "not started";
}

EdgeLine::~EdgeLine() { Stop(); }

void EdgeLine::Start() {
  BL_CHECK(!thread_.joinable(), "a line is started once");
  thread_ = std::thread([this] { Run(); });
}

void EdgeLine::Stop(absl::Duration wait) {
  inbox_->Stop();
  if (thread_.joinable()) thread_.join();
  inbox_->AwaitNoCalls(wait);
}

void EdgeLine::Notify() { inbox_->Wake(/*reconnect=*/false); }

void EdgeLine::Reconnect() { inbox_->Wake(/*reconnect=*/true); }

LineStatus EdgeLine::Status() const {
  absl::MutexLock lock(&mutex_);
  return status_;
}

// The sync thread. `call` is the line that is up or being opened; what comes
// from an older one is passed over by its number.
void EdgeLine::Run() {
  EdgeSession session(port_, random_);
  std::shared_ptr<EdgeCall> call;
  uint64_t call_number = 0;
  for (;;) {
    const absl::Duration now = clock_->MonotonicNow();
    EdgeSession::Actions actions = session.Poll(now);
    if (actions.disconnect.has_value() && call != nullptr) {
      call->Cancel();
      call.reset();
    }
    if (actions.connect) {
      call = EdgeCall::Open(options_.address, options_.tls(), ++call_number,
                            inbox_);
    }
    if (call != nullptr) {
      for (v1::EdgeFrame& frame : actions.frames) call->Send(std::move(frame));
    }
    PublishStatus(session, now);

    EdgeInbox::Batch batch =
        inbox_->Wait(actions.wake_at - clock_->MonotonicNow());
    if (batch.stop) break;
    for (EdgeInbox::Item& item : batch.items) {
      if (call == nullptr || item.call_number != call_number) continue;
      if (item.connected) {
        session.OnConnected();
      } else if (item.frame.has_value()) {
        session.OnFrame(*item.frame);
        call->FrameTaken();
      } else {
        session.OnDisconnected(item.ended);
        call.reset();
      }
    }
    if (batch.reconnect) session.OnReconnect();
  }
  if (call != nullptr) call->Cancel();
  absl::MutexLock lock(&mutex_);
  status_.state = EdgeSession::State::kDown;
  status_.text = "stopped";
}

void EdgeLine::PublishStatus(const EdgeSession& session, absl::Duration now) {
  absl::MutexLock lock(&mutex_);
  if (status_.state != session.state()) status_.since = now;
  status_.state = session.state();
  status_.text = session.StateText();
  status_.acked = session.acked();
  status_.refused = session.refused();
}

}  // namespace branchline
