#pragma once

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "branchline/v1/record.pb.h"
#include "sync/base/cursor.h"

namespace branchline {

inline constexpr size_t kPayloadSizeMax = 1 << 20;  // bytes
inline constexpr size_t kStreamNameSizeMax = 64;
inline constexpr int kPartCountMax = 8;
inline constexpr size_t kPartSizeMax = 4096;  // bytes

// SHA-256("branchline/1" || len(stream):1 || stream || epoch:8 || seq:8 ||
// prev_hash:32 || payload), integers big-endian. 32 bytes.
std::string HashRecord(absl::string_view stream, uint64_t epoch, uint64_t seq,
                       absl::string_view prev_hash, absl::string_view payload);

// SHA-256(salt || data): what the payload holds of a detachable part.
std::string PartDigestOf(absl::string_view salt, absl::string_view data);

// A record that follows `head` in its own epoch.
v1::Record NextRecord(absl::string_view stream, const Cursor& head,
                      std::string payload);

// Whether `record` may stand directly after `head` in `stream`. An epoch's
// first record (seq 1) follows the last of the epoch before by its hash.
//
//   INVALID_ARGUMENT  sizes, or the hash is not that of its bytes
//   OUT_OF_RANGE      it is not the next: a gap, or one known already
//   DATA_LOSS         its prev_hash is not the head's: a fork
absl::Status CheckFollows(absl::string_view stream, const Cursor& head,
                          const v1::Record& record);

// Whether the parts are those whose digests the payload's event lists; erased
// ones are accepted.
//   INVALID_ARGUMENT  names the part
absl::Status CheckParts(
    const v1::Record& record,
    const google::protobuf::RepeatedPtrField<v1::PartDigest>& digests);

// Bytes that a checkpoint's signature covers; see v1::Checkpoint.
std::string CheckpointBytes(absl::string_view stream,
                            const v1::Checkpoint& checkpoint);
inline constexpr absl::string_view kCheckpointPurpose = "checkpoint";

// Bytes that the hub signs for an ack of `branch`'s journal, and on the last
// chunk of a snapshot of `stream`; see v1::Ack, v1::SnapshotChunk.
std::string AckBytes(absl::string_view branch, const v1::Position& at);
inline constexpr absl::string_view kAckPurpose = "ack";
std::string SnapshotBytes(absl::string_view stream, const v1::Position& at);
inline constexpr absl::string_view kSnapshotPurpose = "snapshot";
// What a grant of an epoch is signed for: the serialised v1::EpochGrant.
inline constexpr absl::string_view kEpochPurpose = "epoch";

Cursor CursorOf(const v1::Record& record);
Cursor FromProto(const v1::Position& position);
v1::Position ToProto(const Cursor& cursor);

}  // namespace branchline
