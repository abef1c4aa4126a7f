#include "sync/journal/verify_signatures.h"

#include <tuple>

#include "absl/strings/str_cat.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/identity/signing_key.h"
#include "sync/ledger/account_rules.h"

namespace branchline {
namespace {

// What checkpoints and snapshots sign: docs/JOURNAL.md, written a second time.
std::string SignedPlace(absl::string_view stream, uint64_t epoch, uint64_t seq,
                        absl::string_view hash) {
  std::string message(1, static_cast<char>(stream.size()));
  absl::StrAppend(&message, stream);
  AppendU64(&message, epoch);
  AppendU64(&message, seq);
  absl::StrAppend(&message, hash);
  return message;
}

}  // namespace

std::string PlaceText(uint64_t epoch, uint64_t seq) {
  return absl::StrCat("record ", seq, " of epoch ", epoch);
}

void AddFault(const v1::Record& record, absl::string_view what,
              Faults* faults) {
  faults->Add(absl::StrCat(PlaceText(record.epoch(), record.seq()), " ", what));
}

std::string StreamPrefix(char kind, absl::string_view stream) {
  return absl::StrCat(absl::string_view(&kind, 1), stream,
                      absl::string_view("\0", 1));
}

SignatureVerifier::SignatureVerifier(absl::string_view stream,
                                     absl::string_view writer,
                                     absl::string_view hub_public_key,
                                     StreamVerdict* verdict)
    : stream_(stream),
      writer_(writer),
      hub_public_key_(hub_public_key),
      verdict_(*verdict) {
  // The hub's streams are the hub's in every epoch; a branch's key comes with
  // each epoch's grant.
  if (writer_ == kHub) epoch_key_ = hub_public_key_;
}

absl::Status SignatureVerifier::Read(const Store& store, const Cursor& base) {
  if (!(base == Cursor())) BL_RETURN_IF_ERROR(CheckSnapshot(store, base));
  if (writer_ != kHub) BL_RETURN_IF_ERROR(ReadAck(store));
  const std::string prefix = StreamPrefix('k', stream_);
  return store.Scan(
      Table::kJournal, prefix, PrefixEnd(prefix),
      [&](absl::string_view key, absl::string_view value) {
        v1::Checkpoint checkpoint;
        if (!checkpoint.ParseFromArray(value.data(),
                                       static_cast<int>(value.size()))) {
          verdict_.faults.Add("has a checkpoint whose bytes cannot be read");
          return true;
        }
        std::string place;
        AppendU64(&place, checkpoint.epoch());
        AppendU64(&place, checkpoint.seq());
        if (key.substr(prefix.size()) != place) {
          verdict_.faults.Add(
              absl::StrCat("has the checkpoint of ",
                           PlaceText(checkpoint.epoch(), checkpoint.seq()),
                           " at another record's place"));
          return true;
        }
        checkpoints_.push_back(std::move(checkpoint));
        return true;
      });
}

absl::Status SignatureVerifier::CheckSnapshot(const Store& store,
                                              const Cursor& base) {
  std::string prefix = StreamPrefix('s', stream_);
  AppendU64(&prefix, base.epoch);
  AppendU64(&prefix, base.seq);
  BL_ASSIGN_OR_RETURN(const auto last,
                      store.Last(Table::kJournal, prefix, PrefixEnd(prefix)));
  v1::SnapshotChunk chunk;
  const bool readable = last.has_value() && chunk.ParseFromString(last->second);
  if (!readable ||
      !VerifySignature(hub_public_key_, "snapshot",
                       SignedPlace(stream_, base.epoch, base.seq, base.hash),
                       chunk.signature())
           .ok()) {
    verdict_.faults.Add(
        absl::StrCat("starts after ", PlaceText(base.epoch, base.seq),
                     " from a snapshot that is not signed by the hub"));
  }
  return absl::OkStatus();
}

absl::Status SignatureVerifier::ReadAck(const Store& store) {
  BL_ASSIGN_OR_RETURN(const auto bytes, store.Get(Table::kJournal, "!ack"));
  if (!bytes.has_value()) return absl::OkStatus();
  v1::Ack ack;
  const bool readable = ack.ParseFromString(*bytes);
  const Cursor at{ack.at().epoch(), ack.at().seq(), ack.at().hash()};
  if (!readable ||
      !VerifySignature(hub_public_key_, "ack",
                       SignedPlace(writer_, at.epoch, at.seq, at.hash),
                       ack.signature())
           .ok()) {
    verdict_.faults.Add("has an ack that is not signed by the hub");
    return absl::OkStatus();
  }
  acked_ = at;
  return absl::OkStatus();
}

void SignatureVerifier::OnRecord(const v1::Record& record,
                                 const v1::Event& event, const Cursor& before) {
  ++verdict_.unsigned_records;
  CheckEpoch(record, event, before);
  if (acked_.has_value() && acked_->epoch == record.epoch() &&
      acked_->seq == record.seq()) {
    verdict_.unsigned_records = 0;
    if (acked_->hash != record.hash()) {
      AddFault(record,
               absl::StrCat("has the hash ", ShortHex(record.hash()),
                            ", and the hub has signed that it holds ",
                            ShortHex(acked_->hash), " there"),
               &verdict_.faults);
    }
  }
  const auto here = std::tuple(record.epoch(), record.seq());
  for (; next_checkpoint_ < checkpoints_.size(); ++next_checkpoint_) {
    const v1::Checkpoint& checkpoint = checkpoints_[next_checkpoint_];
    const auto place = std::tuple(checkpoint.epoch(), checkpoint.seq());
    if (place > here) return;
    // Smaller: of a record before the snapshot, or of one that is missing,
    // which the gap has told.
    if (place == here) CheckCheckpoint(record, checkpoint);
  }
}

void SignatureVerifier::CheckEpoch(const v1::Record& record,
                                   const v1::Event& event,
                                   const Cursor& before) {
  const bool first = record.seq() == 1;
  // Zero so far: begun before the snapshot, or its start is missing.
  if (first || verdict_.epochs == 0) ++verdict_.epochs;
  if (writer_ == kHub) {
    if (event.has_epoch_opened()) {
      CheckGrant(record, event.epoch_opened(), before);
    }
    return;
  }
  if (!first) {
    if (event.has_epoch_opened()) {
      AddFault(record, "opens an epoch in the middle of one", &verdict_.faults);
    }
    return;
  }
  epoch_key_.clear();
  if (event.has_epoch_opened()) {
    CheckGrant(record, event.epoch_opened(), before);
  } else {
    AddFault(record, "is the first of its epoch and does not open it",
             &verdict_.faults);
  }
}

void SignatureVerifier::CheckGrant(const v1::Record& record,
                                   const v1::EpochOpened& opened,
                                   const Cursor& before) {
  const auto fault = [&](absl::string_view what) {
    AddFault(record, what, &verdict_.faults);
  };
  v1::EpochGrant grant;
  if (!VerifySignature(hub_public_key_, "epoch", opened.grant(),
                       opened.signature())
           .ok()) {
    return fault(
        "opens an epoch that the hub did not grant: the grant's signature is "
        "not the hub's");
  }
  if (!grant.ParseFromString(opened.grant())) {
    return fault("opens an epoch with a grant that cannot be read");
  }
  if (grant.branch() != writer_ || grant.epoch() != record.epoch()) {
    return fault(absl::StrCat("opens its epoch with the grant of epoch ",
                              grant.epoch(), " for ", grant.branch()));
  }
  const v1::Position& from = grant.from();
  if (from.seq() == 0) {
    if (verdict_.records > 1) {
      return fault(
          "opens an epoch granted for an empty journal, and there are records "
          "before it");
    }
  } else if (from.epoch() != before.epoch || from.seq() != before.seq ||
             from.hash() != before.hash) {
    return fault(absl::StrCat("opens an epoch granted after ",
                              PlaceText(from.epoch(), from.seq()), " (",
                              ShortHex(from.hash()),
                              "), and here it stands after ", ToText(before)));
  }
  if (writer_ != kHub) epoch_key_ = grant.journal_public_key();
}

void SignatureVerifier::CheckCheckpoint(const v1::Record& record,
                                        const v1::Checkpoint& checkpoint) {
  ++verdict_.checkpoints;
  verdict_.unsigned_records = 0;
  std::string message = SignedPlace(stream_, checkpoint.epoch(),
                                    checkpoint.seq(), checkpoint.hash());
  AppendU64(&message, checkpoint.events_total());
  if (epoch_key_.empty() || !VerifySignature(epoch_key_, "checkpoint", message,
                                             checkpoint.signature())
                                 .ok()) {
    AddFault(record, "has a checkpoint that is not signed by its epoch's key",
             &verdict_.faults);
  } else if (checkpoint.hash() != record.hash()) {
    AddFault(
        record,
        absl::StrCat("has the hash ", ShortHex(record.hash()),
                     ", and its checkpoint signs ", ShortHex(checkpoint.hash()),
                     ": the journal was written anew up to here"),
        &verdict_.faults);
  }
  // 0: its signer did not count.
  if (checkpoint.events_total() == 0) return;
  if (!base_events_known_) {
    base_events_known_ = true;
    if (verdict_.from_snapshot) {
      base_events_ = checkpoint.events_total() - verdict_.records;
    }
  }
  if (checkpoint.events_total() != base_events_ + verdict_.records) {
    AddFault(
        record,
        absl::StrCat("has a checkpoint over ", checkpoint.events_total(),
                     " events, here are ", base_events_ + verdict_.records),
        &verdict_.faults);
  }
}

void SignatureVerifier::OnEnd(const Cursor& end) {
  if (acked_.has_value() && end.IsBefore(*acked_)) {
    verdict_.faults.Add(
        absl::StrCat("ends at ", PlaceText(end.epoch, end.seq),
                     ", and the hub has signed that it holds ",
                     PlaceText(acked_->epoch, acked_->seq),
                     ": the records after its end are missing"));
  }
  if (next_checkpoint_ >= checkpoints_.size()) return;
  const v1::Checkpoint& last = checkpoints_.back();
  if (!end.IsBefore({last.epoch(), last.seq(), last.hash()})) return;
  verdict_.faults.Add(absl::StrCat("ends at ", PlaceText(end.epoch, end.seq),
                                   ", and is signed to ",
                                   PlaceText(last.epoch(), last.seq()),
                                   ": the records after its end are missing"));
}

}  // namespace branchline
