#include "tests/sync/replication/fake_journal.h"

#include "absl/strings/str_format.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

Cursor CursorOfRecord(const v1::Record& record) {
  return Cursor{record.epoch(), record.seq(), record.hash()};
}

}  // namespace

std::string FakeHash(char box, uint64_t epoch, uint64_t seq) {
  std::string hash(kHashSize, '\0');
  hash[0] = static_cast<char>(0xa1 + 0x10 * (box - 'a'));
  hash[1] = static_cast<char>(epoch);
  hash[2] = static_cast<char>(seq >> 8);
  hash[3] = static_cast<char>(seq);
  return hash;
}

Cursor CursorOfBytes(const std::string& record) {
  v1::Record parsed;
  BL_CHECK(parsed.ParseFromString(record), "tests make readable records");
  return CursorOfRecord(parsed);
}

void FakeJournal::Append(char box, uint64_t epoch, size_t payload_bytes) {
  const Cursor before = head();
  v1::Record record;
  record.set_epoch(epoch);
  record.set_seq(before.epoch == epoch ? before.seq + 1 : 1);
  record.set_prev_hash(before.hash);
  record.set_hash(FakeHash(box, epoch, record.seq()));
  record.set_payload(std::string(payload_bytes, 'p'));
  records_.push_back(std::move(record));
}

void FakeJournal::AppendBytes(const std::string& record) {
  v1::Record parsed;
  BL_CHECK(parsed.ParseFromString(record), "tests make readable records");
  records_.push_back(std::move(parsed));
}

Cursor FakeJournal::head() const {
  return records_.empty() ? base_ : CursorOfRecord(records_.back());
}

absl::StatusOr<std::string> FakeJournal::HashAt(uint64_t epoch,
                                                uint64_t seq) const {
  if (seq == 0 && epoch == 1) return std::string(kHashSize, '\0');
  if (base_.epoch == epoch && base_.seq == seq) return base_.hash;
  for (const v1::Record& record : records_) {
    if (record.epoch() != epoch) continue;
    if (record.seq() == seq) return record.hash();
    if (seq == 0 && record.seq() == 1) return record.prev_hash();
  }
  return absl::NotFoundError(
      absl::StrFormat("no record %d in epoch %d", seq, epoch));
}

std::vector<std::string> FakeJournal::ReadAfter(const Cursor& after,
                                                size_t bytes_max) const {
  std::vector<std::string> read;
  size_t bytes = 0;
  for (const v1::Record& record : records_) {
    if (!after.IsBefore(CursorOfRecord(record))) continue;
    std::string encoded = record.SerializeAsString();
    if (!read.empty() && bytes + encoded.size() > bytes_max) break;
    bytes += encoded.size();
    read.push_back(std::move(encoded));
  }
  return read;
}

}  // namespace branchline
