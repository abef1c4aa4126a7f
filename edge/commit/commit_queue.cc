#include "edge/commit/commit_queue.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "edge/commit/request_hash.h"

namespace branchline {
namespace {

constexpr absl::Duration kFoldEvery = absl::Milliseconds(20);

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
  absl::Notification woken;  // the outcome stands
};

CommitQueue::CommitQueue(EdgeCore* core, const Clock* clock, Options options)
    : core_(core), clock_(clock), options_(std::move(options)) {
  Published now = StateOf(*core_);
  absl::MutexLock lock(&mutex_);
  Publish(std::move(now));
  leader_ = std::thread([this] { LeadOn(); });
  folder_ = std::thread([this] { FoldOn(); });
}

CommitQueue::~CommitQueue() {
  Stop();
  leader_.join();
  folder_.join();
}

void CommitQueue::LeadOn() {
  const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return to_lead_ || (stopping_ && Idle());
  };
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&due));
      if (!to_lead_) return;
    }
    Lead(nullptr);
  }
}

void CommitQueue::FoldOn() {
  const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return to_fold_ || (stopping_ && Idle());
  };
  const auto now = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return fold_now_ || stopping_;
  };
  absl::MutexLock lock(&mutex_);
  while (true) {
    mutex_.Await(absl::Condition(&due));
    if (!std::exchange(to_fold_, false)) break;
    // Not at every sale: to wake a thread takes the till longer than to fold.
    mutex_.AwaitWithTimeout(absl::Condition(&now), kFoldEvery);
    fold_now_ = false;
    mutex_.Unlock();
    core_->books().Settle();
    mutex_.Lock();
  }
  folding_ = false;
}

void CommitQueue::Stop() {
  absl::MutexLock lock(&mutex_);
  stopping_ = true;
  const auto over = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return Idle() && !folding_;
  };
  mutex_.Await(absl::Condition(&over));
}

bool CommitQueue::Idle() const { return !led_ && answering_ == 0; }

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
  if (leads) {
    Lead(waiting);
  } else {
    waiting->woken.WaitForNotification();
  }
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
  const auto it = snapshot_.till_of_key_hash->find(key_hash);
  return it == snapshot_.till_of_key_hash->end() ? "" : it->second;
}

bool CommitQueue::broken() const {
  absl::MutexLock lock(&mutex_);
  return broken_;
}

size_t CommitQueue::Waiters() const {
  absl::MutexLock lock(&mutex_);
  return queue_.size();
}

CommitQueue::Waiting* CommitQueue::Take(const std::vector<Waiting*>& batch) {
  absl::MutexLock lock(&mutex_);
  if (queue_.empty() || batch.size() == kBatchMax) {
    // Several tills: what they sold before is folded while this is synced.
    fold_now_ |= batch.size() > 1;
    return nullptr;
  }
  Waiting* const next = queue_.front();
  // Work goes alone; it asks for no next one.
  if (next->work != nullptr && !batch.empty()) return nullptr;
  queue_.pop_front();
  return next;
}

void CommitQueue::Lead(const Waiting* self) noexcept {
  std::vector<Waiting*> batch = {Take({})};
  Batch done = RunBatch(&batch);
  {
    absl::MutexLock lock(&mutex_);
    if (done.broken) {
      broken_ = true;
      batch.insert(batch.end(), queue_.begin(), queue_.end());
      queue_.clear();
    } else {
      Publish(std::move(done.state));
      to_fold_ = true;
    }
    ++answering_;
    if (self != nullptr) HandOver();
  }
  const absl::Status first = done.outcomes[0].status();
  for (size_t i = 0; i < batch.size(); ++i) {
    // What came meanwhile was not tried.
    batch[i]->outcome =
        i < done.outcomes.size() ? std::move(done.outcomes[i]) : Broken();
  }
  if (!done.broken && options_.on_committed) options_.on_committed();
  if (done.broken && options_.on_broken) {
    options_.on_broken(first.ok() ? Broken() : first);
  }
  {
    absl::MutexLock lock(&mutex_);
    --answering_;
  }
  // From here on the queue may be gone, but for its own threads; those who wait
  // are not.
  for (Waiting* waiting : batch) {
    if (waiting != self) waiting->woken.Notify();
  }
  if (self != nullptr) return;
  // Who was answered and asks again at once finds the lead taken, and so goes
  // with the others, not before them alone.
  absl::MutexLock lock(&mutex_);
  HandOver();
}

void CommitQueue::HandOver() { led_ = to_lead_ = !queue_.empty(); }

CommitQueue::Batch CommitQueue::RunBatch(std::vector<Waiting*>* batch) {
  Batch done;
  const Waiting& first = *batch->front();
  if (first.work != nullptr) {
    const absl::Status status = (*first.work)(*core_);
    if (status.ok()) {
      done.outcomes.emplace_back(Outcome());
    } else {
      done.outcomes.emplace_back(status);
    }
  } else {
    const absl::Duration start = clock_->MonotonicNow();
    size_t given = 0;
    // What comes while others are decided goes to the disk with them.
    done.outcomes = core_->ExecuteAsTheyCome([&]() -> const Command* {
      if (given == batch->size()) {
        Waiting* const next = Take(*batch);
        if (next == nullptr) return nullptr;
        batch->push_back(next);
      }
      return (*batch)[given++]->command;
    });
    if (options_.observe) {
      options_.observe(clock_->MonotonicNow() - start, batch->size());
    }
  }
  done.broken = core_->broken();
  if (!done.broken) done.state = StateOf(*core_);
  return done;
}

CommitQueue::Published CommitQueue::StateOf(const EdgeCore& core) {
  const EdgeState& state = core.state();
  Published published;
  published.head = state.head;
  published.open_date = state.open_date;
  published.sealed_date = state.sealed_date;
  published.pulls = state.pulls;
  published.stopped_why = state.stopped_why();
  published.receipts = state.receipts;
  if (pairings_ != state.pairings) {
    pairings_ = state.pairings;
    Tills tills;
    for (const auto& [till, hash] : state.key_hash) tills[hash] = till;
    tills_ = std::make_shared<const Tills>(std::move(tills));
  }
  published.tills = tills_;
  return published;
}

void CommitQueue::Publish(Published now) {
  snapshot_.head = std::move(now.head);
  snapshot_.open_date = now.open_date;
  snapshot_.sealed_date = now.sealed_date;
  snapshot_.pulls = now.pulls;
  snapshot_.stopped_why = std::move(now.stopped_why);
  snapshot_.till_of_key_hash = std::move(now.tills);
  snapshot_.receipts = std::move(now.receipts);
  for (const auto& [hash, till] : *snapshot_.till_of_key_hash) {
    snapshot_.receipts.try_emplace(till, 0);
  }
}

}  // namespace branchline
