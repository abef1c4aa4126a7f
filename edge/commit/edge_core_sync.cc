// EdgeCore's dealings with the hub: what is pulled, acks, late suffixes.

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "branchline/v1/state.pb.h"
#include "edge/commit/edge_core.h"
#include "edge/commit/ledger_view.h"
#include "edge/till/write_off.h"
#include "sync/base/bytes.h"
#include "sync/base/mutant.h"
#include "sync/base/status_macros.h"
#include "sync/identity/signing_key.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr uint64_t kLateRecordsPerCommit = 500;

absl::Status CheckFollowed(absl::string_view stream, absl::string_view branch) {
  if (stream == kChainStream || stream == BranchStream(branch) ||
      absl::StartsWith(stream, "group:")) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat("the hub sent stream '",
                                                 stream, "', which ", branch,
                                                 " does not follow"));
}

// Registers that a snapshot may set: the hub's own, nothing of a branch.
bool IsHubRegister(absl::string_view key) {
  return !key.empty() &&
         absl::StrContains("ipfuordthejABDEFQ", key.substr(0, 1));
}

}  // namespace

absl::Status EdgeCore::TakeRecords(const v1::StreamRecords& records) {
  const std::string& stream = records.stream();
  BL_RETURN_IF_ERROR(CheckFollowed(stream, identity_.node.branch()));
  Cursor head = state_.pulled[stream];
  Pending pending = NewPending();
  Pending effects_apart = NewPending();  // used by a mutant alone
  Pending* const folded =
      BL_MUTANT(kCursorOutsideBatch) ? &effects_apart : &pending;
  bool approved = false;
  for (const std::string& bytes : records.records()) {
    v1::Record record;
    if (!record.ParseFromString(bytes)) {
      return absl::InvalidArgumentError(
          absl::StrCat("a record of ", stream, " from the hub is damaged"));
    }
    const bool known = !head.IsBefore(CursorOf(record));
    if (known && !BL_MUTANT(kPullAppliedTwice)) continue;
    if (!known) {
      BL_RETURN_IF_ERROR(CheckFollows(stream, head, record));
      head = CursorOf(record);
      pending.Put(Table::kJournal,
                  RecordKey(stream, record.epoch(), record.seq()), bytes);
    }
    v1::Event event;
    if (event.ParseFromString(record.payload())) {
      BL_RETURN_IF_ERROR(CheckParts(record, event.parts()));
      approved |= event.has_late_suffix_approved();
    }
    BL_RETURN_IF_ERROR(FoldPulled(stream, record, folded));
  }
  const v1::Checkpoint& checkpoint = records.checkpoint();
  if (checkpoint.epoch() == head.epoch && checkpoint.seq() == head.seq) {
    if (checkpoint.hash() != head.hash) {
      return absl::DataLossError(absl::StrCat(
          "the hub signed ", ShortHex(checkpoint.hash()), " for ", stream,
          " at ", ToText(head), ": two histories of the hub"));
    }
    BL_RETURN_IF_ERROR(Annotate(
        VerifySignature(identity_.node.hub_public_key(), kCheckpointPurpose,
                        CheckpointBytes(stream, checkpoint),
                        checkpoint.signature()),
        absl::StrCat("checkpoint of ", stream)));
    pending.Put(Table::kJournal,
                CheckpointKey(stream, checkpoint.epoch(), checkpoint.seq()),
                checkpoint.SerializeAsString());
  }
  items_.Drop();
  BL_RETURN_IF_ERROR(CommitWhole(pending));
  if (folded != &pending) BL_RETURN_IF_ERROR(CommitWhole(*folded));
  state_.pulled[stream] = head;
  ++state_.pulls;
  return approved ? TakeInApproved() : absl::OkStatus();
}

