#include "hub/intake/intake_queue.h"

#include <utility>

#include "sync/base/status_macros.h"

namespace branchline {

IntakeQueue::IntakeQueue(const IntakeCore* core,
                         std::function<void(const absl::Status&)> on_failure,
                         size_t bytes_max)
    : core_(*core),
      on_failure_(std::move(on_failure)),
      bytes_max_(bytes_max),
      committer_([this] { Run(); }) {}

IntakeQueue::~IntakeQueue() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  committer_.join();
}

IntakeQueue::Lane* IntakeQueue::FindLane(const std::string& branch) {
  absl::MutexLock lock(&mutex_);
  std::unique_ptr<Lane>& lane = lanes_[branch];
  if (lane == nullptr) lane = std::make_unique<Lane>();
  return lane.get();
}

absl::Status IntakeQueue::Reserve(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  const auto room = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return reserved_bytes_ == 0 || reserved_bytes_ + bytes <= bytes_max_ ||
           !failed_.ok();
  };
  mutex_.Await(absl::Condition(&room));
  if (!failed_.ok()) return failed_;
  reserved_bytes_ += bytes;
  return absl::OkStatus();
}

void IntakeQueue::Release(size_t bytes) {
  absl::MutexLock lock(&mutex_);
  reserved_bytes_ -= bytes;
}

void IntakeQueue::Take(const PeerIdentity& peer, v1::Push push, Done done) {
  const size_t bytes = push.ByteSizeLong();
  if (const absl::Status room = Reserve(bytes); !room.ok()) return done(room);
  Entry entry{PreparedPush(), std::move(done), FindLane(peer.branch), bytes};
  auto entered = Enter(peer, &push, &entry);
  if (entered.ok() && !entered->has_value()) return;  // in the queue
  Release(bytes);
  if (!entered.ok()) {
    if (absl::IsDataLoss(entered.status())) Fail(entered.status());
    return entry.done(std::move(entered).status());
  }
  entry.done(**std::move(entered));
}

// An answer, or nullopt once `*entry` with the push is in the queue.
absl::StatusOr<std::optional<HubPort::Taken>> IntakeQueue::Enter(
    const PeerIdentity& peer, v1::Push* push, Entry* entry) {
  Lane* const lane = entry->lane;
  // Held from reading where the branch will end to being in the queue, so that
  // the queue has a branch's pushes in the order of their records.
  absl::MutexLock lock(&lane->mutex);
  while (true) {
    std::optional<Cursor> pending;
    if (lane->in_flight > 0) pending = lane->end;
    BL_ASSIGN_OR_RETURN(IntakeCore::Outcome outcome,
                        core_.Prepare(peer, push, pending));
    if (auto* taken = std::get_if<HubPort::Taken>(&outcome)) {
      return std::optional<HubPort::Taken>(std::move(*taken));
    }
    if (auto* prepared = std::get_if<PreparedPush>(&outcome)) {
      Cursor end = prepared->end;
      entry->push = std::move(*prepared);
      BL_RETURN_IF_ERROR(Enqueue(entry));
      ++lane->in_flight;
      lane->end = std::move(end);
      return std::optional<HubPort::Taken>();
    }
    const auto settled = [lane]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(lane->mutex) {
      return lane->in_flight == 0;
    };
    lane->mutex.Await(absl::Condition(&settled));
  }
}

absl::Status IntakeQueue::Enqueue(Entry* entry) {
  absl::MutexLock lock(&mutex_);
  if (!failed_.ok()) return failed_;
  queue_.push_back(std::move(*entry));
  return absl::OkStatus();
}

void IntakeQueue::Run() {
  while (true) {
    std::vector<Entry> entries;
    {
      absl::MutexLock lock(&mutex_);
      const auto work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        return stopping_ || !queue_.empty();
      };
      mutex_.Await(absl::Condition(&work));
      if (queue_.empty()) return;
      size_t bytes = 0;
      while (!queue_.empty() && bytes < kCommitBytesMax) {
        bytes += queue_.front().push.bytes;
        entries.push_back(std::move(queue_.front()));
        queue_.pop_front();
      }
    }
    Commit(std::move(entries));
  }
}

void IntakeQueue::Commit(std::vector<Entry> entries) {
  std::vector<PreparedPush> pushes;
  pushes.reserve(entries.size());
  for (Entry& entry : entries) pushes.push_back(std::move(entry.push));
  auto acks = CommitAll(&pushes);
  for (size_t i = 0; i < entries.size(); ++i) {
    absl::StatusOr<HubPort::Taken> taken =
        acks.ok() ? Answer(std::move((*acks)[i]), std::move(pushes[i]))
                  : acks.status();
    {
      absl::MutexLock lock(&entries[i].lane->mutex);
      --entries[i].lane->in_flight;
    }
    Release(entries[i].reserved_bytes);
    entries[i].done(std::move(taken));
  }
}

absl::StatusOr<std::vector<std::optional<v1::Ack>>> IntakeQueue::CommitAll(
    std::vector<PreparedPush>* pushes) {
  {
    absl::MutexLock lock(&mutex_);
    if (!failed_.ok()) return failed_;
  }
  auto acks = core_.CommitPrepared(pushes);
  if (!acks.ok()) Fail(acks.status());
  return acks;
}

absl::StatusOr<HubPort::Taken> IntakeQueue::Answer(std::optional<v1::Ack> ack,
                                                   PreparedPush push) {
  if (ack.has_value()) return HubPort::Taken(*std::move(ack));
  // Its journal or its box changed in between. Whatever of this branch comes
  // behind it was prepared in vain too, and takes this way as well.
  const PeerIdentity peer = push.peer;
  auto taken = core_.TakeNow(peer, IntakeCore::GiveBack(std::move(push)));
  if (absl::IsDataLoss(taken.status()) ||
      absl::IsResourceExhausted(taken.status())) {
    Fail(taken.status());
  }
  return taken;
}

void IntakeQueue::Fail(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    if (!failed_.ok()) return;
    failed_ = status;
  }
  on_failure_(status);
}

}  // namespace branchline
