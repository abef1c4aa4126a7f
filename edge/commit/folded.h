#pragma once

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "sync/journal/store.h"
#include "sync/ledger/fold.h"

namespace branchline {

// What records do beside standing in the journal. All of it can be made again
// from them; what may lag behind the node's own records is the cells, the rows
// of docs::MayLag(), and the command index.
struct Folded {
  Effects effects;
  absl::flat_hash_map<std::string, std::string> commands;  // key to place

  bool empty() const;
  // The row of `key`, or null. Valid until the next change.
  const std::string* Find(Table table, absl::string_view key) const;
  // Adds what `later` records did and may lag. The rest of it is dropped.
  void AddLagging(Folded later);
  // All that may lag, in order of key.
  void TakeLagging(WriteSet* writes) const;
};

}  // namespace branchline
