#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/cursor.h"
#include "sync/journal/store.h"

namespace branchline {

// Streams in a Store's journal table. Keys:
//   j <stream> 00 <epoch:8> <seq:8>  v1::Record, serialised once, kept verbatim
//   k <stream> 00 <epoch:8> <seq:8>  v1::Checkpoint
//   s <stream> 00 <epoch:8> <seq:8> <index:8>  v1::SnapshotChunk of the place
//                                    that it stands for: the one installed
//                                    last, and the next while it comes in
//   z <stream> 00                    v1::Position that the snapshot stands for
std::string RecordKey(absl::string_view stream, uint64_t epoch, uint64_t seq);
std::string CheckpointKey(absl::string_view stream, uint64_t epoch,
                          uint64_t seq);
std::string SnapshotChunkKey(absl::string_view stream, const Cursor& at,
                             uint64_t index);
// What the keys of all chunks of one snapshot start with, and of all of them.
std::string SnapshotChunksAt(absl::string_view stream, const Cursor& at);
std::string SnapshotChunksOf(absl::string_view stream);
std::string SnapshotBaseKey(absl::string_view stream);

// The command index of the local table: where a command landed.
//   e <command id>                   epoch:8 seq:8
std::string CommandKey(absl::string_view command_id);
std::string CommandPlace(uint64_t epoch, uint64_t seq);

// Adds `record` to `writes`; `encoded` are its bytes.
void PutRecord(absl::string_view stream, const v1::Record& record,
               std::string encoded, WriteSet* writes);

// Where `stream` ends here: its last record, else its snapshot, else the start.
absl::StatusOr<Cursor> ReadHead(const Store& store, absl::string_view stream);

//   NOT_FOUND  no such record here
//   DATA_LOSS  it is there and cannot be read
absl::StatusOr<v1::Record> ReadRecord(const Store& store,
                                      absl::string_view stream, uint64_t epoch,
                                      uint64_t seq);

// Serialised records after `after`, across epochs, until `bytes_max` is passed
// (at least one, if there is one).
absl::StatusOr<std::vector<std::string>> ReadAfter(const Store& store,
                                                   absl::string_view stream,
                                                   const Cursor& after,
                                                   size_t bytes_max);

// The checkpoint with the greatest position; nullopt if there is none.
absl::StatusOr<std::optional<v1::Checkpoint>> LastCheckpoint(
    const Store& store, absl::string_view stream);

// Every record of `stream` after `after`, parsed and checked to follow the one
// before. Stops at the first error.
//   DATA_LOSS  names the record that is damaged or missing
absl::Status ForEachRecord(
    const Store& store, absl::string_view stream, const Cursor& after,
    absl::FunctionRef<absl::Status(const v1::Record&)> visit);

// Names of the streams that have records or a snapshot here, in order.
absl::StatusOr<std::vector<std::string>> ListStreams(const Store& store);

}  // namespace branchline
