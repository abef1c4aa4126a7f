#include "sync/journal/verify_stream.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/identity/sha256.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/fold.h"

namespace branchline {
namespace {

constexpr size_t kPositionSize = 16;  // epoch:8 || seq:8 at the end of a key

template <typename Message>
bool Parse(absl::string_view bytes, Message* message) {
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace

std::string VerifyHashOf(absl::string_view stream, const v1::Record& record) {
  std::string place;
  AppendU64(&place, record.epoch());
  AppendU64(&place, record.seq());
  Sha256Hasher hasher;
  hasher.Update("branchline/1");
  hasher.Update(std::string(1, static_cast<char>(stream.size())));
  hasher.Update(stream);
  hasher.Update(place);
  hasher.Update(record.prev_hash());
  hasher.Update(record.payload());
  return hasher.Finish();
}

StreamVerifier::StreamVerifier(const Store& store, absl::string_view stream,
                               absl::string_view writer,
                               absl::string_view hub_public_key,
                               std::optional<Place> books_end, VerifySums* sums,
                               VerifyDocs* docs)
    : store_(store),
      stream_(stream),
      writer_(writer),
      books_end_(books_end),
      sums_(*sums),
      docs_(*docs),
      signatures_(stream, writer, hub_public_key, &verdict_) {
  verdict_.stream = stream_;
}

StreamVerdict StreamVerifier::Run() {
  const absl::Status read = ReadAll();
  if (!read.ok()) {
    verdict_.faults.Add(absl::StrCat("cannot be read on after ",
                                     verdict_.records == 0
                                         ? std::string("its start")
                                         : PlaceText(head_.epoch, head_.seq),
                                     ": ", read.message()));
  }
  if (base_.has_value()) StartAtBase();
  signatures_.OnEnd(head_);
  verdict_.end = head_;
  return verdict_;
}

absl::Status StreamVerifier::ReadAll() {
  BL_RETURN_IF_ERROR(ReadBase());
  BL_RETURN_IF_ERROR(signatures_.Read(store_, base_.value_or(head_)));
  BL_RETURN_IF_ERROR(ReadExceptions());
  const std::string prefix = StreamPrefix('j', stream_);
  return store_.Scan(Table::kJournal, prefix, PrefixEnd(prefix),
                     [&](absl::string_view key, absl::string_view value) {
                       OnStored(key, value);
                       return true;
                     });
}

absl::Status StreamVerifier::ReadBase() {
  BL_ASSIGN_OR_RETURN(const auto bytes,
                      store_.Get(Table::kJournal, StreamPrefix('z', stream_)));
  if (!bytes.has_value()) return absl::OkStatus();
  v1::Position position;
  if (!Parse(*bytes, &position) || position.hash().size() != kHashSize) {
    return absl::DataLossError("the position of its snapshot is damaged");
  }
  base_ = {position.epoch(), position.seq(), position.hash()};
  verdict_.from_snapshot = true;
  return absl::OkStatus();
}

void StreamVerifier::StartAtBase() {
  head_ = *std::exchange(base_, std::nullopt);
  signatures_.OnPassedOver();
  const std::string prefix = StreamPrefix('s', stream_);
  const absl::Status read = store_.Scan(
      Table::kJournal, prefix, PrefixEnd(prefix),
      [&](absl::string_view, absl::string_view value) {
        v1::SnapshotChunk chunk;
        if (Parse(value, &chunk)) {
          docs_.AddSnapshot(head_, chunk);
        } else {
          verdict_.faults.Add("has a piece of its snapshot that is damaged");
        }
        return true;
      });
  if (!read.ok()) verdict_.faults.Add(std::string(read.message()));
}

absl::Status StreamVerifier::ReadExceptions() {
  const std::string prefix = StreamPrefix('x', stream_);
  return store_.Scan(
      Table::kDocs, prefix, PrefixEnd(prefix),
      [&](absl::string_view key, absl::string_view value) {
        const absl::string_view place = key.substr(prefix.size());
        if (place.size() == kPositionSize) {
          exceptions_[{U64FromBytes(place.substr(0, 8)),
                       U64FromBytes(place.substr(8))}] = std::string(value);
        }
        return true;
      });
}

void StreamVerifier::Fault(const v1::Record& record, absl::string_view what) {
  AddFault(record, what, &verdict_.faults);
}

void StreamVerifier::OnStored(absl::string_view key, absl::string_view value) {
  const absl::string_view place = key.substr(1 + stream_.size() + 1);
  if (place.size() != kPositionSize) {
    verdict_.faults.Add(absl::StrCat("has a record whose key has ",
                                     place.size(),
                                     " bytes of position, want 16"));
    return;
  }
  const uint64_t epoch = U64FromBytes(place.substr(0, 8));
  const uint64_t seq = U64FromBytes(place.substr(8));
  v1::Record record;
  if (!Parse(value, &record)) {
    verdict_.faults.Add(absl::StrCat(PlaceText(epoch, seq),
                                     " is damaged: its bytes are no record"));
    return;
  }
  if (record.epoch() != epoch || record.seq() != seq) {
    verdict_.faults.Add(absl::StrCat("where ", PlaceText(epoch, seq),
                                     " should stand, there is ",
                                     PlaceText(record.epoch(), record.seq())));
    // Judged in the place it was found in.
    record.set_epoch(epoch);
    record.set_seq(seq);
  }
  OnRecord(record);
}

void StreamVerifier::OnRecord(const v1::Record& record) {
  const Cursor at{record.epoch(), record.seq(), record.hash()};
  if (base_.has_value() && base_->IsBefore(at)) StartAtBase();
  if (base_.has_value() && verdict_.records == 0) {
    // What came before the first of the older ones was passed over as well.
    head_ = {record.epoch(), record.seq() - 1, record.prev_hash()};
  }
  ++verdict_.records;
  CheckPlace(record);
  CheckHash(record);
  v1::Event event;
  const bool readable = Parse(record.payload(), &event);
  if (!readable) event.Clear();
  signatures_.OnRecord(record, event, head_);
  if (readable) {
    CheckParts(record, event);
    if (event.has_late_record()) CheckLate(record, event.late_record());
    if (event.body_case() == v1::Event::BODY_NOT_SET) ++verdict_.newer;
  }
  CheckWhatCounts(record, event, readable);
  head_ = {record.epoch(), record.seq(), record.hash()};
}

void StreamVerifier::CheckPlace(const v1::Record& record) {
  const bool next =
      record.epoch() == head_.epoch && record.seq() == head_.seq + 1;
  const bool opens = record.epoch() > head_.epoch && record.seq() == 1;
  if (!next && !opens) {
    Fault(record,
          absl::StrCat("stands where record ",
                       record.epoch() == head_.epoch ? head_.seq + 1 : 1,
                       " should: what is between them is missing"));
  } else if (record.prev_hash() != head_.hash) {
    Fault(record, absl::StrCat("was written after a record with the hash ",
                               ShortHex(record.prev_hash()),
                               ", and the one before it here has ",
                               ShortHex(head_.hash)));
  }
}

void StreamVerifier::CheckHash(const v1::Record& record) {
  const std::string hash = VerifyHashOf(stream_, record);
  if (hash != record.hash()) {
    Fault(record,
          absl::StrCat("was changed: its bytes have the hash ", ShortHex(hash),
                       ", and it says ", ShortHex(record.hash())));
  }
}

void StreamVerifier::CheckParts(const v1::Record& record,
                                const v1::Event& event) {
  for (const v1::Part& part : record.parts()) {
    const auto digest = std::find_if(
        event.parts().begin(), event.parts().end(),
        [&](const v1::PartDigest& d) { return d.name() == part.name(); });
    if (digest == event.parts().end()) {
      Fault(record, absl::StrCat("has a part '", part.name(),
                                 "' that its event does not list"));
    } else if (part.erased()) {
      ++verdict_.erased_parts;
      if (!part.salt().empty() || !part.data().empty()) {
        Fault(record, absl::StrCat("has a part '", part.name(),
                                   "' marked erased that still has bytes"));
      }
    } else if (Sha256(part.salt() + part.data()) != digest->digest()) {
      Fault(record, absl::StrCat("has a part '", part.name(),
                                 "' that is not the one that was hashed"));
    }
  }
}

void StreamVerifier::CheckLate(const v1::Record& record,
                               const v1::LateRecord& late) {
  const v1::Record& original = late.record();
  if (VerifyHashOf(stream_, original) != original.hash()) {
    Fault(record,
          absl::StrCat("takes in the late ",
                       PlaceText(original.epoch(), original.seq()),
                       " not as it was written: its hash does not fit"));
  }
}

void StreamVerifier::CheckWhatCounts(const v1::Record& record,
                                     const v1::Event& event, bool readable) {
  const auto listed = exceptions_.find({record.epoch(), record.seq()});
  const bool aside = listed != exceptions_.end() &&
                     absl::StartsWith(listed->second, kAsidePrefix);
  if (aside) ++verdict_.aside;
  if (!readable) {
    if (!aside) Fault(record, "holds no event that this program can read");
    return;
  }
  const absl::Status allowed = CheckPostings(writer_, event);
  if (!allowed.ok()) {
    // Put aside, it does no harm; but who debits what is another's has a broken
    // or a changed program, and that is what a person looks for here.
    if (!aside || absl::IsPermissionDenied(allowed)) {
      Fault(record,
            absl::StrCat("moves what it may not: ", allowed.message(),
                         aside ? "; it was put aside and does not count" : ""));
    }
  } else if (!aside) {
    const bool in_books = !books_end_.has_value() ||
                          Place(record.epoch(), record.seq()) <= *books_end_;
    if (in_books) sums_.Add(writer_, event);
    docs_.Add(writer_, record.epoch(), record.seq(), event, in_books);
    docs_.AddParts(record, event);
  } else if (!MayBeAside(record, event)) {
    Fault(record, absl::StrCat("is listed as '", listed->second,
                               "', and nothing is wrong with it"));
  }
}

bool StreamVerifier::MayBeAside(const v1::Record& record,
                                const v1::Event& event) const {
  // Whether a floor held depends on what had arrived by then: not judged again.
  if (DebitsFloored(event)) return true;
  Effects dropped;
  return !Fold({stream_, record.epoch(), record.seq()}, event, &dropped).ok();
}

}  // namespace branchline
