#include "edge/commit/commit_queue.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace branchline {

CommitQueue::CommitQueue(EdgeCore* core, const Clock* clock, Options options)
    : core_(core), clock_(clock), options_(std::move(options)) {
  Publish();
  thread_ = std::thread([this] { Loop(); });
}

CommitQueue::~CommitQueue() { Stop(); }

void CommitQueue::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

absl::Status CommitQueue::Enqueue(Waiting* waiting) {
  absl::MutexLock lock(&mutex_);
  if (broken_) {
    return absl::UnavailableError(
        "a write to the disk failed and this node is stopping; nothing was "
        "committed. Ask again with the same command id when it is back");
  }
  if (stopping_) {
    return absl::UnavailableError(
        "this node is stopping; ask again with the same command id");
  }
  if (queue_.size() >= kWaitingMax) {
    return absl::UnavailableError(
        absl::StrCat(kWaitingMax,
                     " commands wait for the disk already; ask "
                     "again with the same command id"));
  }
  queue_.push_back(waiting);
  const auto done = [waiting] { return waiting->done; };
  mutex_.Await(absl::Condition(&done));
  return absl::OkStatus();
}

absl::StatusOr<Outcome> CommitQueue::Execute(Command command) {
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

void CommitQueue::Loop() {
  while (true) {
    std::vector<Waiting*> batch;
    {
      absl::MutexLock lock(&mutex_);
      const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || !queue_.empty();
      };
      mutex_.Await(absl::Condition(&ready));
      if (queue_.empty()) return;  // stopping, and nothing waits
      // Commands up to the next piece of work, or that work alone.
      while (!queue_.empty() && batch.size() < kBatchMax) {
        if (queue_.front()->work != nullptr && !batch.empty()) break;
        batch.push_back(queue_.front());
        queue_.pop_front();
        if (batch.back()->work != nullptr) break;
      }
    }
    RunBatch(batch);
  }
}

void CommitQueue::RunBatch(const std::vector<Waiting*>& batch) {
  const absl::Duration start = clock_->MonotonicNow();
  std::vector<absl::StatusOr<Outcome>> outcomes;
  if (batch[0]->work != nullptr) {
    const absl::Status status = (*batch[0]->work)(*core_);
    if (status.ok()) {
      outcomes.push_back(Outcome());
    } else {
      outcomes.push_back(status);
    }
  } else {
    std::vector<Command> commands;
    commands.reserve(batch.size());
    for (const Waiting* waiting : batch) commands.push_back(*waiting->command);
    outcomes = core_->Execute(commands);
    if (options_.observe) {
      options_.observe(clock_->MonotonicNow() - start, batch.size());
    }
  }
  const bool broken = core_->broken();
  const absl::Status why = outcomes[0].status();
  Publish();
  {
    absl::MutexLock lock(&mutex_);
    for (size_t i = 0; i < batch.size(); ++i) {
      batch[i]->outcome = std::move(outcomes[i]);
      batch[i]->done = true;
    }
    if (broken && !broken_) {
      broken_ = true;
      for (Waiting* waiting : queue_) {
        waiting->outcome = absl::UnavailableError(
            "a write to the disk failed and this node is stopping");
        waiting->done = true;
      }
      queue_.clear();
    }
  }
  if (broken && options_.on_broken) options_.on_broken(why);
  if (!broken && options_.on_committed) options_.on_committed();
}

void CommitQueue::Publish() {
  const EdgeState& state = core_->state();
  CoreSnapshot next;
  next.head = state.head;
  next.open_date = state.open_date;
  next.sealed_date = state.sealed_date;
  for (const auto& [till, hash] : state.key_hash) {
    next.till_of_key_hash[hash] = till;
    next.receipts[till] = 0;
  }
  for (const auto& [till, count] : state.receipts) next.receipts[till] = count;
  next.pulls = state.pulls;
  next.stopped_why = state.stopped_why();
  absl::MutexLock lock(&mutex_);
  snapshot_ = std::move(next);
}

}  // namespace branchline
