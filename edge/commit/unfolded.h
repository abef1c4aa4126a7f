#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "branchline/v1/event.pb.h"
#include "sync/ledger/fold.h"

namespace branchline {

// A record of the own stream that is decided, and whose fold waits: nobody who
// decides a plain sale asks what the sale before it did to the sums, and to
// fold takes a third of the time that a sale takes before its sync.
struct Unfolded {
  std::string stream;
  uint64_t epoch = 0;
  uint64_t seq = 0;
  std::string payload;  // of an event of which FoldMayWait()
};

// Whether the fold of `event`, which has passed CheckPostings(), can do nothing
// but add sums and write rows of docs::MayLag(): a sale that nothing is unusual
// about. All others are folded when they are decided.
bool FoldMayWait(const v1::Event& event);

// What `records` do, in their order, as the start would fold them from the
// journal.
Effects FoldAll(const std::vector<Unfolded>& records);

}  // namespace branchline
