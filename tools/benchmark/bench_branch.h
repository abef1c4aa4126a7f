#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/edge_core.h"
#include "sync/base/random.h"
#include "sync/journal/store.h"

namespace branchline::bench {

inline constexpr int kLinesPerSale = 5;

// "100042": the SKUs of the generated catalogue are 100000 and on.
std::string SkuOf(uint64_t index);

// A branch with a catalogue, a till T1 .. Tn and an open day, on a new ledger
// in `dir`: the real store and the real core, no network.
struct BenchBranch {
  std::unique_ptr<Store> store;
  std::unique_ptr<EdgeCore> core;
};
// `dress` changes the items before they are published, and `also` is published
// after them.
absl::StatusOr<BenchBranch> MakeBranch(
    const std::string& dir, int skus, int tills,
    const std::function<void(int index, v1::Item* item)>& dress = nullptr,
    const std::vector<v1::Event>& also = {});

// A sale of `lines` lines of different SKUs among the first `skus`.
v1::RingRequest RandomSale(SeededRandom* random, int skus, int lines);

// A new id, unlike any other of the run.
std::string NextCommandId(SeededRandom* random);

}  // namespace branchline::bench
