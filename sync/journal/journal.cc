#include "sync/journal/journal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/record.h"

namespace branchline {
namespace {

std::string StreamKey(char kind, absl::string_view stream) {
  return absl::StrCat(absl::string_view(&kind, 1), stream,
                      absl::string_view("\0", 1));
}

std::string PositionKey(char kind, absl::string_view stream, uint64_t epoch,
                        uint64_t seq) {
  std::string key = StreamKey(kind, stream);
  AppendU64(&key, epoch);
  AppendU64(&key, seq);
  return key;
}

absl::StatusOr<v1::Record> ParseRecord(absl::string_view stream,
                                       absl::string_view bytes) {
  v1::Record record;
  if (!record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError(
        absl::StrCat("a record of ", stream, " in the journal is damaged"));
  }
  return record;
}

}  // namespace

std::string RecordKey(absl::string_view stream, uint64_t epoch, uint64_t seq) {
  return PositionKey('j', stream, epoch, seq);
}

std::string CommandKey(absl::string_view command_id) {
  return absl::StrCat("e", command_id);
}

std::string CommandPlace(uint64_t epoch, uint64_t seq) {
  std::string place;
  AppendU64(&place, epoch);
  AppendU64(&place, seq);
  return place;
}

std::string CheckpointKey(absl::string_view stream, uint64_t epoch,
                          uint64_t seq) {
  return PositionKey('k', stream, epoch, seq);
}

std::string SnapshotChunkKey(absl::string_view stream, const Cursor& at,
                             uint64_t index) {
  std::string key = SnapshotChunksAt(stream, at);
  AppendU64(&key, index);
  return key;
}

std::string SnapshotChunksAt(absl::string_view stream, const Cursor& at) {
  std::string key = SnapshotChunksOf(stream);
  AppendU64(&key, at.epoch);
  AppendU64(&key, at.seq);
  return key;
}

std::string SnapshotChunksOf(absl::string_view stream) {
  return StreamKey('s', stream);
}

std::string SnapshotBaseKey(absl::string_view stream) {
  return StreamKey('z', stream);
}

void PutRecord(absl::string_view stream, const v1::Record& record,
               std::string encoded, WriteSet* writes) {
  writes->Put(Table::kJournal, RecordKey(stream, record.epoch(), record.seq()),
              std::move(encoded));
}

absl::StatusOr<Cursor> ReadHead(const Store& store, absl::string_view stream) {
  const std::string prefix = StreamKey('j', stream);
  BL_ASSIGN_OR_RETURN(const auto last,
                      store.Last(Table::kJournal, prefix, PrefixEnd(prefix)));
  Cursor head;
  if (last.has_value()) {
    BL_ASSIGN_OR_RETURN(const v1::Record record,
                        ParseRecord(stream, last->second));
    head = CursorOf(record);
  }
  BL_ASSIGN_OR_RETURN(const auto base,
                      store.Get(Table::kJournal, SnapshotBaseKey(stream)));
  if (!base.has_value()) return head;
  v1::Position position;
  if (!position.ParseFromString(*base)) {
    return absl::DataLossError(
        absl::StrCat("the position of ", stream, "'s snapshot is damaged"));
  }
  // A snapshot may have passed over records that stand here from before.
  const Cursor snapshot = FromProto(position);
  return head.IsBefore(snapshot) ? snapshot : head;
}

absl::StatusOr<v1::Record> ReadRecord(const Store& store,
                                      absl::string_view stream, uint64_t epoch,
                                      uint64_t seq) {
  BL_ASSIGN_OR_RETURN(
      const auto bytes,
      store.Get(Table::kJournal, RecordKey(stream, epoch, seq)));
  if (!bytes.has_value()) {
    return absl::NotFoundError(absl::StrCat("no record ", seq, " of epoch ",
                                            epoch, " in ", stream, " here"));
  }
  return ParseRecord(stream, *bytes);
}

absl::StatusOr<std::vector<std::string>> ReadAfter(const Store& store,
                                                   absl::string_view stream,
                                                   const Cursor& after,
                                                   size_t bytes_max) {
  std::vector<std::string> records;
  size_t bytes = 0;
  BL_RETURN_IF_ERROR(
      store.Scan(Table::kJournal, RecordKey(stream, after.epoch, after.seq + 1),
                 PrefixEnd(StreamKey('j', stream)),
                 [&](absl::string_view, absl::string_view value) {
                   if (!records.empty() && bytes + value.size() > bytes_max)
                     return false;
                   bytes += value.size();
                   records.emplace_back(value);
                   return bytes < bytes_max;
                 }));
  return records;
}

absl::StatusOr<std::optional<v1::Checkpoint>> LastCheckpoint(
    const Store& store, absl::string_view stream) {
  const std::string prefix = StreamKey('k', stream);
  BL_ASSIGN_OR_RETURN(const auto last,
                      store.Last(Table::kJournal, prefix, PrefixEnd(prefix)));
  if (!last.has_value()) return std::optional<v1::Checkpoint>();
  v1::Checkpoint checkpoint;
  if (!checkpoint.ParseFromString(last->second)) {
    return absl::DataLossError(
        absl::StrCat("the last checkpoint of ", stream, " is damaged"));
  }
  return std::optional<v1::Checkpoint>(std::move(checkpoint));
}

absl::Status ForEachRecord(
    const Store& store, absl::string_view stream, const Cursor& after,
    absl::FunctionRef<absl::Status(const v1::Record&)> visit) {
  Cursor head = after;
  absl::Status result;
  BL_RETURN_IF_ERROR(store.Scan(
      Table::kJournal, RecordKey(stream, after.epoch, after.seq + 1),
      PrefixEnd(StreamKey('j', stream)),
      [&](absl::string_view key, absl::string_view value) {
        const auto check = [&]() -> absl::Status {
          BL_ASSIGN_OR_RETURN(const v1::Record record,
                              ParseRecord(stream, value));
          if (key != RecordKey(stream, record.epoch(), record.seq())) {
            return absl::DataLossError(absl::StrCat(
                "record ", record.seq(), " of ", stream,
                " stands at another record's place in the journal"));
          }
          const absl::Status follows = CheckFollows(stream, head, record);
          if (!follows.ok()) return absl::DataLossError(follows.message());
          head = CursorOf(record);
          return visit(record);
        };
        result = check();
        return result.ok();
      }));
  return result;
}

absl::StatusOr<std::vector<std::string>> ListStreams(const Store& store) {
  std::vector<std::string> streams;
  for (const char kind : {'j', 'z'}) {
    std::string from(1, kind);
    const std::string end = PrefixEnd(from);
    // From stream to stream, past all of its records.
    while (true) {
      std::string stream;
      BL_RETURN_IF_ERROR(
          store.Scan(Table::kJournal, from, end,
                     [&](absl::string_view key, absl::string_view) {
                       stream = std::string(key.substr(1, key.find('\0') - 1));
                       return false;
                     }));
      if (stream.empty()) break;
      streams.push_back(stream);
      from = PrefixEnd(StreamKey(kind, stream));
    }
  }
  std::sort(streams.begin(), streams.end());
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  return streams;
}

}  // namespace branchline