absl::Status EdgeCore::TakeSnapshot(const v1::SnapshotChunk& chunk) {
  const std::string& stream = chunk.stream();
  BL_RETURN_IF_ERROR(CheckFollowed(stream, identity_.node.branch()));
  const Cursor at = FromProto(chunk.at());
  if (!state_.pulled[stream].IsBefore(at)) return absl::OkStatus();
  EdgeState::Incoming& incoming = state_.incoming[stream];
  const bool goes_on = incoming.at == at;
  if (goes_on && chunk.index() < incoming.next) return absl::OkStatus();
  const uint64_t wanted = goes_on ? incoming.next : 0;
  if (chunk.index() != wanted) {
    return absl::OutOfRangeError(
        absl::StrCat("chunk ", chunk.index(), " of the snapshot of ", stream,
                     " at ", ToText(at), " came, chunk ", wanted, " is next"));
  }
  Pending pending = NewPending();
  if (chunk.index() == 0) {
    // Of one that was cut half through nothing stays.
    BL_RETURN_IF_ERROR(DropSnapshots(stream, at, /*keep_base=*/true, &pending));
  }
  for (const v1::SnapshotRow& row : chunk.rows()) {
    if (!IsHubRegister(row.key())) {
      return absl::InvalidArgumentError(absl::StrCat(
          "a snapshot of ", stream, " sets a register that is not the hub's"));
    }
    pending.effects()->puts[row.key()] = row.value();
  }
  pending.Put(Table::kJournal, SnapshotChunkKey(stream, at, chunk.index()),
              chunk.SerializeAsString());
  if (chunk.last()) {
    BL_RETURN_IF_ERROR(Annotate(
        VerifySignature(identity_.node.hub_public_key(), kSnapshotPurpose,
                        SnapshotBytes(stream, chunk.at()), chunk.signature()),
        absl::StrCat("snapshot of ", stream)));
    pending.Put(Table::kJournal, SnapshotBaseKey(stream),
                ToProto(at).SerializeAsString());
    BL_RETURN_IF_ERROR(
        DropSnapshots(stream, at, /*keep_base=*/false, &pending));
  }
  items_.Drop();
  BL_RETURN_IF_ERROR(CommitWhole(pending));
  ++state_.pulls;
  if (chunk.last()) {
    state_.pulled[stream] = at;
    state_.incoming.erase(stream);
  } else {
    incoming = {at, chunk.index() + 1};
  }
  return absl::OkStatus();
}

absl::Status EdgeCore::DropSnapshots(const std::string& stream,
                                     const Cursor& keep, bool keep_base,
                                     Pending* pending) const {
  const std::string kept = SnapshotChunksAt(stream, keep);
  std::string base_kept = kept;
  BL_ASSIGN_OR_RETURN(const auto base,
                      store_->Get(Table::kJournal, SnapshotBaseKey(stream)));
  v1::Position position;
  if (keep_base && base.has_value() && position.ParseFromString(*base)) {
    base_kept = SnapshotChunksAt(stream, FromProto(position));
  }
  const std::string all = SnapshotChunksOf(stream);
  return store_->Scan(
      Table::kJournal, all, PrefixEnd(all),
      [&](absl::string_view key, absl::string_view) {
        if (!absl::StartsWith(key, kept) && !absl::StartsWith(key, base_kept)) {
          pending->Delete(Table::kJournal, std::string(key));
        }
        return true;
      });
}

absl::Status EdgeCore::StoreAck(const v1::Ack& ack) {
  BL_RETURN_IF_ERROR(
      Annotate(VerifySignature(identity_.node.hub_public_key(), kAckPurpose,
                               AckBytes(identity_.node.branch(), ack.at()),
                               ack.signature()),
               "ack from the hub"));
  // A hint, not a promise: it may be lost in a power cut, the next ack or
  // Welcome says the same again.
  WriteSet writes;
  writes.Put(Table::kJournal, std::string(kAckKey), ack.SerializeAsString());
  const absl::Status stored = store_->CommitUnsynced(writes);
  if (!stored.ok()) broken_ = true;
  return stored;
}

