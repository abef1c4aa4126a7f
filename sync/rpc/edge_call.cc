#include "sync/rpc/edge_call.h"

#include <grpcpp/create_channel.h>

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {
namespace {

// gRPC says "failed to connect to all addresses; last error: UNKNOWN:
// ipv4:127.0.0.1:1: Failed to connect to remote host: Connection refused".
absl::Status Plain(const absl::Status& status, absl::string_view address) {
  if (status.ok()) return absl::UnavailableError("the hub closed the line");
  const absl::string_view message = status.message();
  if (!absl::StartsWith(message, "failed to connect to all addresses")) {
    return status;
  }
  const size_t last = message.rfind(": ");
  return absl::UnavailableError(absl::StrCat(
      "cannot connect to ", address, ": ",
      last == absl::string_view::npos ? message : message.substr(last + 2)));
}

}  // namespace

void EdgeInbox::Add(Item item) {
  absl::MutexLock lock(&mutex_);
  batch_.items.push_back(std::move(item));
}

void EdgeInbox::Wake(bool reconnect) {
  absl::MutexLock lock(&mutex_);
  woken_ = true;
  if (reconnect) batch_.reconnect = true;
}

void EdgeInbox::Stop() {
  absl::MutexLock lock(&mutex_);
  batch_.stop = true;
}

bool EdgeInbox::HasSome() const {
  return woken_ || batch_.stop || !batch_.items.empty();
}

EdgeInbox::Batch EdgeInbox::Wait(absl::Duration timeout) {
  // Destroyed without the lock: it may wait for a thread that wants it.
  std::vector<std::shared_ptr<grpc::Channel>> ended;
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &EdgeInbox::HasSome), timeout);
  woken_ = false;
  ended.swap(ended_);
  Batch batch = std::move(batch_);
  batch_ = Batch{};
  batch_.stop = batch.stop;
  return batch;
}

void EdgeInbox::CallBegan() {
  absl::MutexLock lock(&mutex_);
  ++calls_;
}

void EdgeInbox::CallEnded(std::shared_ptr<grpc::Channel> channel) {
  absl::MutexLock lock(&mutex_);
  if (abandoned_) {
    // Better never than on this thread.
    new std::shared_ptr<grpc::Channel>(std::move(channel));
  } else {
    ended_.push_back(std::move(channel));
  }
  --calls_;
}

bool EdgeInbox::NoCalls() const { return calls_ == 0; }

void EdgeInbox::AwaitNoCalls(absl::Duration timeout) {
  std::vector<std::shared_ptr<grpc::Channel>> ended;  // as in Wait()
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &EdgeInbox::NoCalls), timeout);
  ended.swap(ended_);
  abandoned_ = true;
}

EdgeCall::EdgeCall(std::string address, uint64_t number,
                   std::shared_ptr<EdgeInbox> inbox)
    : address_(std::move(address)), number_(number), inbox_(std::move(inbox)) {}

std::shared_ptr<EdgeCall> EdgeCall::Open(const std::string& address,
                                         const TlsFiles& tls, uint64_t number,
                                         std::shared_ptr<EdgeInbox> inbox) {
  inbox->CallBegan();
  std::shared_ptr<EdgeCall> call(
      new EdgeCall(address, number, std::move(inbox)));
  call->self_ = call;
  call->channel_ = grpc::CreateCustomChannel(
      address, SyncClientCredentials(tls), HubChannelArguments());
  call->stub_ = v1::Replication::NewStub(call->channel_);
  call->stub_->async()->Connect(&call->context_, call.get());
  {
    absl::MutexLock lock(&call->mutex_);
    call->reading_ = true;
    call->held_ = true;
  }
  // Reads and writes begin on the sync thread too, not only in reactions.
  call->AddHold();
  call->StartRead(&call->read_);
  call->StartCall();
  return call;
}

void EdgeCall::Send(v1::EdgeFrame frame) {
  absl::MutexLock lock(&mutex_);
  if (!held_ || write_ended_) return;
  sending_.push_back(std::move(frame));
  if (sending_.size() == 1) StartWrite(&sending_.front());
}

void EdgeCall::FrameTaken() {
  absl::MutexLock lock(&mutex_);
  --unread_;
  if (held_ && !reading_ && unread_ < kUnreadMax) {
    reading_ = true;
    StartRead(&read_);
  }
}

void EdgeCall::Cancel() {
  bool let_go = false;
  {
    absl::MutexLock lock(&mutex_);
    // With a read under way, its end lets go.
    let_go = held_ && !reading_;
    if (let_go) held_ = false;
    write_ended_ = true;
  }
  context_.TryCancel();
  if (let_go) RemoveHold();
}

void EdgeCall::OnReadInitialMetadataDone(bool ok) {
  if (ok) inbox_->Add({number_, /*connected=*/true, std::nullopt, {}});
}

void EdgeCall::OnReadDone(bool ok) {
  bool let_go = false;
  {
    absl::MutexLock lock(&mutex_);
    if (ok) {
      inbox_->Add({number_, false, std::move(read_), {}});
      read_.Clear();
      ++unread_;
      reading_ = unread_ < kUnreadMax;
      if (reading_) StartRead(&read_);
    } else {
      reading_ = false;
      let_go = std::exchange(held_, false);
    }
  }
  if (let_go) RemoveHold();
}

void EdgeCall::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  sending_.pop_front();
  if (!ok) write_ended_ = true;
  if (write_ended_ || !held_) {
    sending_.clear();
  } else if (!sending_.empty()) {
    StartWrite(&sending_.front());
  }
}

void EdgeCall::OnDone(const grpc::Status& status) {
  inbox_->Add(
      {number_, false, std::nullopt, Plain(FromGrpc(status), address_)});
  const std::shared_ptr<EdgeInbox> inbox = inbox_;
  std::shared_ptr<grpc::Channel> channel = std::move(channel_);
  // The stub and the context share the channel, so it goes along last.
  stub_.reset();
  self_.reset();
  inbox->CallEnded(std::move(channel));
}

}  // namespace branchline
