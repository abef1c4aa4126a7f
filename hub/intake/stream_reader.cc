#include "hub/intake/stream_reader.h"

#include <algorithm>
#include <utility>

#include "sync/base/status_macros.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

uint64_t RecordsBetween(const Cursor& after, const Cursor& head) {
  if (!after.IsBefore(head)) return 0;
  return after.epoch == head.epoch ? head.seq - after.seq : head.seq;
}

}  // namespace

bool StreamReader::WantsSnapshot(absl::string_view stream,
                                 const FollowerPlace& after,
                                 const Cursor& head) const {
  if (stream != kChainStream) return false;
  if (after.snapshot_at.has_value()) return true;
  const uint64_t behind = RecordsBetween(after.at, head);
  const bool joins = after.at == Cursor();
  return behind > (joins ? limits_.join_records : limits_.behind_records);
}

absl::StatusOr<std::vector<v1::HubFrame>> StreamReader::Read(
    absl::string_view stream, const FollowerPlace& after, size_t bytes_max) {
  BL_ASSIGN_OR_RETURN(const auto heads,
                      store_.ReadCursors({std::string(stream)}));
  if (!WantsSnapshot(stream, after, heads[0])) {
    return ReadRecords(stream, after.at, heads[0], bytes_max);
  }
  BL_ASSIGN_OR_RETURN(const auto snapshot, FindSnapshot(after.snapshot_at));
  const bool resumes =
      after.snapshot_at.has_value() && *after.snapshot_at == snapshot->at;
  std::vector<v1::HubFrame> frames;
  size_t bytes = 0;
  for (size_t i = resumes ? after.chunk_next : 0;
       i < snapshot->chunks.size() && (frames.empty() || bytes < bytes_max);
       ++i) {
    *frames.emplace_back().mutable_snapshot() = snapshot->chunks[i];
    bytes += frames.back().ByteSizeLong();
  }
  return frames;
}

absl::StatusOr<std::vector<v1::HubFrame>> StreamReader::ReadRecords(
    absl::string_view stream, Cursor after, const Cursor& head,
    size_t bytes_max) const {
  std::vector<v1::HubFrame> frames;
  size_t bytes = 0;
  while (after.IsBefore(head) && (frames.empty() || bytes < bytes_max)) {
    BL_ASSIGN_OR_RETURN(
        std::vector<std::string> records,
        store_.ReadRecords(stream, after, std::min(bytes_max, kPushBytesMax)));
    if (records.empty()) break;
    v1::StreamRecords& frame = *frames.emplace_back().mutable_records();
    frame.set_stream(std::string(stream));
    for (std::string& record : records) {
      bytes += record.size();
      frame.add_records(std::move(record));
    }
    v1::Record last;
    if (!last.ParseFromString(frame.records(frame.records_size() - 1))) {
      return absl::DataLossError(absl::StrCat("a record of ", stream, " after ",
                                              ToText(after), " is damaged"));
    }
    after = CursorOf(last);
    *frame.mutable_checkpoint() = ledger_.Sign(stream, after);
  }
  return frames;
}

absl::StatusOr<std::shared_ptr<const StreamReader::Snapshot>>
StreamReader::FindSnapshot(const std::optional<Cursor>& wanted) {
  absl::MutexLock lock(&mutex_);
  if (wanted.has_value()) {
    for (const auto& snapshot : kept_) {
      if (snapshot->at == *wanted) return snapshot;
    }
  }
  BL_ASSIGN_OR_RETURN(const auto heads,
                      store_.ReadCursors({std::string(kChainStream)}));
  if (!kept_.empty() &&
      RecordsBetween(kept_.back()->at, heads[0]) <= limits_.join_records) {
    return kept_.back();
  }
  BL_ASSIGN_OR_RETURN(auto made, MakeSnapshot());
  kept_.push_back(made);
  if (kept_.size() > kSnapshotsKept) kept_.pop_front();
  return made;
}

absl::StatusOr<std::shared_ptr<const StreamReader::Snapshot>>
StreamReader::MakeSnapshot() const {
  auto snapshot = std::make_shared<Snapshot>();
  // While nothing is decided, the registers are those of the stream's end.
  BL_RETURN_IF_ERROR(ledger_.WhileStill([&]() -> absl::Status {
    BL_ASSIGN_OR_RETURN(const auto heads,
                        store_.ReadCursors({std::string(kChainStream)}));
    snapshot->at = heads[0];
    size_t bytes = limits_.chunk_bytes;
    return store_.ReadChainRegisters(
        [&](absl::string_view key, absl::string_view value) {
          if (bytes >= limits_.chunk_bytes) {
            snapshot->chunks.emplace_back();
            bytes = 0;
          }
          v1::SnapshotRow& row = *snapshot->chunks.back().add_rows();
          row.set_key(std::string(key));
          row.set_value(std::string(value));
          bytes += key.size() + value.size();
          return absl::OkStatus();
        });
  }));
  if (snapshot->chunks.empty()) snapshot->chunks.emplace_back();
  for (size_t i = 0; i < snapshot->chunks.size(); ++i) {
    v1::SnapshotChunk& chunk = snapshot->chunks[i];
    chunk.set_stream(std::string(kChainStream));
    *chunk.mutable_at() = ToProto(snapshot->at);
    chunk.set_index(i);
  }
  v1::SnapshotChunk& last = snapshot->chunks.back();
  last.set_last(true);
  last.set_signature(ledger_.key().Sign(
      kSnapshotPurpose, SnapshotBytes(kChainStream, last.at())));
  return std::shared_ptr<const Snapshot>(std::move(snapshot));
}

}  // namespace branchline
