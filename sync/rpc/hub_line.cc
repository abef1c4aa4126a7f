#include "sync/rpc/hub_line.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {

HubLine::HubLine(uint64_t id, const PeerIdentity& peer,
                 grpc::CallbackServerContext* context, HubLineHost* host)
    : id_(id),
      peer_(peer),
      context_(context),
      host_(host),
      session_(peer, host->port()) {}

void HubLine::Start() {
  self_ = shared_from_this();
  StartSendInitialMetadata();  // tells the edge that it is connected
  absl::MutexLock lock(&mutex_);
  reading_ = true;
  StartRead(&read_);
  ScheduleLocked();  // the first Poll() starts its waits
}

void HubLine::Schedule() {
  absl::MutexLock lock(&mutex_);
  ScheduleLocked();
}

void HubLine::ScheduleLocked() {
  if (std::exchange(scheduled_, true)) return;
  host_->pool()->Add([self = shared_from_this()] { self->Run(); });
}

void HubLine::Changed() {
  absl::MutexLock lock(&mutex_);
  inbox_.changed = true;
  ScheduleLocked();
}

void HubLine::Replaced() {
  absl::MutexLock lock(&mutex_);
  inbox_.replaced = true;
  ScheduleLocked();
}

void HubLine::Stop() {
  absl::MutexLock lock(&mutex_);
  inbox_.stopping = true;
  ScheduleLocked();
}

// One pass over what came; more that comes meanwhile is another task, so that a
// busy line takes its turn with the others.
void HubLine::Run() {
  Inbox inbox;
  {
    absl::MutexLock lock(&mutex_);
    inbox = std::exchange(inbox_, Inbox{});
  }
  const bool done = inbox.done;
  RunSession(std::move(inbox));
  if (done) {
    // Stays scheduled: it runs no more.
    session_.OnClosed();
    host_->timer()->Set(id_, absl::InfiniteDuration());
    host_->OnLineDone(this);
    return;
  }
  absl::MutexLock lock(&mutex_);
  scheduled_ = false;
  const bool more = !inbox_.frames.empty() || !inbox_.taken.empty() ||
                    inbox_.changed || inbox_.replaced || inbox_.stopping ||
                    inbox_.ended || inbox_.done;
  if (more) ScheduleLocked();
  if (!reading_ && !finished_ && !closing_.has_value() && !inbox_.ended &&
      inbox_.frames.size() < kUnreadMax) {
    reading_ = true;
    StartRead(&read_);
  }
}

void HubLine::RunSession(Inbox inbox) {
  for (v1::EdgeFrame& frame : inbox.frames) session_.OnFrame(std::move(frame));
  for (Inbox::Taken& taken : inbox.taken) {
    session_.OnTaken(taken.number, std::move(taken.result));
  }
  if (inbox.changed) session_.OnChanged();
  if (inbox.replaced) session_.OnReplaced();
  const absl::Duration now = host_->clock()->MonotonicNow();
  HubSession::Actions actions = session_.Poll(now);
  if (inbox.stopping && !actions.close.has_value()) {
    actions.close = absl::UnavailableError("the hub is stopping");
  }
  if (session_.welcomed() && !std::exchange(welcome_told_, true)) {
    host_->OnWelcomed(this);
  }
  for (HubSession::Take& take : actions.takes) Hand(std::move(take));
  if (inbox.ended && !actions.close.has_value()) {
    actions.close = absl::OkStatus();
  }
  Send(std::move(actions.frames), actions.close);

  absl::Duration wake_at = actions.wake_at;
  bool cut = false;
  {
    absl::MutexLock lock(&mutex_);
    if (closing_.has_value()) {
      // Even after Finish(): a dead peer lets its last frames lie for ever.
      cut = now >= close_deadline_;
      wake_at = cut || done_ ? absl::InfiniteDuration() : close_deadline_;
    }
    // Under the lock: after OnDone() the context is gone.
    if (cut && !done_) context_->TryCancel();
  }
  host_->timer()->Set(id_, wake_at);
}

void HubLine::Hand(HubSession::Take take) {
  host_->OnTakeBegan();
  host_->port()->Take(
      peer_, std::move(take.push),
      [self = shared_from_this(),
       number = take.number](absl::StatusOr<HubPort::Taken> result) {
        HubLineHost* const host = self->host_;
        {
          absl::MutexLock lock(&self->mutex_);
          self->inbox_.taken.push_back({number, std::move(result)});
          self->ScheduleLocked();
        }
        host->OnTakeDone();
      });
}

void HubLine::Send(std::vector<v1::HubFrame> frames,
                   const std::optional<absl::Status>& close) {
  absl::MutexLock lock(&mutex_);
  if (closing_.has_value()) return;
  const bool was_idle = sending_.empty();
  for (v1::HubFrame& frame : frames) sending_.push_back(std::move(frame));
  if (was_idle && !sending_.empty()) StartWrite(&sending_.front());
  if (close.has_value()) {
    BeginClose(*close);
  } else if (sending_.size() > kSendFramesMax) {
    BeginClose(absl::ResourceExhaustedError(absl::StrFormat(
        "branch %s does not read what it is sent: %d frames wait, at most %d",
        peer_.branch, sending_.size(), kSendFramesMax)));
  }
}

void HubLine::BeginClose(const absl::Status& why) {
  if (closing_.has_value()) return;
  closing_ = why;
  close_deadline_ = host_->clock()->MonotonicNow() + kCloseTimeout;
  FinishIfSent();
}

void HubLine::FinishIfSent() {
  if (!closing_.has_value() || finished_ || !sending_.empty()) return;
  finished_ = true;
  Finish(ToGrpc(*closing_));
}

void HubLine::OnReadDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  reading_ = false;
  if (!ok) {
    inbox_.ended = true;
  } else if (!closing_.has_value()) {
    inbox_.frames.push_back(std::move(read_));
    read_.Clear();
    if (inbox_.frames.size() < kUnreadMax) {
      reading_ = true;
      StartRead(&read_);
    }
  }
  ScheduleLocked();
}

void HubLine::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  sending_.pop_front();
  if (!ok) {
    sending_.clear();
    inbox_.ended = true;
    ScheduleLocked();
  } else if (!sending_.empty()) {
    StartWrite(&sending_.front());
  }
  FinishIfSent();
}

void HubLine::OnCancel() {
  absl::MutexLock lock(&mutex_);
  inbox_.ended = true;
  ScheduleLocked();
}

// The last that gRPC says. Nothing of it may be touched from here on.
void HubLine::OnDone() {
  const std::shared_ptr<HubLine> self = std::move(self_);
  absl::MutexLock lock(&mutex_);
  done_ = true;
  inbox_.done = true;
  ScheduleLocked();
}

}  // namespace branchline
