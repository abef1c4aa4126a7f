#include "tests/sync/replication/fake_hub.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sync/base/status_macros.h"
#include "sync/replication/position.h"
#include "sync/replication/refusal.h"

namespace branchline {

void FakeHub::AddBranch(const std::string& branch) {
  absl::MutexLock lock(&mutex_);
  branches_[branch];
}

void FakeHub::SetState(const std::string& branch, BranchState state) {
  {
    absl::MutexLock lock(&mutex_);
    branches_[branch].state = state;
  }
  Changed();
}

void FakeHub::OpenEpoch(const std::string& branch, uint64_t epoch) {
  {
    absl::MutexLock lock(&mutex_);
    branches_[branch].epoch = epoch;
  }
  Changed();
}

void FakeHub::SetCredit(uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  credit_bytes_ = bytes;
}

FakeHub::Branch FakeHub::Image(const std::string& branch) const {
  absl::MutexLock lock(&mutex_);
  return branches_.at(branch);
}

void FakeHub::Restore(const std::string& branch, const Branch& image) {
  absl::MutexLock lock(&mutex_);
  branches_[branch] = image;
}

Cursor FakeHub::HeldOf(const std::string& branch) const {
  absl::MutexLock lock(&mutex_);
  return branches_.at(branch).journal.head();
}

void FakeHub::Publish(const std::string& stream, int count,
                      size_t payload_bytes) {
  {
    absl::MutexLock lock(&mutex_);
    for (int i = 0; i < count; ++i) {
      streams_[stream].journal.Append('d', 1, payload_bytes);
    }
  }
  Changed();
}

void FakeHub::Fold(const std::string& stream, uint64_t chunks) {
  absl::MutexLock lock(&mutex_);
  Stream& folded = streams_[stream];
  const Cursor head = folded.journal.head();
  folded.journal = FakeJournal();
  folded.journal.StartAt(head);
  folded.snapshot_chunks = chunks;
}

void FakeHub::CutStream(const std::string& stream, size_t size) {
  absl::MutexLock lock(&mutex_);
  streams_[stream].journal.Truncate(size);
}

Cursor FakeHub::StreamEnd(const std::string& stream) const {
  absl::MutexLock lock(&mutex_);
  return streams_.at(stream).journal.head();
}

void FakeHub::Hold(bool hold) {
  absl::MutexLock lock(&mutex_);
  hold_ = hold;
}

void FakeHub::ReleaseAll() {
  std::deque<std::function<void()>> held;
  {
    absl::MutexLock lock(&mutex_);
    held.swap(held_);
  }
  for (const auto& take : held) take();
}

void FakeHub::StopFeed(bool stop) {
  {
    absl::MutexLock lock(&mutex_);
    feed_stops_ = stop;
  }
  Changed();
}

void FakeHub::FailTakeWith(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  take_error_ = std::move(status);
}

int FakeHub::lines_down() const {
  absl::MutexLock lock(&mutex_);
  return lines_down_;
}

int FakeHub::welcomes() const {
  absl::MutexLock lock(&mutex_);
  return welcomes_;
}

std::optional<v1::Refused> FakeHub::WhyNot(const PeerIdentity& peer) {
  const auto it = branches_.find(peer.branch);
  if (it == branches_.end()) {
    return MakeRefused(v1::REFUSAL_CODE_UNKNOWN_BRANCH,
                       absl::StrCat("this hub has no branch ", peer.branch,
                                    ": is it the right hub?"));
  }
  if (it->second.state == BranchState::kRetired) {
    return MakeRefused(v1::REFUSAL_CODE_BRANCH_RETIRED,
                       absl::StrCat("branch ", peer.branch, " was retired"));
  }
  if (it->second.state == BranchState::kFenced) {
    return MakeRefused(v1::REFUSAL_CODE_BRANCH_FENCED,
                       absl::StrCat("branch ", peer.branch, " is fenced"));
  }
  if (peer.epoch < it->second.epoch) {
    return MakeRefused(
        v1::REFUSAL_CODE_OLD_EPOCH,
        absl::StrFormat("epoch %d of branch %s was sealed, it is in epoch %d "
                        "now: another box took its place",
                        peer.epoch, peer.branch, it->second.epoch));
  }
  return std::nullopt;
}

std::vector<uint64_t> FakeHub::greetings_at_open() const {
  absl::MutexLock lock(&mutex_);
  return greetings_at_open_;
}

absl::StatusOr<uint64_t> FakeHub::GreetingsTaken(const PeerIdentity&) {
  absl::MutexLock lock(&mutex_);
  return static_cast<uint64_t>(welcomes_);
}

absl::StatusOr<HubPort::Greeting> FakeHub::Greet(const PeerIdentity& peer,
                                                 uint64_t greetings_at_open,
                                                 const v1::Hello& hello) {
  absl::MutexLock lock(&mutex_);
  greetings_at_open_.push_back(greetings_at_open);
  if (auto refused = WhyNot(peer)) return Greeting(*std::move(refused));
  Branch& branch = branches_[peer.branch];
  const std::string& secret = hello.session_secret();
  if (!branch.confirmed_secret.empty() && secret != branch.confirmed_secret &&
      secret != branch.offered_secret) {
    branch.state = BranchState::kFenced;
    return Greeting(MakeRefused(
        v1::REFUSAL_CODE_CLONE,
        "the box greets with a secret of an older session: two boxes run as "
        "this branch. The branch is fenced until one of them is chosen"));
  }
  branch.offered_secret = absl::StrCat("secret-", ++secrets_made_);
  ++welcomes_;
  v1::Welcome welcome;
  *welcome.mutable_cursor() = PositionOf(branch.journal.head());
  welcome.set_offered_secret(branch.offered_secret);
  welcome.set_credit_bytes(credit_bytes_);
  for (const v1::StreamCursor& head : Heads()) *welcome.add_heads() = head;
  return Greeting(welcome);
}

void FakeHub::Take(const PeerIdentity& peer, v1::Push push,
                   std::function<void(absl::StatusOr<Taken>)> done) {
  auto take = [this, peer, push = std::move(push), done = std::move(done)] {
    absl::StatusOr<Taken> taken;
    {
      absl::MutexLock lock(&mutex_);
      taken = TakeNow(peer, push);
    }
    done(std::move(taken));
  };
  {
    absl::MutexLock lock(&mutex_);
    if (hold_) {
      held_.push_back(std::move(take));
      return;
    }
  }
  take();
}

absl::StatusOr<HubPort::Taken> FakeHub::TakeNow(const PeerIdentity& peer,
                                                const v1::Push& push) {
  BL_RETURN_IF_ERROR(take_error_);
  if (auto refused = WhyNot(peer)) return Taken(*std::move(refused));
  FakeJournal& journal = branches_[peer.branch].journal;
  for (const std::string& bytes : push.records()) {
    v1::Record record;
    if (!record.ParseFromString(bytes)) {
      return Taken(MakeRefused(v1::REFUSAL_CODE_BAD_RECORD, "not a record"));
    }
    const Cursor at{record.epoch(), record.seq(), record.hash()};
    const Cursor head = journal.head();
    const absl::StatusOr<std::string> known = journal.HashAt(at.epoch, at.seq);
    if (known.ok() && *known == at.hash) continue;
    const uint64_t next = at.epoch == head.epoch ? head.seq + 1 : 1;
    if (!known.ok() && at.seq > next) {
      return Taken(MakeRefused(
          v1::REFUSAL_CODE_GAP,
          absl::StrFormat("the push starts at %d, next entry here is %d",
                          at.seq, next),
          head, at));
    }
    if (known.ok() || record.prev_hash() != head.hash) {
      return Taken(MakeRefused(v1::REFUSAL_CODE_FORK,
                               absl::StrCat("the box sends ", ToText(at),
                                            " on top of another past "
                                            "than ",
                                            ToText(head)),
                               head, at));
    }
    journal.AppendBytes(bytes);
  }
  v1::Ack ack;
  *ack.mutable_at() = PositionOf(journal.head());
  ack.set_signature("hub");
  return Taken(ack);
}

absl::Status FakeHub::ConfirmSecret(const PeerIdentity& peer,
                                    absl::string_view secret) {
  absl::MutexLock lock(&mutex_);
  Branch& branch = branches_[peer.branch];
  if (secret == branch.offered_secret) {
    branch.confirmed_secret = std::string(secret);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::StreamCursor>> FakeHub::StreamsFor(
    const PeerIdentity&) {
  absl::MutexLock lock(&mutex_);
  return Heads();
}

std::vector<v1::StreamCursor> FakeHub::Heads() const {
  std::vector<v1::StreamCursor> cursors;
  for (const auto& [name, stream] : streams_) {
    cursors.emplace_back().set_stream(name);
    *cursors.back().mutable_at() = PositionOf(stream.journal.head());
  }
  return cursors;
}

absl::StatusOr<std::vector<v1::HubFrame>> FakeHub::ReadStream(
    const PeerIdentity&, absl::string_view name, const FollowerPlace& after,
    size_t bytes_max) {
  absl::MutexLock lock(&mutex_);
  const Stream& stream = streams_.at(std::string(name));
  std::vector<v1::HubFrame> frames;
  if (feed_stops_) return frames;
  if (after.at.IsBefore(stream.journal.base())) {
    // Two chunks at a time, so that a test sees where it goes on.
    const uint64_t first = after.snapshot_at.has_value() ? after.chunk_next : 0;
    for (uint64_t i = first; i < stream.snapshot_chunks && i < first + 2; ++i) {
      v1::SnapshotChunk* chunk = frames.emplace_back().mutable_snapshot();
      chunk->set_stream(std::string(name));
      *chunk->mutable_at() = PositionOf(stream.journal.base());
      chunk->set_index(i);
      chunk->set_last(i + 1 == stream.snapshot_chunks);
    }
    return frames;
  }
  std::vector<std::string> records =
      stream.journal.ReadAfter(after.at, bytes_max);
  if (records.empty()) return frames;
  v1::StreamRecords* sent = frames.emplace_back().mutable_records();
  sent->set_stream(std::string(name));
  for (std::string& record : records) sent->add_records(std::move(record));
  return frames;
}

absl::StatusOr<v1::FetchJournalChunk> FakeHub::ReadJournal(
    const PeerIdentity& peer, absl::string_view branch, const Cursor& after,
    size_t bytes_max) {
  if (branch != peer.branch) {
    return absl::PermissionDeniedError(absl::StrFormat(
        "branch %s asks for the journal of %s", peer.branch, branch));
  }
  absl::MutexLock lock(&mutex_);
  v1::FetchJournalChunk chunk;
  for (std::string& record :
       branches_[peer.branch].journal.ReadAfter(after, bytes_max)) {
    chunk.add_records(std::move(record));
  }
  return chunk;
}

absl::Status FakeHub::TakeBack(const PeerIdentity&,
                               const v1::ReturnedRecords& records) {
  absl::MutexLock lock(&mutex_);
  FakeJournal& journal = streams_[records.stream()].journal;
  for (const std::string& record : records.records()) {
    if (!v1::Record().ParseFromString(record)) {
      return absl::InvalidArgumentError("what came back is not a record");
    }
    journal.AppendBytes(record);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::variant<std::monostate, v1::Refused>> FakeHub::CheckLive(
    const PeerIdentity& peer) {
  absl::MutexLock lock(&mutex_);
  std::variant<std::monostate, v1::Refused> live;
  if (auto refused = WhyNot(peer)) live = *std::move(refused);
  return live;
}

void FakeHub::OnLineDown(const PeerIdentity&) {
  absl::MutexLock lock(&mutex_);
  ++lines_down_;
}

void FakeHub::SetChangeListener(std::function<void()> changed) {
  absl::MutexLock lock(&listener_mutex_);
  changed_ = std::move(changed);
}

void FakeHub::Changed() {
  absl::MutexLock lock(&listener_mutex_);
  if (changed_) changed_();
}

}  // namespace branchline
