#include "edge/commit/folded.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sync/ledger/keys.h"

namespace branchline {
namespace {

const std::string* FindIn(
    const absl::flat_hash_map<std::string, std::string>& rows,
    absl::string_view key) {
  const auto it = rows.find(key);
  return it == rows.end() ? nullptr : &it->second;
}

}  // namespace

bool Folded::empty() const { return effects.empty() && commands.empty(); }

const std::string* Folded::Find(Table table, absl::string_view key) const {
  switch (table) {
    case Table::kDocs:
      return FindIn(effects.puts, key);
    case Table::kLocal:
      return FindIn(commands, key);
    default:
      return nullptr;
  }
}

void Folded::AddLagging(Folded later) {
  // merge() moves what is new and leaves the rest where it was.
  effects.cells.merge(later.effects.cells);
  for (const auto& [key, cell] : later.effects.cells) {
    effects.cells.find(key)->second.Merge(cell);
  }
  absl::erase_if(later.effects.puts,
                 [](const auto& put) { return !docs::MayLag(put.first); });
  effects.puts.merge(later.effects.puts);
  for (auto& [key, row] : later.effects.puts) {
    effects.puts.find(key)->second = std::move(row);
  }
  commands.merge(later.commands);  // an id stands for one place
}

void Folded::TakeLagging(WriteSet* writes) const {
  writes->TakeCells(effects);
  writes->TakePuts(effects, docs::MayLag);
  std::vector<const std::pair<const std::string, std::string>*> sorted;
  sorted.reserve(commands.size());
  for (const auto& entry : commands) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  for (const auto* entry : sorted) {
    writes->Put(Table::kLocal, entry->first, entry->second);
  }
}

}  // namespace branchline
