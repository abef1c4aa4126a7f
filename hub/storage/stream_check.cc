#include "hub/storage/stream_check.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/journal/record.h"

namespace branchline {
namespace {

constexpr size_t kPieceBytes = 1 << 20;

absl::Status Damaged(absl::string_view stream, absl::string_view what) {
  return absl::DataLossError(absl::StrCat(
      "the hub's copy of ", stream, " is damaged: ", what,
      ". Nothing of it is served: put the last backup of the hub's data "
      "directory in place, the branches send what came after"));
}

}  // namespace

absl::StatusOr<uint64_t> CheckStream(const HubStore& store,
                                     absl::string_view stream,
                                     const Cursor& after,
                                     absl::FunctionRef<bool()> go_on) {
  Cursor head = after;
  uint64_t records = 0;
  while (true) {
    if (!go_on()) return absl::CancelledError("checking streams was stopped");
    BL_ASSIGN_OR_RETURN(const std::vector<std::string> piece,
                        store.ReadRecords(stream, head, kPieceBytes));
    if (piece.empty()) return records;
    for (const std::string& bytes : piece) {
      v1::Record record;
      if (!record.ParseFromString(bytes)) {
        return Damaged(stream, absl::StrCat("a record after ", ToText(head),
                                            " cannot be read"));
      }
      const absl::Status follows = CheckFollows(stream, head, record);
      if (!follows.ok()) return Damaged(stream, follows.message());
      head = CursorOf(record);
      ++records;
    }
  }
}

absl::StatusOr<std::string> CheckStreamEnd(const HubStore& store,
                                           absl::string_view stream) {
  BL_ASSIGN_OR_RETURN(const auto checkpoint, store.ReadLastCheckpoint(stream));
  Cursor from;
  if (checkpoint.has_value()) {
    from = {checkpoint->epoch(), checkpoint->seq(), checkpoint->hash()};
    // Its own bytes are hashed too: from the record before, wherever that is.
    const auto hash = store.ReadHash(stream, from.epoch, from.seq);
    if (absl::IsNotFound(hash.status()) || (hash.ok() && *hash != from.hash)) {
      return Damaged(
          stream,
          absl::StrCat("the record at the signed checkpoint ", ToText(from),
                       " is ", hash.ok() ? "another" : "missing"));
    }
    BL_RETURN_IF_ERROR(hash.status());
    BL_ASSIGN_OR_RETURN(const std::string before,
                        store.ReadHash(stream, from.epoch, from.seq - 1));
    from = {from.epoch, from.seq - 1, before};
  }
  BL_ASSIGN_OR_RETURN(const uint64_t records,
                      CheckStream(store, stream, from, [] { return true; }));
  BL_ASSIGN_OR_RETURN(const auto ends,
                      store.ReadCursors({std::string(stream)}));
  return absl::StrCat(stream, " ends at ", ToText(ends[0]), ", ", records,
                      checkpoint.has_value()
                          ? " records hashed from the last signed checkpoint"
                          : " records hashed, none signed yet");
}

}  // namespace branchline