absl::Status EdgeCore::StoreSecret(absl::string_view secret) {
  WriteSet writes;
  writes.Put(Table::kJournal, std::string(kSecretKey), std::string(secret));
  const absl::Status stored = store_->Commit(writes);
  if (!stored.ok()) broken_ = true;
  return stored;
}

absl::Status EdgeCore::StoreRefused(const v1::Refused& refused) {
  Pending pending = NewPending();
  pending.Put(Table::kLocal, std::string(local::kRefusedKey),
              refused.SerializeAsString());
  BL_RETURN_IF_ERROR(Commit(std::move(pending)));
  state_.refused_why = refused.message();
  return absl::OkStatus();
}

absl::Status EdgeCore::ClearRefused() {
  if (state_.refused_why.empty()) return absl::OkStatus();
  Pending pending = NewPending();
  pending.Delete(Table::kLocal, std::string(local::kRefusedKey));
  BL_RETURN_IF_ERROR(Commit(std::move(pending)));
  state_.refused_why.clear();
  return absl::OkStatus();
}

absl::StatusOr<v1::LateSuffixFound> EdgeCore::OfferLate(
    const Cursor& sealed, const std::vector<v1::Record>& records) {
  if (records.empty()) {
    return absl::NotFoundError(
        absl::StrCat("the old journal has nothing after ", ToText(sealed),
                     ", which the hub holds: nothing of it is missing"));
  }
  Pending pending = NewPending();
  v1::LateSuffixFound found;
  found.set_epoch(records.front().epoch());
  found.set_first_seq(records.front().seq());
  std::map<std::string, int64_t> totals;
  Cursor head = sealed;
  for (const v1::Record& record : records) {
    BL_RETURN_IF_ERROR(CheckFollows(stream_, head, record));
    head = CursorOf(record);
    v1::Event event;
    if (!event.ParseFromString(record.payload())) {
      return absl::DataLossError(
          absl::StrCat(ToText(head), " of the old journal cannot be read"));
    }
    if (event.has_sale()) {
      totals[event.sale().currency()] += event.sale().total_minor();
    }
    if (event.has_return_()) {
      totals[event.return_().currency()] += event.return_().total_minor();
    }
    found.set_receipts(found.receipts() +
                       (event.has_sale() || event.has_return_() ? 1 : 0));
    pending.Put(
        Table::kLocal,
        local::LateKey(record.epoch(), records.back().hash(), record.seq()),
        record.SerializeAsString());
  }
  *found.mutable_last() = ToProto(head);
  for (const auto& [currency, net_minor] : totals) {
    v1::CurrencyTotal* total = found.add_totals();
    total->set_currency(currency);
    total->set_net_minor(net_minor);
  }
  v1::Event event;
  *event.mutable_late_suffix_found() = found;
  event.set_business_date(state_.open_date);
  BL_RETURN_IF_ERROR(Append(&event, &pending));
  BL_RETURN_IF_ERROR(Commit(std::move(pending)));
  // The hub may have approved it when another box of this branch offered it.
  BL_RETURN_IF_ERROR(TakeInApproved());
  return found;
}

absl::Status EdgeCore::TakeInApproved() {
  const std::string prefix =
      docs::LateOf(absl::StrCat(kHub, "/", identity_.node.branch()));
  std::vector<v1::LateState> approved;
  BL_RETURN_IF_ERROR(
      store_->Scan(Table::kDocs, prefix, PrefixEnd(prefix),
                   [&](absl::string_view, absl::string_view value) {
                     v1::LateState state;
                     if (state.ParseFromArray(value.data(),
                                              static_cast<int>(value.size()))) {
                       approved.push_back(std::move(state));
                     }
                     return true;
                   }));
  for (const v1::LateState& state : approved) {
    v1::LateSuffixApproved suffix;
    suffix.set_epoch(state.found().epoch());
    suffix.set_first_seq(state.found().first_seq());
    *suffix.mutable_last() = state.found().last();
    BL_RETURN_IF_ERROR(TakeInSuffix(suffix));
  }
  return absl::OkStatus();
}

