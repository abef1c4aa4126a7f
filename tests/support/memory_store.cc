#include "tests/support/memory_store.h"

#include <algorithm>

#include "sync/base/check.h"
#include "sync/base/status_macros.h"

namespace branchline {

MemoryStore::MemoryStore() {
  absl::MutexLock lock(&mutex_);
  for (std::shared_ptr<Sheet>& sheet : live_) sheet = std::make_shared<Sheet>();
}

MemoryStore::Sheets MemoryStore::Share() const {
  for (const std::shared_ptr<Sheet>& sheet : live_) sheet->shared = true;
  return live_;
}

MemoryStore::Sheet& MemoryStore::Mutable(Table table) {
  std::shared_ptr<Sheet>& sheet = live_[static_cast<size_t>(table)];
  if (sheet->shared || sheet->readers > 0) {
    auto copy = std::make_shared<Sheet>();
    copy->rows = sheet->rows;
    copy->commit_number = sheet->commit_number;
    copy->commit_numbers = sheet->commit_numbers;
    sheet = std::move(copy);
  }
  return *sheet;
}

void MemoryStore::Crash() {
  absl::MutexLock lock(&mutex_);
  if (synced_.has_value()) live_ = *std::move(synced_);
  synced_.reset();
  commit_number_ = 0;
  for (const std::shared_ptr<Sheet>& sheet : live_) {
    commit_number_ = std::max(commit_number_, sheet->commit_number);
  }
  fail_in_ = 0;
  broken_ = false;
}

MemoryStore::DiskImage MemoryStore::Image() const {
  absl::MutexLock lock(&mutex_);
  DiskImage image;
  image.sheets_ = synced_.has_value() ? *synced_ : Share();
  return image;
}

void MemoryStore::Restore(const DiskImage& image) {
  BL_CHECK(image.sheets_[0] != nullptr, "the image of a disk was taken");
  {
    absl::MutexLock lock(&mutex_);
    live_ = image.sheets_;
    synced_.reset();
  }
  Crash();
}

void MemoryStore::RestoreTable(Table table, const DiskImage& image) {
  const auto index = static_cast<size_t>(table);
  BL_CHECK(image.sheets_[index] != nullptr, "the image of a disk was taken");
  {
    absl::MutexLock lock(&mutex_);
    live_[index] = image.sheets_[index];
    if (synced_.has_value()) (*synced_)[index] = image.sheets_[index];
  }
  Crash();
}

void MemoryStore::FailAfter(int n, absl::Status status, bool landed) {
  absl::MutexLock lock(&mutex_);
  fail_in_ = n;
  fail_with_ = std::move(status);
  fail_landed_ = landed;
}

void MemoryStore::Damage(Table table, absl::string_view key,
                         std::optional<std::string> value) {
  absl::MutexLock lock(&mutex_);
  Rows& rows = Mutable(table).rows;
  if (value.has_value()) {
    rows[std::string(key)] = *std::move(value);
  } else {
    rows.erase(std::string(key));
  }
}

std::vector<std::pair<std::string, std::string>> MemoryStore::Dump(
    Table table) const {
  absl::MutexLock lock(&mutex_);
  const Rows& rows = live_[static_cast<size_t>(table)]->rows;
  return {rows.begin(), rows.end()};
}

int MemoryStore::commits() const {
  absl::MutexLock lock(&mutex_);
  return commits_;
}

int MemoryStore::unsynced_commits() const {
  absl::MutexLock lock(&mutex_);
  return unsynced_commits_;
}

absl::Status MemoryStore::Apply(const WriteSet& writes, bool all_tables) {
  for (const WriteSet::Op& op : writes.ops()) {
    Rows& rows = Mutable(op.table).rows;
    switch (op.kind) {
      case WriteSet::Op::Kind::kPut:
        rows[op.key] = op.value;
        break;
      case WriteSet::Op::Kind::kDelete:
        rows.erase(op.key);
        break;
      case WriteSet::Op::Kind::kAdd: {
        Cell sum;
        Cell delta;
        std::string& value = rows[op.key];
        BL_RETURN_IF_ERROR(Cell::Decode(value, &sum));
        BL_RETURN_IF_ERROR(Cell::Decode(op.value, &delta));
        sum.Merge(delta);
        value = sum.Encode();
        break;
      }
    }
  }
  ++commit_number_;
  Sheet& journal = Mutable(Table::kJournal);
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    if (!all_tables && i != 0 && !writes.Changes(table)) continue;
    Mutable(table).commit_number = commit_number_;
    journal.commit_numbers[i] = commit_number_;
  }
  return absl::OkStatus();
}

