#include "hub/intake/intake_core.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/intake/branch_gate.h"
#include "hub/intake/push_check.h"
#include "hub/merge/fence.h"
#include "hub/storage/fold_stored.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/base/mutant.h"
#include "sync/base/status_macros.h"
#include "sync/journal/record.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"
#include "sync/replication/refusal.h"

namespace branchline {
namespace {

// What both sides of a fork have, and what to do about it.
std::string ForkText(const std::string& stream, uint64_t epoch, uint64_t seq,
                     absl::string_view ours, absl::string_view theirs) {
  return absl::StrCat(
      "record ", seq, " of epoch ", epoch, " in ", stream, " has the hash ",
      Hex(theirs), " on this box and ", Hex(ours),
      " at the hub: two boxes have posted as this branch, or a disk was rolled "
      "back. Keep the disks, stop selling on this box, and set one up anew "
      "with a token of 'branchline branch token --recover'");
}

}  // namespace

// One push on its way through Prepare().
class IntakeCore::Preparation {
 public:
  Preparation(const IntakeCore& core, const PeerIdentity& peer, v1::Push* push,
              const std::optional<Cursor>& pending)
      : store_(core.store_),
        core_(core),
        peer_(peer),
        push_(*push),
        pending_(pending),
        stream_(EdgeStream(peer.branch)) {}

  absl::StatusOr<Outcome> Run() {
    BL_ASSIGN_OR_RETURN(auto gate, CheckGate(store_, peer_));
    if (auto* refused = std::get_if<v1::Refused>(&gate)) {
      return Refuse(std::move(*refused));
    }
    box_ = std::move(std::get<LiveBox>(gate).box);
    auto checked = CheckPush(stream_, box_, push_, &arena_);
    if (auto* refused = std::get_if<v1::Refused>(&checked)) {
      return Refuse(std::move(*refused));
    }
    records_ = std::get<std::vector<const v1::Record*>>(std::move(checked));
    if (pending_.has_value()) {
      head_ = *pending_;
    } else {
      BL_ASSIGN_OR_RETURN(const auto cursors, store_.ReadCursors({stream_}));
      head_ = cursors[0];
    }
    expect_ = head_;
    first_new_ = records_.size();
    for (size_t i = 0; i < records_.size(); ++i) {
      BL_ASSIGN_OR_RETURN(auto stop, Take(*records_[i], i));
      if (stop.has_value()) return *std::move(stop);
    }
    return Finish();
  }

 private:
  using Stop = std::optional<Outcome>;

  static Outcome Refuse(v1::Refused refused) {
    return Outcome(HubPort::Taken(std::move(refused)));
  }
  Stop BadRecord(const v1::Record& record, absl::string_view what) const {
    return Refuse(MakeRefused(
        v1::REFUSAL_CODE_BAD_RECORD,
        absl::StrCat("record ", record.seq(), " of epoch ", record.epoch(),
                     " in ", stream_, " was not taken: ", what),
        head_, CursorOf(record)));
  }

  // nullopt: go on with the next record.
  absl::StatusOr<Stop> Take(const v1::Record& record, size_t index) {
    const Cursor at = CursorOf(record);
    if (!head_.IsBefore(at)) return TakeKnown(record);
    if (record.epoch() > box_.epoch()) {
      return BadRecord(record,
                       absl::StrCat("the last epoch that this hub granted to ",
                                    peer_.branch, " is ", box_.epoch(),
                                    "; join with a token of 'branchline branch "
                                    "token --recover' to open another"));
    }
    if (record.epoch() < box_.epoch() && !IsSealedPart(record)) {
      return OldEpoch(record);
    }
    const absl::Status follows = CheckFollows(stream_, head_, record);
    if (absl::IsDataLoss(follows)) {
      return Fork(head_.epoch, head_.seq, head_.hash, record.prev_hash(),
                  CursorOf(record));
    }
    if (absl::IsOutOfRange(follows)) {
      return Stop(Refuse(
          MakeRefused(v1::REFUSAL_CODE_GAP,
                      absl::StrCat("the push begins at ", ToText(at),
                                   ", the hub holds ", stream_, " to ",
                                   ToText(head_), ": push again from there"),
                      head_, at)));
    }
    if (!follows.ok()) return BadRecord(record, follows.message());
    return TakeNew(record, index);
  }

  // A hub that was restored gets records of sealed epochs again, up to where
  // they were sealed.
  bool IsSealedPart(const v1::Record& record) const {
    for (const v1::SealedEpoch& sealed : box_.sealed()) {
      if (sealed.epoch() == record.epoch()) {
        return !FromProto(sealed.last()).IsBefore(CursorOf(record));
      }
    }
    return false;
  }

