#include "sync/journal/record.h"

#include "absl/strings/str_cat.h"
#include "branchline/v1/event.pb.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/base/mutant.h"
#include "sync/identity/sha256.h"

namespace branchline {
namespace {

// len(name):1 || name || epoch:8 || seq:8 || hash
std::string PlaceBytes(absl::string_view name, uint64_t epoch, uint64_t seq,
                       absl::string_view hash) {
  std::string bytes(1, static_cast<char>(name.size()));
  bytes.append(name.data(), name.size());
  AppendU64(&bytes, epoch);
  AppendU64(&bytes, seq);
  bytes.append(hash.data(), hash.size());
  return bytes;
}

}  // namespace

std::string HashRecord(absl::string_view stream, uint64_t epoch, uint64_t seq,
                       absl::string_view prev_hash, absl::string_view payload) {
  BL_CHECK(stream.size() <= kStreamNameSizeMax, "a stream's name is short");
  std::string head = "branchline/1";
  head.push_back(static_cast<char>(stream.size()));
  head.append(stream.data(), stream.size());
  AppendU64(&head, epoch);
  AppendU64(&head, seq);
  head.append(prev_hash.data(), prev_hash.size());
  head.append(payload.data(), payload.size());
  return Sha256(head);
}

std::string PartDigestOf(absl::string_view salt, absl::string_view data) {
  return Sha256(absl::StrCat(salt, data));
}

v1::Record NextRecord(absl::string_view stream, const Cursor& head,
                      std::string payload) {
  v1::Record record;
  record.set_epoch(head.epoch);
  record.set_seq(head.seq + 1);
  record.set_prev_hash(head.hash);
  record.set_hash(
      HashRecord(stream, head.epoch, head.seq + 1, head.hash, payload));
  record.set_payload(std::move(payload));
  return record;
}

absl::Status CheckFollows(absl::string_view stream, const Cursor& head,
                          const v1::Record& record) {
  const auto name = [&] {
    return absl::StrCat("record ", record.seq(), " of epoch ", record.epoch(),
                        " in ", stream);
  };
  if (record.payload().size() > kPayloadSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(name(), " has ", record.payload().size(),
                     " bytes, at most ", kPayloadSizeMax));
  }
  if (record.parts_size() > kPartCountMax) {
    return absl::InvalidArgumentError(
        absl::StrCat(name(), " has ", record.parts_size(),
                     " detachable parts, at most ", kPartCountMax));
  }
  const bool next =
      record.epoch() == head.epoch && record.seq() == head.seq + 1;
  const bool opens = record.epoch() > head.epoch && record.seq() == 1;
  if (!next && !opens &&
      !(BL_MUTANT(kGapAccepted) && head.IsBefore(CursorOf(record)))) {
    return absl::OutOfRangeError(absl::StrCat(name(), " does not follow ",
                                              ToText(head), "; the next is ",
                                              head.seq + 1));
  }
  if (BL_MUTANT(kHashUnchecked) || BL_MUTANT(kGapAccepted)) {
    return absl::OkStatus();
  }
  if (record.prev_hash() != head.hash) {
    return absl::DataLossError(absl::StrCat(
        name(), " was written after ", ShortHex(record.prev_hash()),
        ", but here it would follow ", ToText(head)));
  }
  const std::string hash = HashRecord(stream, record.epoch(), record.seq(),
                                      record.prev_hash(), record.payload());
  if (hash != record.hash()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name(), " claims the hash ", ShortHex(record.hash()),
                     ", its bytes have ", ShortHex(hash)));
  }
  return absl::OkStatus();
}

absl::Status CheckParts(
    const v1::Record& record,
    const google::protobuf::RepeatedPtrField<v1::PartDigest>& digests) {
  for (const v1::Part& part : record.parts()) {
    const v1::PartDigest* want = nullptr;
    for (const v1::PartDigest& digest : digests) {
      if (digest.name() == part.name()) want = &digest;
    }
    if (want == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "detachable part '", part.name(), "' is not listed in its event"));
    }
    if (part.erased()) continue;
    if (part.data().size() > kPartSizeMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("detachable part '", part.name(), "' has ",
                       part.data().size(), " bytes, at most ", kPartSizeMax));
    }
    if (PartDigestOf(part.salt(), part.data()) != want->digest()) {
      return absl::InvalidArgumentError(
          absl::StrCat("detachable part '", part.name(),
                       "' is not the one that was hashed"));
    }
  }
  return absl::OkStatus();
}

std::string CheckpointBytes(absl::string_view stream,
                            const v1::Checkpoint& checkpoint) {
  std::string bytes = PlaceBytes(stream, checkpoint.epoch(), checkpoint.seq(),
                                 checkpoint.hash());
  AppendU64(&bytes, checkpoint.events_total());
  return bytes;
}

std::string AckBytes(absl::string_view branch, const v1::Position& at) {
  return PlaceBytes(branch, at.epoch(), at.seq(), at.hash());
}

std::string SnapshotBytes(absl::string_view stream, const v1::Position& at) {
  return PlaceBytes(stream, at.epoch(), at.seq(), at.hash());
}

Cursor CursorOf(const v1::Record& record) {
  return {record.epoch(), record.seq(), record.hash()};
}

Cursor FromProto(const v1::Position& position) {
  Cursor cursor;
  if (position.epoch() != 0) cursor.epoch = position.epoch();
  cursor.seq = position.seq();
  if (position.hash().size() == kHashSize) cursor.hash = position.hash();
  return cursor;
}

v1::Position ToProto(const Cursor& cursor) {
  v1::Position position;
  position.set_epoch(cursor.epoch);
  position.set_seq(cursor.seq);
  position.set_hash(cursor.hash);
  return position;
}

}  // namespace branchline
