// Whatever stands in records: a node that stores and folds a chain of them does
// not crash, every unit still sums to zero over all accounts, a replay from the
// journal gives the same books and docs. Input: events of a branch, each after
// its size as two bytes; the chain around them is built here.

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "sync/base/check.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/record.h"
#include "sync/ledger/cell.h"
#include "sync/ledger/keys.h"
#include "tests/support/memory_store.h"

namespace branchline {
namespace {

constexpr absl::string_view kStream = "edge:S014";

void CheckSumsToZero(const MemoryStore& store) {
  std::map<std::string, __int128> sums;
  for (const auto& [key, value] : store.Dump(Table::kBooks)) {
    if (key[0] != 'b') continue;
    const auto place = books::ParseBalanceKey(key);
    Cell cell;
    BL_CHECK(place.ok() && Cell::Decode(value, &cell).ok(), "cells are whole");
    for (const auto& field : cell.fields()) sums[place->unit] += field.second;
  }
  for (const auto& sum : sums) BL_CHECK(sum.second == 0, "units are conserved");
}

void Run(absl::string_view input) {
  MemoryStore store;
  BL_CHECK(RebuildIfNeeded(&store).ok(), "an empty store opens");
  Cursor head;
  while (input.size() >= 2) {
    const size_t size =
        std::min(input.size() - 2,
                 static_cast<size_t>(static_cast<uint8_t>(input[0]) * 256 +
                                     static_cast<uint8_t>(input[1])));
    const v1::Record record =
        NextRecord(kStream, head, std::string(input.substr(2, size)));
    input.remove_prefix(2 + size);
    BL_CHECK(CheckFollows(kStream, head, record).ok(), "the chain is right");
    head = CursorOf(record);
    Effects effects;
    BL_CHECK(FoldRecord(store, kStream, record, &effects).ok(),
             "a record is counted or put aside");
    WriteSet writes;
    PutRecord(kStream, record, record.SerializeAsString(), &writes);
    writes.Take(effects);
    BL_CHECK(store.Commit(writes).ok(), "a commit lands");
  }
  CheckSumsToZero(store);
  const auto books = store.Dump(Table::kBooks);
  const auto docs = store.Dump(Table::kDocs);
  BL_CHECK(Rebuild(&store).ok(), "what was folded can be folded again");
  BL_CHECK(store.Dump(Table::kBooks) == books, "books equal their replay");
  BL_CHECK(store.Dump(Table::kDocs) == docs, "docs equal their replay");
}

}  // namespace
}  // namespace branchline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  branchline::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
