#include "hub/intake/push_check.h"

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/mutant.h"
#include "sync/base/status_macros.h"
#include "sync/identity/signing_key.h"
#include "sync/journal/record.h"
#include "sync/replication/ports.h"
#include "sync/replication/refusal.h"

namespace branchline {
namespace {

using Records = std::vector<const v1::Record*>;

absl::Status CheckSize(const v1::Push& push) {
  size_t bytes = 0;
  for (const std::string& record : push.records()) bytes += record.size();
  if (push.records_size() == 1 || bytes <= kPushBytesMax) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("its ", push.records_size(), " records have ", bytes,
                   " bytes together, at most ", kPushBytesMax));
}

absl::StatusOr<Records> ReadRecords(const v1::Push& push,
                                    google::protobuf::Arena* arena) {
  Records records;
  records.reserve(push.records_size());
  for (int i = 0; i < push.records_size(); ++i) {
    auto* record = google::protobuf::Arena::CreateMessage<v1::Record>(arena);
    if (!record->ParseFromString(push.records(i))) {
      return absl::InvalidArgumentError(absl::StrCat(
          "record ", i + 1, " of ", push.records_size(), " cannot be read"));
    }
    if (record->epoch() == 0 || record->seq() == 0 ||
        record->prev_hash().size() != kHashSize) {
      return absl::InvalidArgumentError(absl::StrCat(
          "record ", i + 1, " of ", push.records_size(), " claims epoch ",
          record->epoch(), ", record ", record->seq(), " after a hash of ",
          record->prev_hash().size(), " bytes"));
    }
    records.push_back(record);
  }
  return records;
}

// Each follows the one before; the first stands where it says.
absl::Status CheckChain(const std::string& stream, const Records& records) {
  Cursor before{records[0]->epoch(), records[0]->seq() - 1,
                records[0]->prev_hash()};
  for (const v1::Record* record : records) {
    BL_RETURN_IF_ERROR(CheckFollows(stream, before, *record));
    before = CursorOf(*record);
  }
  return absl::OkStatus();
}

absl::Status CheckSignature(const std::string& stream, const v1::BoxState& box,
                            const v1::Checkpoint& checkpoint,
                            const v1::Record& last) {
  const Cursor place{checkpoint.epoch(), checkpoint.seq(), checkpoint.hash()};
  if (place != CursorOf(last)) {
    return absl::InvalidArgumentError(
        absl::StrCat("its checkpoint is for ", ToText(place),
                     ", its last record is ", ToText(CursorOf(last))));
  }
  return Annotate(VerifySignature(box.journal_public_key(), kCheckpointPurpose,
                                  CheckpointBytes(stream, checkpoint),
                                  checkpoint.signature()),
                  absl::StrCat("its checkpoint at ", ToText(place),
                               " is not signed with the journal key of epoch ",
                               box.epoch()));
}

absl::StatusOr<Records> Check(const std::string& stream,
                              const v1::BoxState& box, const v1::Push& push,
                              google::protobuf::Arena* arena) {
  BL_RETURN_IF_ERROR(CheckSize(push));
  BL_ASSIGN_OR_RETURN(Records records, ReadRecords(push, arena));
  BL_RETURN_IF_ERROR(CheckChain(stream, records));
  BL_RETURN_IF_ERROR(
      CheckSignature(stream, box, push.checkpoint(), *records.back()));
  return records;
}

}  // namespace

std::variant<Records, v1::Refused> CheckPush(const std::string& stream,
                                             const v1::BoxState& box,
                                             const v1::Push& push,
                                             google::protobuf::Arena* arena) {
  if (push.records().empty()) {
    return MakeRefused(v1::REFUSAL_CODE_PROTOCOL,
                       absl::StrCat(stream,
                                    " sent a push of no records; "
                                    "update the box's program"));
  }
  absl::StatusOr<Records> records = Check(stream, box, push, arena);
  if (records.ok()) return *std::move(records);
  return MakeRefused(
      v1::REFUSAL_CODE_BAD_RECORD,
      absl::StrCat("a push of ", stream,
                   " was not taken: ", records.status().message(),
                   ". Nothing of it is stored; run 'branchline journal verify' "
                   "on the box, and recover it if its journal is damaged"));
}

}  // namespace branchline
