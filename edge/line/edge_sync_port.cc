#include "edge/line/edge_sync_port.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "sync/replication/refusal.h"

namespace branchline {

absl::StatusOr<v1::Hello> EdgeSyncPort::MakeHello() {
  v1::Hello hello;
  hello.set_branch(core_.identity().node.branch());
  *hello.mutable_head() = ToProto(Head());
  BL_ASSIGN_OR_RETURN(const auto pulled, Pulled());
  for (const v1::StreamCursor& cursor : pulled) *hello.add_pulled() = cursor;
  BL_ASSIGN_OR_RETURN(const auto ack,
                      core_.store().Get(Table::kJournal, kAckKey));
  if (ack.has_value() && !hello.mutable_last_ack()->ParseFromString(*ack)) {
    return absl::DataLossError("the last ack in the journal is damaged");
  }
  BL_ASSIGN_OR_RETURN(const auto secret,
                      core_.store().Get(Table::kJournal, kSecretKey));
  if (secret.has_value()) hello.set_session_secret(*secret);
  hello.set_now_unix_micros(absl::ToUnixMicros(clock_.WallNow()));
  hello.set_version(version_);
  return hello;
}

absl::StatusOr<std::string> EdgeSyncPort::HashAt(uint64_t epoch, uint64_t seq) {
  if (seq > 0) {
    BL_ASSIGN_OR_RETURN(const v1::Record record,
                        ReadRecord(core_.store(), core_.stream(), epoch, seq));
    return record.hash();
  }
  if (epoch <= 1) return std::string(kHashSize, '\0');
  BL_ASSIGN_OR_RETURN(const v1::Record first,
                      ReadRecord(core_.store(), core_.stream(), epoch, 1));
  return first.prev_hash();
}

absl::StatusOr<v1::Push> EdgeSyncPort::ReadPush(const Cursor& after,
                                                size_t bytes_max) {
  v1::Push push;
  BL_ASSIGN_OR_RETURN(
      auto records, ReadAfter(core_.store(), core_.stream(), after, bytes_max));
  if (records.empty()) return push;
  v1::Record last;
  if (!last.ParseFromString(records.back())) {
    return absl::DataLossError("a record of the journal is damaged");
  }
  // Not what is being synced just now.
  const Cursor head = Head();
  while (!records.empty() && head.IsBefore(CursorOf(last))) {
    records.pop_back();
    if (!records.empty() && !last.ParseFromString(records.back())) {
      return absl::DataLossError("a record of the journal is damaged");
    }
  }
  if (records.empty()) return push;
  for (std::string& record : records) push.add_records(std::move(record));
  v1::Checkpoint* checkpoint = push.mutable_checkpoint();
  checkpoint->set_epoch(last.epoch());
  checkpoint->set_seq(last.seq());
  checkpoint->set_hash(last.hash());
  checkpoint->set_signature(core_.identity().journal_key.Sign(
      kCheckpointPurpose, CheckpointBytes(core_.stream(), *checkpoint)));
  return push;
}

absl::Status EdgeSyncPort::StoreAck(const v1::Ack& ack) {
  Touch();
  return committer_.Run([&](EdgeCore& core) { return core.StoreAck(ack); });
}

absl::Status EdgeSyncPort::StoreSecret(absl::string_view secret) {
  return committer_.Run(
      [&](EdgeCore& core) { return core.StoreSecret(secret); });
}

absl::Status EdgeSyncPort::TakeRecords(const v1::StreamRecords& records) {
  Touch();
  return committer_.Run(
      [&](EdgeCore& core) { return core.TakeRecords(records); });
}

absl::Status EdgeSyncPort::TakeSnapshot(const v1::SnapshotChunk& chunk) {
  Touch();
  return committer_.Run(
      [&](EdgeCore& core) { return core.TakeSnapshot(chunk); });
}

absl::StatusOr<std::vector<v1::StreamCursor>> EdgeSyncPort::Pulled() {
  std::vector<v1::StreamCursor> cursors;
  BL_ASSIGN_OR_RETURN(const auto streams, ListStreams(core_.store()));
  for (const std::string& stream : streams) {
    if (stream == core_.stream()) continue;
    BL_ASSIGN_OR_RETURN(const Cursor at, ReadHead(core_.store(), stream));
    v1::StreamCursor cursor;
    cursor.set_stream(stream);
    *cursor.mutable_at() = ToProto(at);
    cursors.push_back(std::move(cursor));
  }
  return cursors;
}

absl::StatusOr<v1::ReturnedRecords> EdgeSyncPort::ReadBack(
    const v1::WantBack& want, size_t bytes_max) {
  v1::ReturnedRecords back;
  back.set_stream(want.stream());
  if (absl::StartsWith(want.stream(), "edge:")) {
    return absl::InvalidArgumentError(
        absl::StrCat("the hub asks back ", want.stream(),
                     ", which is not one of its own streams"));
  }
  BL_ASSIGN_OR_RETURN(auto records,
                      ReadAfter(core_.store(), want.stream(),
                                FromProto(want.after()), bytes_max));
  // Up to the last record that the hub's own checkpoint signs.
  while (!records.empty()) {
    v1::Record last;
    if (!last.ParseFromString(records.back())) {
      return absl::DataLossError(
          absl::StrCat("a record of ", want.stream(), " is damaged"));
    }
    BL_ASSIGN_OR_RETURN(
        const auto checkpoint,
        core_.store().Get(
            Table::kJournal,
            CheckpointKey(want.stream(), last.epoch(), last.seq())));
    if (checkpoint.has_value() &&
        back.mutable_checkpoint()->ParseFromString(*checkpoint)) {
      break;
    }
    records.pop_back();
  }
  BL_ASSIGN_OR_RETURN(const Cursor head,
                      ReadHead(core_.store(), want.stream()));
  back.set_end(records.empty() || (back.checkpoint().epoch() == head.epoch &&
                                   back.checkpoint().seq() == head.seq));
  for (std::string& record : records) back.add_records(std::move(record));
  return back;
}

void EdgeSyncPort::OnWelcome(const v1::Welcome& welcome) {
  const absl::Time now = clock_.WallNow();
  {
    absl::MutexLock lock(&mutex_);
    const absl::Time hub_now = absl::FromUnixMicros(welcome.now_unix_micros());
    heard_.at = now;
    heard_.drift = now - hub_now;
    hub_zero_ = hub_now - clock_.MonotonicNow();
  }
  // A failed commit is seen by the committer, which ends the node.
  committer_.Run([](EdgeCore& core) { return core.ClearRefused(); })
      .IgnoreError();
}

void EdgeSyncPort::OnRefused(const v1::Refused& refused) {
  if (!IsFinal(refused.code())) return;
  committer_.Run([&](EdgeCore& core) { return core.StoreRefused(refused); })
      .IgnoreError();
}

void EdgeSyncPort::Touch() {
  absl::MutexLock lock(&mutex_);
  heard_.at = clock_.WallNow();
}

absl::Time EdgeSyncPort::HubNow() const {
  absl::MutexLock lock(&mutex_);
  return hub_zero_.has_value() ? *hub_zero_ + clock_.MonotonicNow()
                               : clock_.WallNow();
}

EdgeSyncPort::LastHeard EdgeSyncPort::Heard() const {
  absl::MutexLock lock(&mutex_);
  return heard_;
}

}  // namespace branchline
