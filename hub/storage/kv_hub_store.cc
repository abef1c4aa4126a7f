#include "hub/storage/kv_hub_store.h"

#include "absl/strings/str_cat.h"
#include "sync/base/mutant.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"

// Changes: ApplyMany() and what it checks. Reads: kv_hub_reads.cc.

namespace branchline {
namespace {

std::string BoxKey(absl::string_view branch) {
  return absl::StrCat("B", branch);
}

std::string TokenKey(absl::string_view secret_hash) {
  return absl::StrCat("T", secret_hash);
}

void MergeInto(Effects&& from, Effects* into) {
  if (into->cells.empty() && into->puts.empty()) {
    *into = std::move(from);
    return;
  }
  for (auto& [key, cell] : from.cells) into->cells[key].Merge(cell);
  // A register is written by one stream alone, in its order: the later wins.
  for (auto& [key, value] : from.puts) into->puts[key] = std::move(value);
}

}  // namespace

// One transaction as it grows: what is written, and what later changes of the
// same transaction find.
struct KvHubStore::Batch {
  WriteSet writes;
  Effects effects;
  absl::flat_hash_map<std::string, Cursor> cursors;
  absl::flat_hash_map<std::string, v1::BoxState> boxes;
};

absl::StatusOr<Cursor> KvHubStore::ReadCursor(absl::string_view stream) const {
  {
    absl::ReaderMutexLock lock(&cursors_mutex_);
    const auto known = cursors_.find(stream);
    if (known != cursors_.end()) return known->second;
  }
  return ReadHead(store_, stream);
}

absl::StatusOr<std::vector<Cursor>> KvHubStore::ReadCursors(
    const std::vector<std::string>& streams) const {
  std::vector<Cursor> cursors;
  cursors.reserve(streams.size());
  for (const std::string& stream : streams) {
    BL_ASSIGN_OR_RETURN(Cursor cursor, ReadCursor(stream));
    cursors.push_back(std::move(cursor));
  }
  return cursors;
}

absl::StatusOr<std::string> KvHubStore::Check(const HubApply& apply,
                                              Batch* batch) const {
  for (const StreamAppend& append : apply.appends) {
    auto at = batch->cursors.find(append.stream);
    if (at == batch->cursors.end()) {
      BL_ASSIGN_OR_RETURN(Cursor cursor, ReadCursor(append.stream));
      at = batch->cursors.emplace(append.stream, std::move(cursor)).first;
    }
    if (at->second != append.expect) {
      return absl::StrCat(append.stream, " ends at ", ToText(at->second),
                          ", expected was ", ToText(append.expect));
    }
  }
  const auto find_box =
      [&](const std::string& branch) -> absl::StatusOr<const v1::BoxState*> {
    auto at = batch->boxes.find(branch);
    if (at == batch->boxes.end()) {
      BL_ASSIGN_OR_RETURN(const auto box, ReadBox(branch));
      at = batch->boxes.emplace(branch, box.value_or(v1::BoxState())).first;
    }
    return &at->second;
  };
  for (const v1::BoxState& box : apply.boxes) {
    BL_ASSIGN_OR_RETURN(const v1::BoxState* have, find_box(box.branch()));
    if (have->revision() + 1 != box.revision()) {
      return absl::StrCat("the box of ", box.branch(), " has revision ",
                          have->revision(), ", expected was ",
                          box.revision() - 1);
    }
  }
  if (apply.box.has_value()) {
    BL_ASSIGN_OR_RETURN(const v1::BoxState* have, find_box(apply.box->branch));
    if (have->epoch() != apply.box->epoch || have->closed()) {
      return absl::StrCat("the box of ", apply.box->branch, " posts in epoch ",
                          have->epoch(), have->closed() ? " and is closed" : "",
                          ", expected was epoch ", apply.box->epoch);
    }
  }
  return std::string();
}

void KvHubStore::Take(HubApply* apply, Batch* batch) const {
  for (StreamAppend& append : apply->appends) {
    for (StoredRecord& record : append.records) {
      batch->writes.Put(Table::kJournal,
                        RecordKey(append.stream, record.epoch, record.seq),
                        std::move(record.bytes));
    }
    if (append.checkpoint.has_value()) {
      batch->writes.Put(Table::kJournal,
                        CheckpointKey(append.stream, append.checkpoint->epoch(),
                                      append.checkpoint->seq()),
                        append.checkpoint->SerializeAsString());
    }
    if (!append.records.empty()) {
      batch->cursors[append.stream] = std::move(append.end);
    }
  }
  MergeInto(std::move(apply->effects), &batch->effects);
  for (v1::BoxState& box : apply->boxes) {
    batch->writes.Put(Table::kLocal, BoxKey(box.branch()),
                      box.SerializeAsString());
    std::string branch = box.branch();
    batch->boxes[std::move(branch)] = std::move(box);
  }
  for (const TokenPut& token : apply->tokens) {
    batch->writes.Put(Table::kLocal, TokenKey(token.secret_hash),
                      token.state.SerializeAsString());
  }
}

absl::StatusOr<std::vector<HubApplied>> KvHubStore::ApplyMany(
    const std::vector<HubApply*>& applies) {
  absl::MutexLock commit_lock(&commit_mutex_);
  Batch batch;
  std::vector<HubApplied> results;
  results.reserve(applies.size());
  bool any = false;
  for (HubApply* apply : applies) {
    BL_ASSIGN_OR_RETURN(std::string found, Check(*apply, &batch));
    const bool applied = found.empty();
    if (applied) Take(apply, &batch);
    any |= applied;
    results.push_back({applied, std::move(found)});
  }
  if (!any) return results;
  batch.writes.Take(batch.effects);
  const absl::Status committed = BL_MUTANT(kAckBeforeSync)
                                     ? store_.CommitUnsynced(batch.writes)
                                     : store_.Commit(batch.writes);
  absl::MutexLock cursors_lock(&cursors_mutex_);
  if (!committed.ok()) {
    cursors_.clear();
    return committed;
  }
  for (auto& [stream, cursor] : batch.cursors) cursors_[stream] = cursor;
  return results;
}

absl::StatusOr<std::optional<v1::BoxState>> KvHubStore::ReadBox(
    absl::string_view branch) const {
  BL_ASSIGN_OR_RETURN(const auto bytes,
                      store_.Get(Table::kLocal, BoxKey(branch)));
  if (!bytes.has_value()) return std::optional<v1::BoxState>();
  v1::BoxState box;
  if (!box.ParseFromString(*bytes)) {
    return absl::DataLossError(
        absl::StrCat("what is kept of the box of ", branch, " is damaged"));
  }
  return std::optional<v1::BoxState>(std::move(box));
}

absl::StatusOr<std::optional<v1::TokenState>> KvHubStore::ReadToken(
    absl::string_view secret_hash) const {
  BL_ASSIGN_OR_RETURN(const auto bytes,
                      store_.Get(Table::kLocal, TokenKey(secret_hash)));
  if (!bytes.has_value()) return std::optional<v1::TokenState>();
  v1::TokenState token;
  if (!token.ParseFromString(*bytes)) {
    return absl::DataLossError("what is kept of a join token is damaged");
  }
  return std::optional<v1::TokenState>(std::move(token));
}

}  // namespace branchline
