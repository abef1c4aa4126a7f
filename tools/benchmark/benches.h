#pragma once

#include <string>

#include "absl/status/status.h"
#include "tools/benchmark/result.h"

namespace branchline::bench {

// Says on stderr what takes its time now.
void Progress(const std::string& doing);

struct BenchOptions {
  std::string dir;      // an empty directory on the disk to be measured
  std::string bin_dir;  // where branchline-edge and branchline-hub are
  bool quick = false;   // a tenth of everything: to see that it runs
};

// What one fdatasync of a small append costs on this disk.
absl::Status BenchDisk(const BenchOptions& options, Results* results);

// A durable sale of five lines through the committer, beside a bare RocksDB
// synced batch of the same bytes (one till) and SQLite (eight tills).
absl::Status BenchCommit(const BenchOptions& options, Results* results);

// The two daemons as processes: catch-up after an outage, memory, start with a
// long journal, a report over a million lines.
absl::Status BenchChain(const BenchOptions& options, Results* results);

// A scan to a priced line with a million SKUs and 500 promotions, in the daemon
// and over HTTP; search as you type; memory.
absl::Status BenchPrices(const BenchOptions& options, Results* results);

// The price and promotion engine alone: how many lines a second one core
// prices.
absl::Status BenchPricing(const BenchOptions& options, Results* results);

// Emulated devices at work: a scan's way to the till, a receipt of 60 lines,
// and what idle devices cost.
absl::Status BenchDevices(const BenchOptions& options, Results* results);

}  // namespace branchline::bench