absl::Status MemoryStore::Write(const WriteSet& writes, bool sync,
                                bool all_tables) {
  absl::MutexLock lock(&mutex_);
  if (broken_) return fail_with_;
  const bool fails = fail_in_ > 0 && --fail_in_ == 0;
  if (fails) broken_ = true;
  if (fails && !fail_landed_) return fail_with_;
  if (!sync && !synced_.has_value()) synced_ = Share();
  BL_RETURN_IF_ERROR(Apply(writes, all_tables));
  if (sync) synced_.reset();
  if (fails) return fail_with_;
  ++(sync ? commits_ : unsynced_commits_);
  return absl::OkStatus();
}

absl::Status MemoryStore::Commit(const WriteSet& writes) {
  return Write(writes, /*sync=*/true);
}

absl::Status MemoryStore::CommitUnsynced(const WriteSet& writes) {
  return Write(writes, /*sync=*/false);
}

absl::StatusOr<std::optional<std::string>> MemoryStore::Get(
    Table table, absl::string_view key) const {
  absl::MutexLock lock(&mutex_);
  const Rows& rows = live_[static_cast<size_t>(table)]->rows;
  const auto found = rows.find(std::string(key));
  if (found == rows.end()) return std::optional<std::string>();
  return std::optional<std::string>(found->second);
}

absl::StatusOr<std::vector<std::optional<std::string>>> MemoryStore::MultiGet(
    Table table, const std::vector<std::string>& keys) const {
  absl::MutexLock lock(&mutex_);
  const Rows& rows = live_[static_cast<size_t>(table)]->rows;
  std::vector<std::optional<std::string>> values(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto found = rows.find(keys[i]);
    if (found != rows.end()) values[i] = found->second;
  }
  return values;
}

absl::Status MemoryStore::Scan(
    Table table, absl::string_view from, absl::string_view to,
    absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit) const {
  std::shared_ptr<Sheet> sheet;
  {
    absl::MutexLock lock(&mutex_);
    sheet = live_[static_cast<size_t>(table)];
    ++sheet->readers;
  }
  // No lock from here: nobody changes rows that a reader looks at.
  for (auto it = sheet->rows.lower_bound(std::string(from));
       it != sheet->rows.end() && (to.empty() || it->first < to); ++it) {
    if (!visit(it->first, it->second)) break;
  }
  absl::MutexLock lock(&mutex_);
  --sheet->readers;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::pair<std::string, std::string>>>
MemoryStore::Last(Table table, absl::string_view from,
                  absl::string_view to) const {
  using Entry = std::optional<std::pair<std::string, std::string>>;
  absl::MutexLock lock(&mutex_);
  const Rows& rows = live_[static_cast<size_t>(table)]->rows;
  auto it = to.empty() ? rows.end() : rows.lower_bound(std::string(to));
  if (it == rows.begin()) return Entry();
  --it;
  if (it->first < from) return Entry();
  return Entry(*it);
}

absl::Status MemoryStore::Clear(Table table) {
  BL_CHECK(table == Table::kBooks || table == Table::kDocs,
           "only a projection can be made again");
  WriteSet writes;
  for (auto& [key, value] : Dump(table)) writes.Delete(table, key);
  return Commit(writes);
}

absl::StatusOr<CommitNumbers> MemoryStore::ReadCommitNumbers() const {
  absl::MutexLock lock(&mutex_);
  CommitNumbers numbers;
  numbers.wanted = live_[0]->commit_numbers;
  for (size_t i = 0; i < kTableCount; ++i) {
    numbers.found[i] = live_[i]->commit_number;
  }
  return numbers;
}

absl::Status MemoryStore::AlignCommitNumbers() {
  return Write(WriteSet(), /*sync=*/true, /*all_tables=*/true);
}

}  // namespace branchline