  Stop OldEpoch(const v1::Record& record) const {
    return Refuse(MakeRefused(
        v1::REFUSAL_CODE_OLD_EPOCH,
        absl::StrCat(ToText(CursorOf(record)), " in ", stream_,
                     " lies behind the end of an epoch that was sealed; the "
                     "hub holds the journal to ",
                     ToText(head_), " and the branch posts in epoch ",
                     box_.epoch(), ". Hand it in at the branch's new box"),
        head_, CursorOf(record)));
  }

  absl::StatusOr<Stop> TakeKnown(const v1::Record& record) {
    std::string ours;
    if (head_.SamePlace(CursorOf(record))) {
      ours = head_.hash;
    } else {
      const auto stored =
          store_.ReadHash(stream_, record.epoch(), record.seq());
      // Either in flight, or of an epoch that never went that far here.
      if (absl::IsNotFound(stored.status())) {
        if (pending_.has_value()) return Stop(Settle{});
        return OldEpoch(record);
      }
      BL_RETURN_IF_ERROR(stored.status());
      ours = *stored;
    }
    if (ours == record.hash() || BL_MUTANT(kHashUnchecked)) {
      if (BL_MUTANT(kNoDedup)) return FoldOne(record);
      return Stop();
    }
    return Fork(record.epoch(), record.seq(), ours, record.hash(),
                CursorOf(record));
  }

  absl::StatusOr<Stop> Fork(uint64_t epoch, uint64_t seq,
                            absl::string_view ours, absl::string_view theirs,
                            const Cursor& at) {
    // What is in flight may yet turn out not to be stored: only what is on
    // disk is evidence.
    if (pending_.has_value()) return Stop(Settle{});
    const std::string why = ForkText(stream_, epoch, seq, ours, theirs);
    const absl::Status fenced =
        FenceBranch(&core_.store_, &core_.ledger_, peer_.branch, why);
    // A hub that may decide nothing yet still takes nothing of a fork.
    if (!fenced.ok() && !absl::IsUnavailable(fenced)) return fenced;
    return Stop(Refuse(MakeRefused(v1::REFUSAL_CODE_FORK, why, head_, at)));
  }

  // The first record of an epoch is the hub's own grant of it.
  absl::Status CheckOpening(const v1::Record& record,
                            const v1::Event& event) const {
    const v1::EpochOpened& opened = event.epoch_opened();
    v1::EpochGrant grant;
    if (!event.has_epoch_opened() || !grant.ParseFromString(opened.grant())) {
      return absl::InvalidArgumentError(
          "an epoch's first record must be the hub's grant of it, and it is "
          "not");
    }
    const bool current = record.epoch() == box_.epoch();
    if (grant.branch() != peer_.branch || grant.epoch() != record.epoch() ||
        (current && opened.grant() != box_.epoch_grant())) {
      return absl::InvalidArgumentError(absl::StrCat(
          "it opens its epoch with a grant for epoch ", grant.epoch(), " of ",
          grant.branch(), ", which is not the one this box was given"));
    }
    return Annotate(
        VerifySignature(core_.ledger_.key().public_key(), kEpochPurpose,
                        opened.grant(), opened.signature()),
        absl::StrCat("the grant of epoch ", record.epoch(),
                     " is not signed by this hub"));
  }

  absl::StatusOr<Stop> TakeNew(const v1::Record& record, size_t index) {
    BL_ASSIGN_OR_RETURN(Stop stop, FoldOne(record));
    if (stop.has_value()) return stop;
    head_ = CursorOf(record);
    first_new_ = std::min(first_new_, index);
    return Stop();
  }

  absl::StatusOr<Stop> FoldOne(const v1::Record& record) {
    const RecordAt at{stream_, record.epoch(), record.seq(), &record.parts()};
    auto* event = google::protobuf::Arena::CreateMessage<v1::Event>(&arena_);
    if (!event->ParseFromString(record.payload())) {
      if (record.seq() == 1) {
        return BadRecord(record, "an epoch's first record cannot be read");
      }
      FoldAside(at, "its bytes are no event that this program can read",
                &effects_);
      return Stop();
    }
    if (const absl::Status parts = CheckParts(record, event->parts());
        !parts.ok()) {
      return BadRecord(record, parts.message());
    }
    if (record.seq() == 1) {
      const absl::Status opens = CheckOpening(record, *event);
      if (!opens.ok()) return BadRecord(record, opens.message());
    }
    // A floor is checked against the stored balance: all before must be there.
    if (pending_.has_value() && DebitsFloored(*event)) return Stop(Settle{});
    BL_RETURN_IF_ERROR(FoldStored(store_, at, *event, &effects_));
    return Stop();
  }

