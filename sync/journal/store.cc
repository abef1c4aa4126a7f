#include "sync/journal/store.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline {

absl::string_view TableName(Table table) {
  switch (table) {
    case Table::kJournal:
      return "journal";
    case Table::kBooks:
      return "books";
    case Table::kDocs:
      return "docs";
    case Table::kLocal:
      return "local";
  }
  return "?";
}

void WriteSet::Add(Op op) {
  bytes_ += op.key.size() + op.value.size();
  changes_[static_cast<size_t>(op.table)] = true;
  ops_.push_back(std::move(op));
}

void WriteSet::Put(Table table, std::string key, std::string value) {
  Add({Op::Kind::kPut, table, std::move(key), std::move(value)});
}

void WriteSet::Delete(Table table, std::string key) {
  Add({Op::Kind::kDelete, table, std::move(key), {}});
}

void WriteSet::Add(std::string key, const Cell& delta) {
  std::string value = delta.Encode();
  if (value.empty()) return;  // every sum came to zero
  Add({Op::Kind::kAdd, Table::kBooks, std::move(key), std::move(value)});
}

void WriteSet::Take(const Effects& effects) {
  TakeCells(effects);
  TakePuts(effects, [](absl::string_view) { return true; });
}

void WriteSet::TakeCells(const Effects& effects) {
  // The maps' order changes from run to run; the disk's must not.
  std::vector<const std::pair<const std::string, Cell>*> cells;
  cells.reserve(effects.cells.size());
  for (const auto& entry : effects.cells) cells.push_back(&entry);
  std::sort(cells.begin(), cells.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* entry : cells) Add(entry->first, entry->second);
}

void WriteSet::TakePuts(const Effects& effects,
                        absl::FunctionRef<bool(absl::string_view key)> wanted) {
  std::vector<const std::pair<const std::string, std::string>*> puts;
  puts.reserve(effects.puts.size());
  for (const auto& entry : effects.puts) {
    if (wanted(entry.first)) puts.push_back(&entry);
  }
  std::sort(puts.begin(), puts.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* entry : puts) Put(Table::kDocs, entry->first, entry->second);
}

std::string PrefixEnd(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<uint8_t>(end.back()) == 0xff) {
    end.pop_back();
  }
  if (!end.empty()) ++end.back();
  return end;
}

absl::StatusOr<Cell> ReadCell(const Store& store, absl::string_view key) {
  Cell cell;
  BL_ASSIGN_OR_RETURN(const auto bytes, store.Get(Table::kBooks, key));
  if (bytes.has_value()) BL_RETURN_IF_ERROR(Cell::Decode(*bytes, &cell));
  return cell;
}

}  // namespace branchline
