#include "sync/journal/wal_survey.h"

#include <rocksdb/file_checksum.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"

namespace branchline {
namespace {

// Not UTF-8, so that no text of ours holds it; its last byte is not zero, so
// that no whole record ends in zeros.
constexpr absl::string_view kMagic("\xFF\x42\x4C\xFE", 4);
constexpr size_t kChecked = kWalMarkSize - kMagic.size() - 4;  // bytes

constexpr size_t kSector = 512;  // bytes: what a disk writes whole or not
constexpr size_t kHeader = 7;    // bytes: checksum:4 length:2 type:1

enum FragmentType : uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

// CRC-32C (Castagnoli), as RocksDB computes it.
uint32_t Crc32c(absl::string_view bytes) {
  static const auto* const factory =
      new std::shared_ptr<rocksdb::FileChecksumGenFactory>(
          rocksdb::GetFileChecksumGenCrc32cFactory());
  const auto crc = (*factory)->CreateFileChecksumGenerator({});
  crc->Update(bytes.data(), bytes.size());
  crc->Finalize();
  return U32FromBytes(crc->GetChecksum());
}

uint8_t ByteAt(absl::string_view bytes, size_t at) {
  return static_cast<uint8_t>(bytes[at]);
}

struct Header {
  uint32_t masked_crc = 0;
  size_t length = 0;  // bytes of payload
  uint8_t type = 0;

