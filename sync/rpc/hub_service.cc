#include "sync/rpc/hub_service.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "sync/rpc/credentials.h"
#include "sync/rpc/grpc_status.h"
#include "sync/rpc/hub_line.h"
#include "sync/rpc/journal_reply.h"
#include "sync/rpc/wake_timer.h"
#include "sync/rpc/work_pool.h"

namespace branchline {
namespace {

// Changes that come together wake the lines once.
constexpr absl::Duration kChangeDelay = absl::Milliseconds(20);

// A call that ends before it begins.
template <typename Reactor>
class Rejection final : public Reactor {
 public:
  explicit Rejection(const absl::Status& why) { this->Finish(ToGrpc(why)); }
  void OnDone() override { delete this; }
};

}  // namespace

// The lines, and what they share.
class HubService::Engine final : public HubLineHost {
 public:
  Engine(HubPort* port, Clock* clock, int workers)
      : port_(port),
        clock_(clock),
        pool_(workers),
        timer_(clock, [this](uint64_t id) { OnDue(id); }) {
    port_->SetChangeListener([this] {
      timer_.Set(kChangeId, clock_->MonotonicNow() + kChangeDelay);
    });
  }

  HubPort* port() override { return port_; }
  Clock* clock() override { return clock_; }
  WorkPool* pool() override { return &pool_; }
  WakeTimer* timer() override { return &timer_; }

  // Null: the hub is stopping.
  std::shared_ptr<HubLine> NewLine(const PeerIdentity& peer,
                                   grpc::CallbackServerContext* context) {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return nullptr;
    const uint64_t id = ++last_id_;
    auto line = std::make_shared<HubLine>(id, peer, context, this);
    lines_.emplace(id, line);
    return line;
  }

  std::shared_ptr<JournalReply> NewReply(
      const PeerIdentity& peer, const v1::FetchJournalRequest& request) {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return nullptr;
    const uint64_t id = ++last_id_;
    auto reply = std::make_shared<JournalReply>(
        peer, request, port_, &pool_, [this, id] { OnReplyDone(id); });
    replies_.emplace(id, reply);
    return reply;
  }

  void OnWelcomed(HubLine* line) override {
    std::shared_ptr<HubLine> older;
    {
      absl::MutexLock lock(&mutex_);
      uint64_t& current = line_of_branch_[line->peer().branch];
      // Two may greet at once: the one that was opened later stays.
      if (current < line->id()) {
        older = Find(current);
        current = line->id();
      } else {
        older = Find(line->id());
      }
    }
    if (older != nullptr) older->Replaced();
  }

  void OnLineDone(HubLine* line) override {
    absl::MutexLock lock(&mutex_);
    const auto it = line_of_branch_.find(line->peer().branch);
    if (it != line_of_branch_.end() && it->second == line->id()) {
      line_of_branch_.erase(it);
    }
    lines_.erase(line->id());
  }

  void OnTakeBegan() override {
    absl::MutexLock lock(&mutex_);
    ++takes_;
  }

  void OnTakeDone() override {
    absl::MutexLock lock(&mutex_);
    --takes_;
  }

  size_t LineCount() const {
    absl::MutexLock lock(&mutex_);
    return lines_.size();
  }

  size_t ReplyCount() const {
    absl::MutexLock lock(&mutex_);
    return replies_.size();
  }

  void Shutdown() {
    {
      absl::MutexLock lock(&mutex_);
      if (std::exchange(stopping_, true)) return;
    }
    port_->SetChangeListener({});
    for (const auto& line : Lines()) line->Stop();
    {
      absl::MutexLock lock(&mutex_);
      for (const auto& [id, reply] : replies_) reply->Stop();
      mutex_.Await(absl::Condition(this, &Engine::IsIdle));
    }
    timer_.Stop();
    pool_.Stop();
  }

 private:
  static constexpr uint64_t kChangeId = 0;  // lines count from 1

  bool IsIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return lines_.empty() && replies_.empty() && takes_ == 0;
  }

  std::shared_ptr<HubLine> Find(uint64_t id)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto it = lines_.find(id);
    return it == lines_.end() ? nullptr : it->second;
  }

  std::vector<std::shared_ptr<HubLine>> Lines() {
    std::vector<std::shared_ptr<HubLine>> lines;
    absl::MutexLock lock(&mutex_);
    lines.reserve(lines_.size());
    for (const auto& [id, line] : lines_) lines.push_back(line);
    return lines;
  }

  void OnDue(uint64_t id) {
    if (id == kChangeId) {
      for (const auto& line : Lines()) line->Changed();
      return;
    }
    std::shared_ptr<HubLine> line;
    {
      absl::MutexLock lock(&mutex_);
      line = Find(id);
    }
    if (line != nullptr) line->Schedule();
  }

  void OnReplyDone(uint64_t id) {
    absl::MutexLock lock(&mutex_);
    replies_.erase(id);
  }

  HubPort* const port_;
  Clock* const clock_;

  mutable absl::Mutex mutex_;
  std::map<uint64_t, std::shared_ptr<HubLine>> lines_ ABSL_GUARDED_BY(mutex_);
  std::map<uint64_t, std::shared_ptr<JournalReply>> replies_
      ABSL_GUARDED_BY(mutex_);
  std::map<std::string, uint64_t> line_of_branch_ ABSL_GUARDED_BY(mutex_);
  uint64_t last_id_ ABSL_GUARDED_BY(mutex_) = 0;
  int takes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;

  WorkPool pool_;
  WakeTimer timer_;  // last: its thread uses the rest
};

HubService::HubService(HubPort* port, Clock* clock)
    : HubService(port, clock, Options()) {}

HubService::HubService(HubPort* port, Clock* clock, const Options& options)
    : engine_(std::make_shared<Engine>(port, clock, options.workers)) {}

HubService::~HubService() { engine_->Shutdown(); }

grpc::ServerBidiReactor<v1::EdgeFrame, v1::HubFrame>* HubService::Connect(
    grpc::CallbackServerContext* context) {
  using Reactor = grpc::ServerBidiReactor<v1::EdgeFrame, v1::HubFrame>;
  const absl::StatusOr<PeerIdentity> peer = PeerOf(*context);
  if (!peer.ok()) return new Rejection<Reactor>(peer.status());
  const std::shared_ptr<HubLine> line = engine_->NewLine(*peer, context);
  if (line == nullptr) {
    return new Rejection<Reactor>(
        absl::UnavailableError("the hub is stopping"));
  }
  line->Start();
  return line.get();
}

grpc::ServerWriteReactor<v1::FetchJournalChunk>* HubService::FetchJournal(
    grpc::CallbackServerContext* context,
    const v1::FetchJournalRequest* request) {
  using Reactor = grpc::ServerWriteReactor<v1::FetchJournalChunk>;
  const absl::StatusOr<PeerIdentity> peer = PeerOf(*context);
  if (!peer.ok()) return new Rejection<Reactor>(peer.status());
  const std::shared_ptr<JournalReply> reply =
      engine_->NewReply(*peer, *request);
  if (reply == nullptr) {
    return new Rejection<Reactor>(
        absl::UnavailableError("the hub is stopping"));
  }
  reply->Start();
  return reply.get();
}

void HubService::Shutdown() { engine_->Shutdown(); }

size_t HubService::LineCount() const { return engine_->LineCount(); }

size_t HubService::ReplyCount() const { return engine_->ReplyCount(); }

}  // namespace branchline
