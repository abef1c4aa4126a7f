#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/cursor.h"

namespace branchline {

v1::Position PositionOf(const Cursor& cursor);

// The cursor a peer sent; `what` names it in messages, like "the hub's ack". An
// empty position is the start of a stream.
//   INVALID_ARGUMENT  epoch 0, or a hash that does not have kHashSize bytes
absl::StatusOr<Cursor> CursorFromPeer(const v1::Position& position,
                                      absl::string_view what);

// Where the last of `records` (serialised v1::Records, at least one) stands.
//   INVALID_ARGUMENT  it cannot be read
absl::StatusOr<Cursor> EndOf(
    const google::protobuf::RepeatedPtrField<std::string>& records,
    absl::string_view what);

// The bytes of `records` together: what push credits count.
size_t BytesOf(const google::protobuf::RepeatedPtrField<std::string>& records);

}  // namespace branchline