  bool StartsRecord() const { return type == kFull || type == kFirst; }
  bool EndsRecord() const { return type == kFull || type == kLast; }
};

Header HeaderAt(absl::string_view block, size_t at) {
  Header header;
  for (size_t i = 0; i < 4; ++i) {
    header.masked_crc |= uint32_t{ByteAt(block, at + i)} << (8 * i);
  }
  header.length = ByteAt(block, at + 4) | ByteAt(block, at + 5) << 8;
  header.type = ByteAt(block, at + 6);
  return header;
}

bool IsAsWritten(absl::string_view block, size_t at, const Header& header) {
  if (header.type < kFull || header.type > kLast) return false;
  if (header.length > block.size() - at - kHeader) return false;
  // Of the type and the payload.
  const uint32_t crc =
      Crc32c(block.substr(at + kHeader - 1, 1 + header.length));
  return header.masked_crc == ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

// Where the first mark at or behind `from` ends; npos: there is none.
size_t EndOfMark(absl::string_view bytes, size_t from) {
  const size_t ahead = kWalMarkSize - kMagic.size();
  for (size_t at = bytes.find(kMagic, from + ahead);
       at != absl::string_view::npos; at = bytes.find(kMagic, at + 1)) {
    if (WalMarkFrom(bytes.substr(at - ahead, kWalMarkSize)).has_value()) {
      return at + kMagic.size();
    }
  }
  return absl::string_view::npos;
}

// Whether the part of [begin, end) that lies in some sector is all zeros.
bool LacksASector(absl::string_view block, size_t begin, size_t end) {
  while (begin < end) {
    const size_t next = std::min(end, (begin / kSector + 1) * kSector);
    const absl::string_view part = block.substr(begin, next - begin);
    if (part.find_first_not_of('\0') == absl::string_view::npos) return true;
    begin = next;
  }
  return false;
}

// Whether the record at `at`, which is not as it was written, never reached the
// disk whole, or else was changed there.
bool IsTorn(absl::string_view block, size_t at) {
  const bool last_block = block.size() < WalSurvey::kBlockSize;
  size_t end = EndOfMark(block, at);
  if (end == absl::string_view::npos) {
    // The mark tells best how long the record was. Without it, the header does,
    // if that is one.
    if (block.size() - at < kHeader) return true;
    const Header header = HeaderAt(block, at);
    end = at + kHeader + header.length;
    if (header.type < kFull || header.type > kLast) end = block.size();
    if (end > block.size()) {
      if (last_block) return true;
      end = block.size();
    }
  }
  return LacksASector(block, at, end);
}

}  // namespace

std::string ToBytes(const WalMark& mark) {
  std::string bytes;
  bytes.reserve(kWalMarkSize);
  AppendU64(&bytes, mark.commit);
  AppendU64(&bytes, mark.synced);
  bytes.push_back(mark.first_of_store ? 1 : 0);
  AppendU32(&bytes, Crc32c(bytes));
  bytes.append(kMagic.data(), kMagic.size());
  return bytes;
}

std::optional<WalMark> WalMarkFrom(absl::string_view bytes) {
  if (bytes.size() != kWalMarkSize ||
      bytes.substr(kWalMarkSize - kMagic.size()) != kMagic ||
      U32FromBytes(bytes.substr(kChecked, 4)) !=
          Crc32c(bytes.substr(0, kChecked))) {
    return std::nullopt;
  }
  return WalMark{.commit = U64FromBytes(bytes.substr(0, 8)),
                 .synced = U64FromBytes(bytes.substr(8, 8)),
                 .first_of_store = bytes[16] == 1};
}

void WalSurvey::StartFile(std::string name) {
  EndFile();
  names_.push_back(std::move(name));
  intact_bytes_.push_back(0);
  file_bytes_ = 0;
  nothing_taken_ = true;
}

void WalSurvey::EndFile() {
  if (!in_record_) return;
  in_record_ = false;
  if (!ended_) end_ = absl::StrCat(names_.back(), " at its end");
  ended_ = true;
}

void WalSurvey::Add(absl::string_view block) {
  const uint64_t start = file_bytes_;
  file_bytes_ += block.size();
  if (!damage_.ok()) return;
  // Behind a torn record a log counts only if it was begun after that was
  // found: its first record says so.
  if (ended_ && !nothing_taken_) return LookForMarks(block);
  size_t at = 0;
  while (block.size() - at >= kHeader) {
    const Header header = HeaderAt(block, at);
    if (!IsAsWritten(block, at, header) ||
        header.StartsRecord() == in_record_) {
      return Broken(block, at);
    }
    if (header.StartsRecord()) tail_.clear();
    absl::string_view payload = block.substr(at + kHeader, header.length);
    payload.remove_prefix(payload.size() -
                          std::min(payload.size(), kWalMarkSize));
    tail_.append(payload.data(), payload.size());
    tail_.erase(0, tail_.size() - std::min(tail_.size(), kWalMarkSize));
    in_record_ = !header.EndsRecord();
    at += kHeader + header.length;
    if (in_record_) continue;
    Take(tail_, start + at);
    if (!damage_.ok()) return;
    if (ended_) return LookForMarks(block.substr(at));
  }
  // A block's last bytes may be too few for a header; in a log that was cut
  // there was more.
  if (at < block.size() && block.size() < kBlockSize) Broken(block, at);
}

bool WalSurvey::GoesOn(const WalMark& mark) const {
  if (mark.first_of_store || !last_commit_.has_value()) {
    return mark.first_of_store;
  }
  if (mark.commit == *last_commit_ + 1) return true;
  return only_zeros_ && mark.synced > *last_commit_;
}

void WalSurvey::Take(absl::string_view tail, uint64_t end) {
  const std::optional<WalMark> mark = WalMarkFrom(tail);
  const bool first = std::exchange(nothing_taken_, false);
  if (ended_) {
    if (mark.has_value() && !GoesOn(*mark)) return Weigh(*mark);
    ended_ = false;
  } else if (!first && mark.has_value() && last_commit_.has_value() &&
             mark->commit != *last_commit_ + 1) {
    return Damaged(absl::StrCat("commit ", mark->commit, " follows commit ",
                                *last_commit_, " before byte ", end, " of ",
                                names_.back()));
  }
  last_commit_.reset();
  if (mark.has_value()) last_commit_ = mark->commit;
  intact_bytes_.back() = end;
}

void WalSurvey::Broken(absl::string_view block, size_t at) {
  const uint64_t offset = file_bytes_ - block.size() + at;
  const bool torn = IsTorn(block, at);
  in_record_ = false;
  nothing_taken_ = false;
  if (!ended_) end_ = absl::StrCat(names_.back(), " at byte ", offset);
  ended_ = true;
  only_zeros_ = true;
  if (!torn) {
    return Damaged(absl::StrCat("the record at byte ", offset, " of ",
                                names_.back(), " is not what was written"));
  }
  LookForMarks(block.substr(at));
}

void WalSurvey::LookForMarks(absl::string_view bytes) {
  only_zeros_ &= bytes.find_first_not_of('\0') == absl::string_view::npos;
  for (size_t at = EndOfMark(bytes, 0); at != absl::string_view::npos;
       at = EndOfMark(bytes, at)) {
    Weigh(*WalMarkFrom(bytes.substr(at - kWalMarkSize, kWalMarkSize)));
  }
}

void WalSurvey::Weigh(const WalMark& mark) {
  // Nothing before the end says what the last commit was: the first mark behind
  // it is taken to be the lacking record's own.
  if (!last_commit_.has_value()) {
    last_commit_ = mark.commit == 0 ? 0 : mark.commit - 1;
  }
  if (mark.synced <= *last_commit_) return;
  Damaged(absl::StrCat("the record in ", end_, ", behind commit ",
                       *last_commit_, ", is lacking, and commit ", mark.commit,
                       " says that it had been synced"));
}

void WalSurvey::Damaged(absl::string_view what) {
  if (damage_.ok()) damage_ = absl::DataLossError(what);
}

absl::StatusOr<std::vector<uint64_t>> WalSurvey::Finish() {
  if (!damage_.ok()) return damage_;
  return std::move(intact_bytes_);
}

}  // namespace branchline
