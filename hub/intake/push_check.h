#pragma once

#include <string>
#include <variant>
#include <vector>

#include "branchline/v1/record.pb.h"
#include "branchline/v1/replication.pb.h"
#include "branchline/v1/state.pb.h"
#include "google/protobuf/arena.h"
#include "sync/base/cursor.h"

namespace branchline {

// What can be said of a push by itself, before the hub's own records are
// looked at: it is the unbroken work of the box that holds the journal key.
// Only then may a difference from what the hub holds count as a fork, for which
// a branch is fenced. Pure.
//
// The records in order, allocated in `arena`; or, in this order:
//
//   PROTOCOL    no records
//   BAD_RECORD  more than kPushBytesMax together; a record that cannot be read;
//               a hash that is not that of its bytes; a record that does not
//               follow the one before; a checkpoint that is not for the last
//               record, or not signed with the box's journal key
std::variant<std::vector<const v1::Record*>, v1::Refused> CheckPush(
    const std::string& stream, const v1::BoxState& box, const v1::Push& push,
    google::protobuf::Arena* arena);

}  // namespace branchline
