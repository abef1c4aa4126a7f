#include "hub/merge/hub_ledger.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/storage/fold_stored.h"
#include "sync/base/status_macros.h"
#include "sync/identity/uuid.h"
#include "sync/journal/record.h"
#include "sync/ledger/account_rules.h"

namespace branchline {
namespace {

constexpr size_t kSaltSize = 16;  // bytes

StreamAppend* AppendTo(const std::string& stream, HubApply* apply) {
  for (StreamAppend& append : apply->appends) {
    if (append.stream == stream) return &append;
  }
  return nullptr;
}

}  // namespace

HubLedger::HubLedger(HubStore* store, SigningKey key, const Clock* clock,
                     Random* random, ChangeSignal* changed)
    : store_(*store),
      key_(std::move(key)),
      clock_(*clock),
      random_(*random),
      changed_(*changed) {}

v1::Checkpoint HubLedger::Sign(absl::string_view stream,
                               const Cursor& at) const {
  v1::Checkpoint checkpoint;
  checkpoint.set_epoch(at.epoch);
  checkpoint.set_seq(at.seq);
  checkpoint.set_hash(at.hash);
  checkpoint.set_events_total(at.seq);  // the hub's streams have one epoch
  checkpoint.set_signature(
      key_.Sign(kCheckpointPurpose, CheckpointBytes(stream, checkpoint)));
  return checkpoint;
}

absl::StatusOr<v1::Record> HubLedger::MakeRecord(const Cursor& head,
                                                 HubEvent* event) {
  const absl::Time now = clock_.WallNow();
  recorded_at_unix_micros_ =
      std::max(recorded_at_unix_micros_, absl::ToUnixMicros(now));
  event->event.set_command_id(NewUuidV7(now, random_.Bytes(kUuidRandomSize)));
  event->event.set_recorded_at_unix_micros(recorded_at_unix_micros_);
  event->event.set_business_at_unix_micros(recorded_at_unix_micros_);
  for (v1::Part& part : event->parts) {
    part.set_salt(random_.Bytes(kSaltSize));
    v1::PartDigest* digest = event->event.add_parts();
    digest->set_name(part.name());
    digest->set_digest(PartDigestOf(part.salt(), part.data()));
  }
  // A node puts aside what may not be; what decides it must not write it.
  BL_RETURN_IF_ERROR(CheckPostings(kHub, event->event));
  v1::Record record =
      NextRecord(event->stream, head, event->event.SerializeAsString());
  for (v1::Part& part : event->parts) *record.add_parts() = std::move(part);
  BL_RETURN_IF_ERROR(Annotate(CheckFollows(event->stream, head, record),
                              "write down a decision of the hub"));
  return record;
}

absl::Status HubLedger::Append(std::vector<HubEvent> events, HubApply* apply) {
  for (HubEvent& event : events) {
    StreamAppend* append = AppendTo(event.stream, apply);
    if (append == nullptr) {
      BL_ASSIGN_OR_RETURN(const auto cursors,
                          store_.ReadCursors({event.stream}));
      append = &apply->appends.emplace_back();
      append->stream = event.stream;
      append->expect = append->end = cursors[0];
    }
    BL_ASSIGN_OR_RETURN(const v1::Record record,
                        MakeRecord(append->end, &event));
    append->end = CursorOf(record);
    BL_RETURN_IF_ERROR(FoldStored(
        store_,
        RecordAt{event.stream, record.epoch(), record.seq(), &record.parts()},
        event.event, &apply->effects));
    append->records.push_back(
        {record.epoch(), record.seq(), record.SerializeAsString()});
  }
  for (StreamAppend& append : apply->appends) {
    if (!append.records.empty()) {
      append.checkpoint = Sign(append.stream, append.end);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> HubLedger::TryDecide(
    absl::FunctionRef<absl::StatusOr<HubDecision>()> decide) {
  BL_RETURN_IF_ERROR(MayDecide());
  BL_ASSIGN_OR_RETURN(HubDecision decision, decide());
  HubApply& apply = decision.with;
  if (decision.events.empty() && apply.boxes.empty() && apply.tokens.empty()) {
    return true;
  }
  BL_RETURN_IF_ERROR(Append(std::move(decision.events), &apply));
  BL_ASSIGN_OR_RETURN(const auto results, store_.ApplyMany({&apply}));
  return results[0].applied;
}

absl::Status HubLedger::Decide(
    absl::FunctionRef<absl::StatusOr<HubDecision>()> decide) {
  bool applied = false;
  {
    absl::MutexLock lock(&mutex_);
    for (int i = 0; i < kDecideTriesMax && !applied; ++i) {
      BL_ASSIGN_OR_RETURN(applied, TryDecide(decide));
    }
  }
  if (!applied) {
    return absl::AbortedError(
        absl::StrCat("store a decision of the hub: what it was decided on "
                     "changed ",
                     kDecideTriesMax, " times in between; try again"));
  }
  changed_.Notify();
  return absl::OkStatus();
}

absl::Status HubLedger::WhileStill(absl::FunctionRef<absl::Status()> read) {
  absl::MutexLock lock(&mutex_);
  return read();
}

absl::Status HubLedger::MayDecide() const {
  absl::MutexLock lock(&ahead_mutex_);
  if (ahead_.empty()) return absl::OkStatus();
  const auto& [stream, ahead] = *ahead_.begin();
  return absl::UnavailableError(absl::StrCat(
      "this hub was restored from an older image: ", ahead.branch, " has ",
      stream, " to ", ToText(ahead.at),
      ", which this hub wrote and no longer has. It decides nothing new until "
      "branches have given those records back, which they do by themselves "
      "when they connect"));
}

absl::Status HubLedger::NotePulled(absl::string_view branch,
                                   absl::string_view stream, const Cursor& at) {
  absl::MutexLock lock(&ahead_mutex_);
  BL_ASSIGN_OR_RETURN(const auto heads,
                      store_.ReadCursors({std::string(stream)}));
  if (!heads[0].IsBefore(at)) return absl::OkStatus();
  const auto known = ahead_.find(std::string(stream));
  if (known == ahead_.end() || known->second.at.IsBefore(at)) {
    ahead_[std::string(stream)] = {at, std::string(branch)};
  }
  return absl::OkStatus();
}

absl::Status HubLedger::FoldBack(const std::string& stream,
                                 const v1::Record& record,
                                 Effects* effects) const {
  const RecordAt at{stream, record.epoch(), record.seq(), &record.parts()};
  v1::Event event;
  if (!event.ParseFromString(record.payload())) {
    FoldAside(at, "its bytes are no event that this program can read", effects);
    return absl::OkStatus();
  }
  return FoldStored(store_, at, event, effects);
}

absl::Status HubLedger::ChainBack(const v1::ReturnedRecords& returned,
                                  HubApply* apply) const {
  StreamAppend& append = apply->appends[0];
  for (const std::string& bytes : returned.records()) {
    v1::Record record;
    if (!record.ParseFromString(bytes)) {
      return absl::InvalidArgumentError("a record cannot be read");
    }
    const Cursor at = CursorOf(record);
    if (!append.end.IsBefore(at)) continue;  // came from another branch
    const absl::Status follows =
        CheckFollows(append.stream, append.end, record);
    if (absl::IsDataLoss(follows)) {
      return absl::FailedPreconditionError(
          absl::StrCat(follows.message(),
                       "; this hub decided something else there after it was "
                       "restored"));
    }
    if (!follows.ok()) return absl::InvalidArgumentError(follows.message());
    BL_RETURN_IF_ERROR(FoldBack(append.stream, record, &apply->effects));
    append.end = at;
    append.records.push_back({record.epoch(), record.seq(), bytes});
  }
  if (append.records.empty()) return absl::OkStatus();
  const v1::Checkpoint& checkpoint = returned.checkpoint();
  const Cursor place{checkpoint.epoch(), checkpoint.seq(), checkpoint.hash()};
  if (place != append.end) {
    return absl::InvalidArgumentError(
        absl::StrCat("the records end at ", ToText(append.end),
                     ", the checkpoint with them is for ", ToText(place),
                     "; only what this hub signed is taken"));
  }
  append.checkpoint = checkpoint;
  return Annotate(VerifySignature(key_.public_key(), kCheckpointPurpose,
                                  CheckpointBytes(append.stream, checkpoint),
                                  checkpoint.signature()),
                  "the checkpoint is not this hub's own");
}

absl::Status HubLedger::TakeBack(const v1::ReturnedRecords& returned) {
  const std::string& stream = returned.stream();
  {
    absl::MutexLock lock(&mutex_);
    BL_ASSIGN_OR_RETURN(const auto heads, store_.ReadCursors({stream}));
    HubApply apply;
    StreamAppend& append = apply.appends.emplace_back();
    append.stream = stream;
    append.expect = append.end = heads[0];
    BL_RETURN_IF_ERROR(Annotate(ChainBack(returned, &apply),
                                absl::StrCat("take back ", stream)));
    if (append.records.empty()) return absl::OkStatus();
    const Cursor end = append.end;
    BL_ASSIGN_OR_RETURN(const auto results, store_.ApplyMany({&apply}));
    if (!results[0].applied) {
      return absl::AbortedError(
          absl::StrCat("take back ", stream, ": ", results[0].found));
    }
    absl::MutexLock ahead_lock(&ahead_mutex_);
    const auto ahead = ahead_.find(stream);
    if (ahead != ahead_.end() && !end.IsBefore(ahead->second.at)) {
      ahead_.erase(ahead);
    }
  }
  changed_.Notify();
  return absl::OkStatus();
}

}  // namespace branchline
