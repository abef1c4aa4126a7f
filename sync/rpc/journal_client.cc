#include "sync/rpc/journal_client.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "branchline/v1/replication.grpc.pb.h"
#include "sync/base/status_macros.h"
#include "sync/replication/position.h"
#include "sync/rpc/grpc_status.h"

namespace branchline {
namespace {

// One chunk at a time, handed from gRPC's thread to the caller's.
class Fetch final : public grpc::ClientReadReactor<v1::FetchJournalChunk> {
 public:
  void Start() {
    StartRead(&chunk_);
    StartCall();
  }

  enum class Got { kChunk, kEnd, kNothing };

  Got Await(absl::Duration timeout) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(this, &Fetch::HasNews), timeout);
    if (chunk_ready_) return Got::kChunk;
    return ended_ ? Got::kEnd : Got::kNothing;
  }

  // The caller's after Got::kChunk, until Next().
  const v1::FetchJournalChunk& chunk() const { return chunk_; }
  void Next() ABSL_LOCKS_EXCLUDED(mutex_) {
    {
      absl::MutexLock lock(&mutex_);
      chunk_ready_ = false;
    }
    StartRead(&chunk_);
  }

  // After TryCancel(): returns when gRPC is done with this object.
  absl::Status AwaitEnd() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&done_));
    return status_;
  }

  void OnReadDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    (ok ? chunk_ready_ : ended_) = true;
  }

  void OnDone(const grpc::Status& status) override {
    absl::MutexLock lock(&mutex_);
    status_ = FromGrpc(status);
    done_ = true;
  }

 private:
  bool HasNews() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return chunk_ready_ || ended_;
  }

  v1::FetchJournalChunk chunk_;
  absl::Mutex mutex_;
  bool chunk_ready_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;  // no more chunks
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

absl::Status FetchJournal(
    const std::string& address, const TlsFiles& tls, absl::string_view branch,
    const Cursor& after, absl::Duration progress_timeout,
    absl::FunctionRef<absl::Status(const v1::FetchJournalChunk&)> take) {
  const std::shared_ptr<grpc::Channel> channel = grpc::CreateCustomChannel(
      address, SyncClientCredentials(tls), HubChannelArguments());
  const auto stub = v1::Replication::NewStub(channel);
  const std::string doing =
      absl::StrCat("fetching the journal of ", branch, " from ", address);

  v1::FetchJournalRequest request;
  request.set_branch(std::string(branch));
  *request.mutable_after() = PositionOf(after);
  grpc::ClientContext context;
  Fetch fetch;
  stub->async()->FetchJournal(&context, &request, &fetch);
  fetch.AddHold();  // the next read begins on this thread
  fetch.Start();

  absl::Status result;
  for (;;) {
    const Fetch::Got got = fetch.Await(progress_timeout);
    if (got == Fetch::Got::kChunk) {
      result = take(fetch.chunk());
      if (!result.ok()) break;
      fetch.Next();
      continue;
    }
    if (got == Fetch::Got::kNothing) {
      result = absl::DeadlineExceededError(absl::StrCat(
          "nothing came for ", absl::FormatDuration(progress_timeout)));
    }
    break;
  }
  if (!result.ok()) context.TryCancel();
  fetch.RemoveHold();
  const absl::Status ended = fetch.AwaitEnd();
  return Annotate(result.ok() ? ended : result, doing);
}

}  // namespace branchline