absl::Status EdgeCore::TakeInSuffix(const v1::LateSuffixApproved& approved) {
  const auto key = [&](uint64_t seq) {
    return local::LateKey(approved.epoch(), approved.last().hash(), seq);
  };
  while (true) {
    std::vector<v1::Record> staged;
    BL_RETURN_IF_ERROR(
        store_->Scan(Table::kLocal, key(0), key(approved.last().seq() + 1),
                     [&](absl::string_view, absl::string_view value) {
                       v1::Record record;
                       if (record.ParseFromArray(
                               value.data(), static_cast<int>(value.size()))) {
                         staged.push_back(std::move(record));
                       }
                       return staged.size() < kLateRecordsPerCommit;
                     }));
    if (staged.empty()) return absl::OkStatus();
    Pending pending = NewPending();
    const EdgeState before = state_;
    const uint64_t lagging = events_since_books_;
    for (const v1::Record& record : staged) {
      pending.Delete(Table::kLocal, key(record.seq()));
      const absl::Status taken = TakeInRecord(record, &pending);
      if (!taken.ok()) {
        state_ = before;  // nothing of it is on the disk
        events_since_books_ = lagging;
        return taken;
      }
    }
    BL_RETURN_IF_ERROR(Commit(std::move(pending)));
  }
}

absl::Status EdgeCore::TakeInRecord(const v1::Record& staged,
                                    Pending* pending) {
  v1::Record record = staged;
  v1::Event original;
  do {
    if (!original.ParseFromString(record.payload())) {
      return absl::DataLossError(
          absl::StrCat("late record ", record.seq(), " cannot be read"));
    }
    // It was taken in by a box that was lost before it could push it: what
    // counts is the first original.
    if (original.has_late_record()) {
      record = v1::Record(original.late_record().record());
    }
  } while (original.has_late_record());
  BL_ASSIGN_OR_RETURN(
      const auto taken,
      pending->Get(Table::kDocs,
                   docs::LateTaken(identity_.node.branch(), record.epoch(),
                                   record.seq(), record.hash())));
  if (taken.has_value()) return absl::OkStatus();
  if (!original.command_id().empty()) {
    // The till repeated the command on the new box: it is in the books already.
    BL_ASSIGN_OR_RETURN(
        const auto again,
        pending->Get(Table::kLocal, CommandKey(original.command_id())));
    if (again.has_value()) return absl::OkStatus();
  }
  v1::Event event;
  event.set_command_id(original.command_id());
  event.set_request_hash(original.request_hash());
  event.set_till(original.till());
  event.set_staff(original.staff());
  event.set_business_date(original.business_date());
  event.set_business_at_unix_micros(original.business_at_unix_micros());
  if (original.business_date() <= state_.sealed_date) {
    event.set_restated_on_date(state_.open_date != 0 ? state_.open_date
                                                     : state_.sealed_date);
  }
  *event.mutable_units() = original.units();
  *event.mutable_accounts() = original.accounts();
  *event.mutable_postings() = original.postings();
  // What it took from slices that were written off is paid by "late".
  for (v1::Posting& posting : *event.mutable_postings()) {
    const v1::Account source = event.accounts(posting.source());
    if (!IsFloored(source.kind())) continue;
    v1::Account* late = event.add_accounts();
    *late = source;
    late->set_kind(v1::ACCOUNT_KIND_LATE);
    posting.set_source(static_cast<uint32_t>(event.accounts_size() - 1));
  }
  if (original.has_tenders_matched() || original.has_tender_written_off()) {
    BL_RETURN_IF_ERROR(RepostEnded(
        LedgerView(identity_, state_, *pending, &items_), original, &event));
  }
  *event.mutable_late_record()->mutable_record() = record;
  return Append(&event, pending);
}

}  // namespace branchline
