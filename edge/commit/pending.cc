#include "edge/commit/pending.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sync/base/check.h"
#include "sync/journal/journal.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

std::string TableKey(Table table, absl::string_view key) {
  std::string full(1, static_cast<char>(table));
  full.append(key.data(), key.size());
  return full;
}

}  // namespace

void Pending::Put(Table table, std::string key, std::string value) {
  BL_CHECK(table == Table::kJournal || table == Table::kLocal,
           "docs and books are written by the fold");
  puts_[TableKey(table, key)] = std::move(value);
}

void Pending::Delete(Table table, std::string key) {
  // What was superseded, too; a record never.
  const bool superseded = table == Table::kJournal && key.substr(0, 1) == "s";
  BL_CHECK(table == Table::kLocal || superseded,
           "only local state and old snapshots are ever deleted");
  puts_[TableKey(table, key)] = std::nullopt;
}

void Pending::PutCommand(absl::string_view command_id, uint64_t epoch,
                         uint64_t seq) {
  folded_.commands[CommandKey(command_id)] = CommandPlace(epoch, seq);
}

void Pending::FoldWaiting() const {
  if (unfolded_.empty()) return;
  folded_.AddLagging({FoldAll(unfolded_), {}});
  unfolded_.clear();
}

absl::StatusOr<std::optional<std::string>> Pending::Get(
    Table table, absl::string_view key) const {
  if (table == Table::kDocs && docs::MayLag(key)) FoldWaiting();
  if (const std::string* row = folded_.Find(table, key)) {
    return std::optional<std::string>(*row);
  }
  if (table != Table::kDocs) {
    const auto it = puts_.find(TableKey(table, key));
    if (it != puts_.end()) return it->second;
  }
  return books_.Get(table, key);
}

absl::StatusOr<Cell> Pending::BookCell(absl::string_view key) const {
  FoldWaiting();
  absl::StatusOr<Cell> cell = books_.Read(key);
  if (!cell.ok()) return cell;
  const auto more = folded_.effects.cells.find(key);
  if (more != folded_.effects.cells.end()) cell->Merge(more->second);
  return cell;
}

WriteSet Pending::Writes() const {
  FoldWaiting();
  WriteSet writes = WritesThatMayNotLag();
  folded_.TakeLagging(&writes);
  return writes;
}

WriteSet Pending::WritesThatMayNotLag() const {
  WriteSet writes;
  std::vector<const std::string*> keys;
  keys.reserve(puts_.size());
  for (const auto& entry : puts_) keys.push_back(&entry.first);
  std::sort(keys.begin(), keys.end(),
            [](const auto* a, const auto* b) { return *a < *b; });
  for (const std::string* key : keys) {
    const auto table = static_cast<Table>((*key)[0]);
    const std::optional<std::string>& value = puts_.at(*key);
    if (value.has_value()) {
      writes.Put(table, key->substr(1), *value);
    } else {
      writes.Delete(table, key->substr(1));
    }
  }
  writes.TakePuts(folded_.effects,
                  [](absl::string_view key) { return !docs::MayLag(key); });
  return writes;
}

}  // namespace branchline
