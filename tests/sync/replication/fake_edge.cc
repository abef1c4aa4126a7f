#include "tests/sync/replication/fake_edge.h"

#include "absl/strings/str_format.h"
#include "sync/base/status_macros.h"
#include "sync/replication/position.h"

namespace branchline {

void FakeEdge::Sell(int count, size_t payload_bytes) {
  absl::MutexLock lock(&mutex_);
  for (int i = 0; i < count; ++i) {
    disk_.journal.Append(box_, epoch_, payload_bytes);
  }
}

void FakeEdge::SetBox(char box) {
  absl::MutexLock lock(&mutex_);
  box_ = box;
}

void FakeEdge::OpenEpoch(uint64_t epoch) {
  absl::MutexLock lock(&mutex_);
  epoch_ = epoch;
}

FakeEdge::Disk FakeEdge::Image() const {
  absl::MutexLock lock(&mutex_);
  return disk_;
}

void FakeEdge::Restore(const Disk& disk) {
  absl::MutexLock lock(&mutex_);
  disk_ = disk;
}

Cursor FakeEdge::PulledOf(const std::string& stream) const {
  absl::MutexLock lock(&mutex_);
  const auto it = disk_.pulled.find(stream);
  return it == disk_.pulled.end() ? Cursor{} : it->second.head();
}

Cursor FakeEdge::StoredAck() const {
  absl::MutexLock lock(&mutex_);
  return CursorFromPeer(disk_.last_ack.at(), "the stored ack").value();
}

std::vector<v1::RefusalCode> FakeEdge::refusals() const {
  absl::MutexLock lock(&mutex_);
  return refusals_;
}

int FakeEdge::welcomes() const {
  absl::MutexLock lock(&mutex_);
  return welcomes_;
}

void FakeEdge::FailTakeWith(absl::Status status) {
  absl::MutexLock lock(&mutex_);
  take_error_ = std::move(status);
}

absl::StatusOr<v1::Hello> FakeEdge::MakeHello() {
  absl::MutexLock lock(&mutex_);
  v1::Hello hello;
  hello.set_branch(branch_);
  *hello.mutable_head() = PositionOf(disk_.journal.head());
  for (const auto& [stream, journal] : disk_.pulled) {
    v1::StreamCursor* cursor = hello.add_pulled();
    cursor->set_stream(stream);
    *cursor->mutable_at() = PositionOf(journal.head());
  }
  *hello.mutable_last_ack() = disk_.last_ack;
  hello.set_session_secret(disk_.secret);
  return hello;
}

Cursor FakeEdge::Head() const {
  absl::MutexLock lock(&mutex_);
  return disk_.journal.head();
}

absl::StatusOr<std::string> FakeEdge::HashAt(uint64_t epoch, uint64_t seq) {
  absl::MutexLock lock(&mutex_);
  return disk_.journal.HashAt(epoch, seq);
}

absl::StatusOr<v1::Push> FakeEdge::ReadPush(const Cursor& after,
                                            size_t bytes_max) {
  absl::MutexLock lock(&mutex_);
  v1::Push push;
  for (std::string& record : disk_.journal.ReadAfter(after, bytes_max)) {
    const Cursor end = CursorOfBytes(record);
    push.mutable_checkpoint()->set_epoch(end.epoch);
    push.mutable_checkpoint()->set_seq(end.seq);
    push.mutable_checkpoint()->set_hash(end.hash);
    push.add_records(std::move(record));
  }
  return push;
}

absl::Status FakeEdge::StoreAck(const v1::Ack& ack) {
  absl::MutexLock lock(&mutex_);
  if (ack.signature() != "hub") {
    return absl::UnauthenticatedError("the ack is not signed by our hub");
  }
  disk_.last_ack = ack;
  return absl::OkStatus();
}

absl::Status FakeEdge::StoreSecret(absl::string_view secret) {
  absl::MutexLock lock(&mutex_);
  disk_.secret = std::string(secret);
  return absl::OkStatus();
}

absl::Status FakeEdge::TakeRecords(const v1::StreamRecords& records) {
  absl::MutexLock lock(&mutex_);
  BL_RETURN_IF_ERROR(take_error_);
  FakeJournal& journal = disk_.pulled[records.stream()];
  for (const std::string& record : records.records()) {
    const Cursor at = CursorOfBytes(record);
    const Cursor head = journal.head();
    if (!head.IsBefore(at)) continue;
    if (at.epoch == head.epoch && at.seq != head.seq + 1) {
      return absl::OutOfRangeError(
          absl::StrFormat("%s ends at %s, the hub sent %s", records.stream(),
                          ToText(head), ToText(at)));
    }
    journal.AppendBytes(record);
  }
  return absl::OkStatus();
}

absl::Status FakeEdge::TakeSnapshot(const v1::SnapshotChunk& chunk) {
  absl::MutexLock lock(&mutex_);
  BL_RETURN_IF_ERROR(take_error_);
  uint64_t& next = disk_.snapshot_chunks[chunk.stream()];
  if (chunk.index() == 0) next = 0;
  if (chunk.index() != next) {
    return absl::OutOfRangeError(absl::StrFormat(
        "chunk %d of %s, want chunk %d", chunk.index(), chunk.stream(), next));
  }
  ++next;
  if (chunk.last()) {
    BL_ASSIGN_OR_RETURN(const Cursor at,
                        CursorFromPeer(chunk.at(), "the snapshot"));
    FakeJournal joined;
    joined.StartAt(at);
    disk_.pulled[chunk.stream()] = joined;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::StreamCursor>> FakeEdge::Pulled() {
  absl::MutexLock lock(&mutex_);
  std::vector<v1::StreamCursor> cursors;
  for (const auto& [stream, journal] : disk_.pulled) {
    cursors.emplace_back().set_stream(stream);
    *cursors.back().mutable_at() = PositionOf(journal.head());
  }
  return cursors;
}

absl::StatusOr<v1::ReturnedRecords> FakeEdge::ReadBack(const v1::WantBack& want,
                                                       size_t bytes_max) {
  absl::MutexLock lock(&mutex_);
  BL_ASSIGN_OR_RETURN(const Cursor after,
                      CursorFromPeer(want.after(), "the wish"));
  const FakeJournal& journal = disk_.pulled[want.stream()];
  v1::ReturnedRecords returned;
  returned.set_stream(want.stream());
  Cursor end = after;
  // In pieces of two, so that a test sees the hub ask again.
  for (std::string& record : journal.ReadAfter(after, bytes_max)) {
    if (returned.records_size() == 2) break;
    end = CursorOfBytes(record);
    returned.add_records(std::move(record));
  }
  returned.set_end(end.SamePlace(journal.head()));
  return returned;
}

void FakeEdge::OnWelcome(const v1::Welcome&) {
  absl::MutexLock lock(&mutex_);
  ++welcomes_;
}

void FakeEdge::OnRefused(const v1::Refused& refused) {
  absl::MutexLock lock(&mutex_);
  refusals_.push_back(refused.code());
}

}  // namespace branchline
