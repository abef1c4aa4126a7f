#include "edge/commit/edge_core.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/base/mutant.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"

namespace branchline {
EdgeCore::EdgeCore(EdgeIdentity identity, Store* store, const Clock* clock,
                   EdgeState state)
    : identity_(std::move(identity)),
      stream_(EdgeStream(identity_.node.branch())),
      store_(store),
      clock_(clock),
      state_(std::move(state)),
      books_(store),
      books_end_(state_.head) {}

absl::StatusOr<std::unique_ptr<EdgeCore>> EdgeCore::Open(EdgeIdentity identity,
                                                         Store* store,
                                                         const Clock* clock) {
  BL_ASSIGN_OR_RETURN(const auto books_end, ReadBooksEnd(*store));
  if (books_end.has_value()) {
    return absl::InternalError(
        "the books lack the journal's last records: RebuildIfNeeded() first");
  }
  BL_ASSIGN_OR_RETURN(EdgeState state, EdgeState::Load(*store, identity));
  const uint64_t epoch = identity.node.epoch();
  if (state.head.seq > 0 && state.head.epoch > epoch) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the journal is in epoch ", state.head.epoch,
        ", the box's identity is of epoch ", epoch,
        ": another box has taken this branch over; recover this one"));
  }
  std::unique_ptr<EdgeCore> core(
      new EdgeCore(std::move(identity), store, clock, std::move(state)));
  const bool opened =
      core->state_.head.epoch == epoch && core->state_.head.seq > 0;
  if (!opened) {
    const v1::NodeIdentity& node = core->identity_.node;
    v1::EpochGrant grant;
    if (!grant.ParseFromString(node.epoch_grant())) {
      return absl::DataLossError(
          "the epoch's grant in the identity is damaged");
    }
    const Cursor from = FromProto(grant.from());
    if (epoch > 1 && !(core->state_.head == from)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "epoch ", epoch, " starts after ", ToText(from),
          ", and the journal here ends at ", ToText(core->state_.head),
          ": run 'branchline edge recover' again"));
    }
    core->state_.head = {epoch, 0, core->state_.head.hash};
    core->state_.receipts.clear();
    Pending pending = core->NewPending();
    v1::Event event;
    event.mutable_epoch_opened()->set_grant(node.epoch_grant());
    event.mutable_epoch_opened()->set_signature(node.epoch_signature());
    BL_RETURN_IF_ERROR(core->Append(&event, &pending));
    BL_RETURN_IF_ERROR(core->Commit(std::move(pending)));
  }
  // A late record that cannot be taken in waits on; the box sells.
  const absl::Status taken = core->TakeInApproved();
  if (!taken.ok() && !absl::IsInvalidArgument(taken)) return taken;
  return core;
}

absl::Status EdgeCore::Append(v1::Event* event, Pending* pending) {
  const absl::Time now = std::max(clock_->WallNow(), state_.last_recorded_at);
  event->set_recorded_at_unix_micros(absl::ToUnixMicros(now));
  for (const auto& [stream, cursor] : state_.pulled) {
    v1::Seen* seen = event->add_seen();
    seen->set_stream(stream);
    seen->set_epoch(cursor.epoch);
    seen->set_seq(cursor.seq);
  }
  // A late record is a fact, whatever stands in it: if it may not count, every
  // node puts it aside, here too.
  if (!event->has_late_record()) {
    BL_RETURN_IF_ERROR(CheckPostings(identity_.node.branch(), *event));
  }
  v1::Record record =
      NextRecord(stream_, state_.head, event->SerializeAsString());
  if (record.payload().size() > kPayloadSizeMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the event has ", record.payload().size(),
                     " bytes, at most ", kPayloadSizeMax));
  }
  if (FoldMayWait(*event)) {
    pending->FoldLater(
        {stream_, record.epoch(), record.seq(), record.payload()});
  } else {
    BL_RETURN_IF_ERROR(
        FoldInto({stream_, record.epoch(), record.seq()}, *event, pending));
  }
  if (!event->command_id().empty()) {
    pending->PutCommand(event->command_id(), record.epoch(), record.seq());
  }
  pending->Put(Table::kJournal,
               RecordKey(stream_, record.epoch(), record.seq()),
               record.SerializeAsString());
  state_.head = CursorOf(record);
  state_.last_recorded_at = now;
  ++state_.events_total;
  ++state_.events_since_checkpoint;
  ++events_since_books_;
  Advance(*event);
  return absl::OkStatus();
}

void EdgeCore::Advance(const v1::Event& event) {
  switch (event.body_case()) {
    case v1::Event::kDayOpened:
      state_.open_date = event.day_opened().date();
      break;
    case v1::Event::kDayClosed:
      state_.open_date = 0;
      state_.sealed_date = event.day_closed().date();
      state_.sealed_epoch = state_.head.epoch;
      state_.sealed_seq = state_.head.seq;
      state_.open_shifts.clear();
      break;
    case v1::Event::kShiftOpened:
      state_.open_shifts.insert(event.till());
      break;
    case v1::Event::kShiftClosed:
      state_.open_shifts.erase(event.till());
      break;
    case v1::Event::kTrainingSet:
      if (event.training_set().on()) {
        state_.training.insert(event.till());
      } else {
        state_.training.erase(event.till());
      }
      break;
    case v1::Event::kSale:
      state_.receipts[event.till()] = event.sale().receipt_counter();
      break;
    case v1::Event::kReturn:
      state_.receipts[event.till()] = event.return_().receipt_counter();
      break;
    case v1::Event::kTillPaired:
      ++state_.pairings;
      if (event.till_paired().key_hash().empty()) {
        state_.key_hash.erase(event.till_paired().till());
      } else {
        state_.key_hash[event.till_paired().till()] =
            event.till_paired().key_hash();
      }
      break;
    default:
      break;
  }
}

