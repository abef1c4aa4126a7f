#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "branchline/v1/record.pb.h"
#include "branchline/v1/state.pb.h"
#include "sync/base/cursor.h"
#include "sync/ledger/fold.h"

namespace branchline {

// A record as it is stored: where it stands, and its bytes, kept verbatim.
struct StoredRecord {
  uint64_t epoch = 0;
  uint64_t seq = 0;
  std::string bytes;  // a serialised v1::Record
};

// What one change adds to one stream. No records: only `expect` is checked.
struct StreamAppend {
  std::string stream;
  Cursor expect;  // the stream must end here
  Cursor end;     // and ends here afterwards
  std::vector<StoredRecord> records;
  std::optional<v1::Checkpoint> checkpoint;
};

struct TokenPut {
  std::string secret_hash;
  v1::TokenState state;
};

// The box that a change was decided for: still posting in this epoch, and not
// closed (fenced, retired).
struct BoxCondition {
  std::string branch;
  uint64_t epoch = 0;
};

// One change of the hub's books: records, what they add up to and what was
// decided with them, all or nothing. Every expectation is checked in the commit
// itself, so that nobody needs to hold a lock from reading to writing.
struct HubApply {
  std::vector<StreamAppend> appends;
  Effects effects;
  // Each replaces the box of its branch, whose revision must be one less.
  std::vector<v1::BoxState> boxes;
  std::vector<TokenPut> tokens;
  std::optional<BoxCondition> box;
};

// What became of it.
struct HubApplied {
  bool applied = false;
  // If not: what was found instead, in words. Read again and decide anew.
  std::string found;
};

}  // namespace branchline