  Outcome Finish() {
    const bool repeats = BL_MUTANT(kNoDedup) && !effects_.cells.empty();
    if (first_new_ == records_.size() && !repeats) {
      // All known. The ack says how far the hub really is, if that is on disk.
      if (pending_.has_value()) return Settle{};
      return Outcome(HubPort::Taken(core_.SignAck(peer_.branch, head_)));
    }
    PreparedPush prepared;
    prepared.peer = peer_;
    prepared.end = head_;
    HubApply& apply = prepared.apply;
    apply.box = BoxCondition{peer_.branch, box_.epoch()};
    apply.effects = std::move(effects_);
    StreamAppend& append = apply.appends.emplace_back();
    append.stream = stream_;
    append.expect = expect_;
    append.end = head_;
    append.records.reserve(records_.size() - first_new_);
    for (size_t i = first_new_; i < records_.size(); ++i) {
      std::string& bytes = *push_.mutable_records(static_cast<int>(i));
      prepared.bytes += bytes.size();
      append.records.push_back(
          {records_[i]->epoch(), records_[i]->seq(), std::move(bytes)});
    }
    append.checkpoint = std::move(*push_.mutable_checkpoint());
    return prepared;
  }

  HubStore& store_;
  const IntakeCore& core_;
  const PeerIdentity& peer_;
  v1::Push& push_;
  const std::optional<Cursor>& pending_;
  const std::string stream_;

  google::protobuf::Arena arena_;
  v1::BoxState box_;
  std::vector<const v1::Record*> records_;  // in arena_
  Cursor expect_;
  Cursor head_;           // with the records taken so far
  size_t first_new_ = 0;  // index; all before it were known
  Effects effects_;
};

absl::StatusOr<IntakeCore::Outcome> IntakeCore::Prepare(
    const PeerIdentity& peer, v1::Push* push,
    const std::optional<Cursor>& pending) const {
  return Preparation(*this, peer, push, pending).Run();
}

absl::StatusOr<std::vector<std::optional<v1::Ack>>> IntakeCore::CommitPrepared(
    std::vector<PreparedPush>* pushes) const {
  std::vector<HubApply*> applies;
  applies.reserve(pushes->size());
  for (PreparedPush& push : *pushes) applies.push_back(&push.apply);
  BL_ASSIGN_OR_RETURN(const std::vector<HubApplied> applied,
                      store_.ApplyMany(applies));
  BL_CHECK(applied.size() == pushes->size(), "one answer for each change");
  std::vector<std::optional<v1::Ack>> acks(pushes->size());
  for (size_t i = 0; i < pushes->size(); ++i) {
    if (!applied[i].applied) continue;
    const PreparedPush& push = (*pushes)[i];
    acks[i] = SignAck(push.peer.branch, push.end);
  }
  return acks;
}

absl::StatusOr<HubPort::Taken> IntakeCore::TakeNow(const PeerIdentity& peer,
                                                   v1::Push push) const {
  for (int i = 0; i < kTakeTriesMax; ++i) {
    BL_ASSIGN_OR_RETURN(Outcome outcome, Prepare(peer, &push, std::nullopt));
    if (auto* taken = std::get_if<HubPort::Taken>(&outcome)) {
      return std::move(*taken);
    }
    BL_CHECK(std::holds_alternative<PreparedPush>(outcome),
             "nothing is in flight that could be waited for");
    std::vector<PreparedPush> one;
    one.push_back(std::get<PreparedPush>(std::move(outcome)));
    BL_ASSIGN_OR_RETURN(auto acks, CommitPrepared(&one));
    if (acks[0].has_value()) return HubPort::Taken(*std::move(acks[0]));
    push = GiveBack(std::move(one[0]));
  }
  return absl::AbortedError(
      absl::StrCat("take a push of ", peer.branch, ": its journal changed ",
                   kTakeTriesMax, " times in between; push again"));
}

v1::Push IntakeCore::GiveBack(PreparedPush prepared) {
  v1::Push push;
  StreamAppend& append = prepared.apply.appends[0];
  for (StoredRecord& record : append.records) {
    push.add_records(std::move(record.bytes));
  }
  if (append.checkpoint.has_value()) {
    *push.mutable_checkpoint() = *std::move(append.checkpoint);
  }
  return push;
}

v1::Ack IntakeCore::SignAck(const std::string& branch, const Cursor& at) const {
  v1::Ack ack;
  *ack.mutable_at() = ToProto(at);
  ack.set_signature(
      ledger_.key().Sign(kAckPurpose, AckBytes(branch, ack.at())));
  return ack;
}

}  // namespace branchline
