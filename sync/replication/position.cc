#include "sync/replication/position.h"

#include "absl/strings/str_format.h"
#include "sync/base/check.h"

namespace branchline {

v1::Position PositionOf(const Cursor& cursor) {
  v1::Position position;
  position.set_epoch(cursor.epoch);
  position.set_seq(cursor.seq);
  position.set_hash(cursor.hash);
  return position;
}

absl::StatusOr<Cursor> CursorFromPeer(const v1::Position& position,
                                      absl::string_view what) {
  if (position.epoch() == 0 && position.seq() == 0 && position.hash().empty()) {
    return Cursor{};
  }
  if (position.epoch() == 0) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s names epoch 0, epochs count from 1", what));
  }
  if (position.hash().size() != kHashSize) {
    return absl::InvalidArgumentError(
        absl::StrFormat("%s has a hash of %d bytes, want %d", what,
                        position.hash().size(), kHashSize));
  }
  return Cursor{position.epoch(), position.seq(), position.hash()};
}

absl::StatusOr<Cursor> EndOf(
    const google::protobuf::RepeatedPtrField<std::string>& records,
    absl::string_view what) {
  BL_CHECK(!records.empty(), "the end of at least one record");
  v1::Record last;
  if (!last.ParseFromString(records[records.size() - 1])) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the last record of %s cannot be read", what));
  }
  v1::Position position;
  position.set_epoch(last.epoch());
  position.set_seq(last.seq());
  position.set_hash(last.hash());
  return CursorFromPeer(position, what);
}

size_t BytesOf(const google::protobuf::RepeatedPtrField<std::string>& records) {
  size_t bytes = 0;
  for (const std::string& record : records) bytes += record.size();
  return bytes;
}

}  // namespace branchline