v1::Checkpoint EdgeCore::SignCheckpoint() const {
  v1::Checkpoint checkpoint;
  checkpoint.set_epoch(state_.head.epoch);
  checkpoint.set_seq(state_.head.seq);
  checkpoint.set_hash(state_.head.hash);
  checkpoint.set_events_total(state_.events_total);
  checkpoint.set_signature(identity_.journal_key.Sign(
      kCheckpointPurpose, CheckpointBytes(stream_, checkpoint)));
  return checkpoint;
}

absl::Status EdgeCore::AppendCheckpointIfDue(Pending* pending,
                                             bool day_closed) {
  if (!day_closed && state_.events_since_checkpoint < kCheckpointEvery) {
    return absl::OkStatus();
  }
  pending->Put(Table::kJournal,
               CheckpointKey(stream_, state_.head.epoch, state_.head.seq),
               SignCheckpoint().SerializeAsString());
  state_.events_since_checkpoint = 0;
  return absl::OkStatus();
}

absl::StatusOr<v1::Checkpoint> EdgeCore::Checkpoint() {
  const v1::Checkpoint checkpoint = SignCheckpoint();
  const std::string key =
      CheckpointKey(stream_, state_.head.epoch, state_.head.seq);
  BL_ASSIGN_OR_RETURN(const auto have, store_->Get(Table::kJournal, key));
  if (have.has_value()) return checkpoint;
  Pending pending = NewPending();
  pending.Put(Table::kJournal, key, checkpoint.SerializeAsString());
  state_.events_since_checkpoint = 0;
  BL_RETURN_IF_ERROR(Commit(std::move(pending)));
  return checkpoint;
}

absl::Status EdgeCore::FoldInto(const RecordAt& at, const v1::Event& event,
                                Pending* pending) const {
  return FoldEvent(
      [&](absl::string_view owner, absl::string_view unit) {
        return books_.Read(books::Balance(owner, unit));
      },
      [&](const std::string& stream) { return ReadHead(*store_, stream); }, at,
      event, pending->effects());
}

absl::Status EdgeCore::FoldPulled(absl::string_view stream,
                                  const v1::Record& record,
                                  Pending* pending) const {
  return FoldRecord(
      [&](absl::string_view owner, absl::string_view unit) {
        return books_.Read(books::Balance(owner, unit));
      },
      [&](const std::string& end) { return ReadHead(*store_, end); }, stream,
      record, pending->effects());
}

absl::Status EdgeCore::Commit(Pending pending) {
  WriteSet writes = pending.WritesThatMayNotLag();
  if (writes.empty()) return absl::OkStatus();
  if (events_since_books_ >= kBooksEvery ||
      (state_.sealed_seq == state_.head.seq && events_since_books_ > 0)) {
    pending.FoldWaiting();
    return CommitWithBooks(std::move(writes), pending.TakeFolded());
  }
  if (!books_end_on_disk_) PutBooksEnd(&writes);
  BL_RETURN_IF_ERROR(CommitWrites(writes));
  books_end_on_disk_ = true;
  books_.Add(pending.TakeFolded(), pending.TakeUnfolded());
  return absl::OkStatus();
}

absl::Status EdgeCore::CommitWithBooks(WriteSet writes, Folded folded) {
  books_end_ = state_.head;
  PutBooksEnd(&writes);
  BL_RETURN_IF_ERROR(
      books_.WriteOut(std::move(writes), std::move(folded),
                      [&](const WriteSet& all) { return CommitWrites(all); }));
  books_end_on_disk_ = true;
  events_since_books_ = 0;
  return absl::OkStatus();
}

absl::Status EdgeCore::WriteBooks() {
  if (books_.Complete()) return absl::OkStatus();
  return CommitWithBooks(WriteSet(), Folded());
}

void EdgeCore::PutBooksEnd(WriteSet* writes) const {
  v1::Seen end;
  end.set_stream(stream_);
  end.set_epoch(books_end_.epoch);
  end.set_seq(books_end_.seq);
  writes->Put(Table::kJournal, std::string(kBooksEndKey),
              end.SerializeAsString());
}

absl::Status EdgeCore::CommitWhole(const Pending& pending) {
  return CommitWrites(pending.Writes());
}

absl::Status EdgeCore::CommitWrites(const WriteSet& writes) {
  if (writes.empty()) return absl::OkStatus();
  const absl::Status status = BL_MUTANT(kReplyBeforeSync)
                                  ? store_->CommitUnsynced(writes)
                                  : store_->Commit(writes);
  if (!status.ok()) broken_ = true;
  return status;
}

}  // namespace branchline
