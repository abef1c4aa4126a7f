#include "edge/commit/commit_queue.h"

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "edge/commit/request_hash.h"

namespace branchline {
namespace {

// Below what one sync costs.
constexpr absl::Duration kCrowdWait = absl::Microseconds(80);

absl::Status Broken() {
  return absl::UnavailableError(
      "a write to the disk failed and this node is stopping; nothing was "
      "committed. Ask again with the same command id when it is back");
}

}  // namespace

// Stands on the stack of the thread that waits.
struct CommitQueue::Waiting {
  // Exactly one of the two.
  Command* command = nullptr;
  absl::FunctionRef<absl::Status(EdgeCore&)>* work = nullptr;
  absl::StatusOr<Outcome> outcome = absl::UnknownError("not run");
  // Set before `woken`: the outcome stands, or it is this one's turn to lead.
  bool done = false;
  absl::Notification woken;
};

CommitQueue::CommitQueue(EdgeCore* core, const Clock* clock, Options options)
    : core_(core), clock_(clock), options_(std::move(options)) {
  absl::MutexLock lock(&mutex_);
  Publish();
}

CommitQueue::~CommitQueue() { Stop(); }

void CommitQueue::Stop() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
  const auto idle = [this]()
                        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !led_; };
  mutex_.Await(absl::Condition(&idle));
}

absl::Status CommitQueue::Enqueue(Waiting* waiting) {
  bool leads = false;
  {
    absl::MutexLock lock(&mutex_);
    if (broken_) return Broken();
    if (stopping_) {
      return absl::UnavailableError(
          "this node is stopping; ask again with the same command id");
    }
    if (queue_.size() >= kWaitingMax) {
      return absl::UnavailableError(absl::StrCat(
          kWaitingMax,
          " commands wait for the disk already; ask again with the same "
          "command id"));
    }
    queue_.push_back(waiting);
    leads = !std::exchange(led_, true);
  }
  if (!leads) {
    waiting->woken.WaitForNotification();
    if (waiting->done) return absl::OkStatus();
  }
  Lead(waiting);
  return absl::OkStatus();
}

absl::StatusOr<Outcome> CommitQueue::Execute(Command command) {
  command.request_hash = RequestHash(command);
  Waiting waiting;
  waiting.command = &command;
  if (absl::Status status = Enqueue(&waiting); !status.ok()) return status;
  return std::move(waiting.outcome);
}

absl::Status CommitQueue::Run(absl::FunctionRef<absl::Status(EdgeCore&)> work) {
  Waiting waiting;
  waiting.work = &work;
  if (absl::Status status = Enqueue(&waiting); !status.ok()) return status;
  return waiting.outcome.status();
}

Cursor CommitQueue::Head() const {
  absl::MutexLock lock(&mutex_);
  return snapshot_.head;
}

CoreSnapshot CommitQueue::Snapshot() const {
  absl::MutexLock lock(&mutex_);
  return snapshot_;
}

std::string CommitQueue::TillOf(absl::string_view key_hash) const {
  absl::MutexLock lock(&mutex_);
  const auto it = snapshot_.till_of_key_hash.find(key_hash);
  return it == snapshot_.till_of_key_hash.end() ? "" : it->second;
}

size_t CommitQueue::Waiters() const {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

void CommitQueue::AwaitCrowd() {
  const absl::Duration deadline = clock_->MonotonicNow() + kCrowdWait;
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (queue_.size() >= crowd_ || stopping_) return;
    }
    if (clock_->MonotonicNow() >= deadline) return;
    std::this_thread::yield();
  }
}

std::vector<CommitQueue::Waiting*> CommitQueue::TakeBatch() {
  std::vector<Waiting*> batch;
  while (!queue_.empty() && batch.size() < kBatchMax) {
    if (queue_.front()->work != nullptr && !batch.empty()) break;
    batch.push_back(queue_.front());
    queue_.pop_front();
    if (batch.back()->work != nullptr) break;
  }
  return batch;
}

// `leader` is the first in the queue.
void CommitQueue::Lead(Waiting* leader) noexcept {
  AwaitCrowd();
  std::vector<Waiting*> batch;
  {
    absl::MutexLock lock(&mutex_);
    batch = TakeBatch();
  }
  std::vector<absl::StatusOr<Outcome>> outcomes = RunBatch(batch);
  const bool broken = core_->broken();
  const absl::Status why = outcomes[0].status();
  for (size_t i = 0; i < batch.size(); ++i) {
    batch[i]->outcome = std::move(outcomes[i]);
    batch[i]->done = true;
  }
  {
    absl::MutexLock lock(&mutex_);
    if (!broken) Publish();  // else nobody knows what is on the disk
    broken_ = broken;
    crowd_ = batch.size() + queue_.size();
    if (broken) FailAll(&batch);
  }
  if (!broken && options_.on_committed) options_.on_committed();
  if (broken && options_.on_broken) options_.on_broken(why);
  Waiting* next = nullptr;
  {
    absl::MutexLock lock(&mutex_);
    if (!queue_.empty()) next = queue_.front();
    led_ = next != nullptr;
  }
  // From here on the queue may be gone; those who wait are not.
  if (next != nullptr) next->woken.Notify();
  for (Waiting* waiting : batch) {
    if (waiting != leader) waiting->woken.Notify();
  }
}

void CommitQueue::FailAll(std::vector<Waiting*>* batch) {
  for (Waiting* waiting : queue_) {
    waiting->outcome = Broken();
    waiting->done = true;
    batch->push_back(waiting);
  }
  queue_.clear();
}

std::vector<absl::StatusOr<Outcome>> CommitQueue::RunBatch(
    const std::vector<Waiting*>& batch) {
  std::vector<absl::StatusOr<Outcome>> outcomes;
  if (batch[0]->work != nullptr) {
    const absl::Status status = (*batch[0]->work)(*core_);
    if (status.ok()) {
      outcomes.emplace_back(Outcome());
    } else {
      outcomes.emplace_back(status);
    }
    return outcomes;
  }
  const absl::Duration start = clock_->MonotonicNow();
  std::vector<Command> commands;
  commands.reserve(batch.size());
  for (const Waiting* waiting : batch) {
    commands.push_back(std::move(*waiting->command));
  }
  outcomes = core_->Execute(commands);
  if (options_.observe) {
    options_.observe(clock_->MonotonicNow() - start, batch.size());
  }
  return outcomes;
}

void CommitQueue::Publish() {
  const EdgeState& state = core_->state();
  snapshot_.head = state.head;
  snapshot_.open_date = state.open_date;
  snapshot_.sealed_date = state.sealed_date;
  snapshot_.pulls = state.pulls;
  snapshot_.stopped_why = state.stopped_why();
  for (const auto& [till, count] : state.receipts) {
    snapshot_.receipts[till] = count;
  }
  if (pairings_ == state.pairings) return;
  pairings_ = state.pairings;
  snapshot_.till_of_key_hash.clear();
  snapshot_.receipts = state.receipts;
  for (const auto& [till, hash] : state.key_hash) {
    snapshot_.till_of_key_hash[hash] = till;
    snapshot_.receipts.emplace(till, 0);
  }
}

}  // namespace branchline
