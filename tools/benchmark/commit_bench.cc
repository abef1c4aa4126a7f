#include <rocksdb/db.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "edge/commit/commit_queue.h"
#include "sync/base/bytes.h"
#include "sync/base/clock.h"
#include "sync/base/status_macros.h"
#include "sync/journal/forwarding_store.h"
#include "sync/journal/rebuild.h"
#include "tools/benchmark/bench_branch.h"
#include "tools/benchmark/benches.h"
#include "tools/benchmark/fsync_count.h"
#include "tools/benchmark/sqlite_sales.h"

namespace branchline::bench {
namespace {

constexpr int kSkus = 5'000;
constexpr int kTills = 8;

// Counts what a node writes, so that the bare store can write as much.
class CountingStore final : public ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;
  absl::Status Commit(const WriteSet& writes) override {
    ++commits_;
    bytes_ += static_cast<int64_t>(writes.bytes());
    return ForwardingStore::Commit(writes);
  }
  absl::Status CommitUnsynced(const WriteSet& writes) override {
    ++commits_;
    bytes_ += static_cast<int64_t>(writes.bytes());
    return ForwardingStore::CommitUnsynced(writes);
  }

  int64_t commits() const { return commits_; }
  int64_t bytes() const { return bytes_; }

 private:
  std::atomic<int64_t> commits_{0};
  std::atomic<int64_t> bytes_{0};
};

int WarmUp(int sales) { return sales / 10; }

struct Run {
  int64_t rate = 0;  // sales a second
  int64_t fsyncs_per_sale_milli = 0;
  Latencies latencies;
};

// `tills` threads, each selling `sales` one after another. A tenth more come
// first and are not measured: caches and files are as in a shop that is open.
absl::StatusOr<Run> Sell(
    int tills, int sales,
    const std::function<absl::Status(int till, const v1::RingRequest&)>& sell) {
  std::vector<Latencies> latencies(static_cast<size_t>(tills));
  std::vector<absl::Status> failures(static_cast<size_t>(tills));
  std::barrier warm(tills + 1);
  std::vector<std::thread> threads;
  for (int till = 0; till < tills; ++till) {
    threads.emplace_back([&, till] {
      SeededRandom random(static_cast<uint64_t>(till) + 100);
      const auto at = static_cast<size_t>(till);
      bool measuring = false;
      for (int i = -WarmUp(sales); i < sales && failures[at].ok(); ++i) {
        if (i == 0) {
          warm.arrive_and_wait();
          measuring = true;
        }
        const v1::RingRequest request =
            RandomSale(&random, kSkus, kLinesPerSale);
        const absl::Duration begin = SystemClock().MonotonicNow();
        failures[at] = sell(till, request);
        if (!measuring) continue;
        latencies[at].Add(SystemClock().MonotonicNow() - begin);
      }
      if (!measuring) warm.arrive_and_drop();
    });
  }
  warm.arrive_and_wait();
  const int64_t fsyncs = FsyncCount();
  const absl::Duration start = SystemClock().MonotonicNow();
  for (std::thread& thread : threads) thread.join();
  const absl::Duration took = SystemClock().MonotonicNow() - start;
  Run run;
  for (int till = 0; till < tills; ++till) {
    BL_RETURN_IF_ERROR(failures[static_cast<size_t>(till)]);
    run.latencies.Merge(latencies[static_cast<size_t>(till)]);
  }
  const int64_t sold = static_cast<int64_t>(tills) * sales;
  run.rate = Rate(sold, took);
  run.fsyncs_per_sale_milli = Ratio(FsyncCount() - fsyncs, sold);
  return run;
}

struct OurRun {
  Run run;
  int64_t bytes_per_commit = 0;
};

absl::StatusOr<OurRun> RunOurs(const std::string& dir, int tills, int sales) {
  BL_ASSIGN_OR_RETURN(BenchBranch branch, MakeBranch(dir, kSkus, tills));
  EdgeIdentity identity = branch.core->identity();
  branch.core.reset();
  BL_RETURN_IF_ERROR(RebuildIfNeeded(branch.store.get()).status());
  CountingStore counting(branch.store.get());
  BL_ASSIGN_OR_RETURN(
      const auto core,
      EdgeCore::Open(std::move(identity), &counting, &SystemClock()));
  const int64_t commits = counting.commits();
  const int64_t bytes = counting.bytes();
  OurRun ours;
  {
    CommitQueue queue(core.get(), &SystemClock(), {});
    BL_ASSIGN_OR_RETURN(
        ours.run, Sell(tills, sales, [&](int till, const v1::RingRequest& r) {
          return queue
              .Execute(
                  {absl::StrCat("T", till + 1), SystemClock().WallNow(), r})
              .status();
        }));
  }
  const int64_t done = counting.commits() - commits;
  ours.bytes_per_commit =
      (counting.bytes() - bytes) / std::max<int64_t>(done, 1);
  return ours;
}

// One synced Put of as many bytes as our batch has: the least that any ledger
// on this library can do.
absl::StatusOr<Run> RunBareRocks(const std::string& dir, int sales,
                                 int64_t bytes) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(options, dir, &raw).ok()) {
    return absl::UnavailableError("cannot open " + dir);
  }
  const std::unique_ptr<rocksdb::DB> db(raw);
  const std::string value(static_cast<size_t>(bytes), 'v');
  uint64_t seq = 0;
  return Sell(1, sales, [&](int, const v1::RingRequest&) -> absl::Status {
    std::string key;
    AppendU64(&key, ++seq);
    rocksdb::WriteBatch batch;
    batch.Put(key, value);
    rocksdb::WriteOptions write;
    write.sync = true;
    return db->Write(write, &batch).ok() ? absl::OkStatus()
                                         : absl::DataLossError("rocksdb");
  });
}

absl::StatusOr<Run> RunSqlite(const std::string& path, int tills, int sales) {
  BL_ASSIGN_OR_RETURN(const auto sqlite, SqliteSales::Open(path));
  absl::Mutex mutex;
  return Sell(tills, sales, [&](int, const v1::RingRequest& request) {
    absl::MutexLock lock(&mutex);
    return sqlite->Sell(request, 250);
  });
}

// A disk and a processor that others share change from second to second: both
// sides take turns, and what counts is the turn whose ratio is in the middle.
constexpr int kTurns = 5;

struct Turn {
  OurRun ours;
  Run theirs;
  int64_t ratio_milli = 0;
};

struct Turns {
  Turn middle;
  int64_t least_milli = 0;
  int64_t most_milli = 0;
};

absl::StatusOr<Turns> TakeTurns(
    const std::function<absl::StatusOr<OurRun>(const std::string& dir)>& ours,
    const std::function<absl::StatusOr<Run>(const std::string& dir,
                                            const OurRun& ours)>& theirs,
    const std::string& dir, const std::string& what) {
  std::vector<Turn> turns;
  for (int i = 0; i < kTurns; ++i) {
    Progress(absl::StrCat(what, ", turn ", i + 1, " of ", kTurns));
    Turn turn;
    BL_ASSIGN_OR_RETURN(turn.ours, ours(absl::StrCat(dir, "-ours-", i)));
    BL_ASSIGN_OR_RETURN(turn.theirs,
                        theirs(absl::StrCat(dir, "-theirs-", i), turn.ours));
    turn.ratio_milli = Ratio(turn.ours.run.rate, turn.theirs.rate);
    turns.push_back(std::move(turn));
  }
  std::sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) {
    return a.ratio_milli < b.ratio_milli;
  });
  return Turns{turns[kTurns / 2], turns.front().ratio_milli,
               turns.back().ratio_milli};
}

absl::Status BenchOneTill(const BenchOptions& options, Results* results) {
  const int sales = options.quick ? 300 : 10'000;
  BL_ASSIGN_OR_RETURN(
      const Turns turns,
      TakeTurns([&](const std::string& dir) { return RunOurs(dir, 1, sales); },
                [&](const std::string& dir, const OurRun& ours) {
                  return RunBareRocks(dir, sales, ours.bytes_per_commit);
                },
                options.dir + "/one", "1 till"));
  const auto& [ours, bare, ratio_milli] = turns.middle;
  results->Tell("sale, 1 till: ours", ours.run.rate, "/s");
  results->Tell("sale, 1 till: ours, p50", ours.run.latencies.Percentile(500),
                "us");
  results->Tell("sale, 1 till: ours, p99", ours.run.latencies.Percentile(990),
                "us");
  results->Tell("sale, 1 till: bytes in one batch", ours.bytes_per_commit,
                "bytes");
  results->Tell("sale, 1 till: fsyncs a sale", ours.run.fsyncs_per_sale_milli,
                "x");
  results->Tell("bare RocksDB, synced batch of as many bytes", bare.rate, "/s");
  results->Tell("bare RocksDB, p99", bare.latencies.Percentile(990), "us");
  results->Tell("ours / bare RocksDB, 1 till, least of 5", turns.least_milli,
                "x");
  results->Tell("ours / bare RocksDB, 1 till, most of 5", turns.most_milli,
                "x");
  results->AtLeast("ours / bare RocksDB, 1 till", ratio_milli, "x", 600);
  return absl::OkStatus();
}

absl::Status BenchEightTills(const BenchOptions& options, Results* results) {
  const int sales = options.quick ? 300 : 10'000;
  BL_ASSIGN_OR_RETURN(const Turns turns,
                      TakeTurns(
                          [&](const std::string& dir) {
                            return RunOurs(dir, kTills, sales / 2);
                          },
                          [&](const std::string& dir, const OurRun&) {
                            return RunSqlite(dir + ".db", kTills, sales / 4);
                          },
                          options.dir + "/eight", "8 tills"));
  const auto& [ours, sqlite, ratio_milli] = turns.middle;
  results->Tell("sale, 8 tills: ours", ours.run.rate, "/s");
  results->Tell("sale, 8 tills: ours, p99", ours.run.latencies.Percentile(990),
                "us");
  results->Tell("sale, 8 tills: fsyncs a sale", ours.run.fsyncs_per_sale_milli,
                "x");
  results->Tell("SQLite WAL FULL, 8 tills", sqlite.rate, "/s");
  results->Tell("SQLite WAL FULL, 8 tills, p99",
                sqlite.latencies.Percentile(990), "us");
  results->Tell("SQLite WAL FULL, 8 tills: fsyncs a sale",
                sqlite.fsyncs_per_sale_milli, "x");
  results->Tell("ours / SQLite, 8 tills, least of 5", turns.least_milli, "x");
  results->Tell("ours / SQLite, 8 tills, most of 5", turns.most_milli, "x");
  results->AtLeast("ours / SQLite, 8 tills", ratio_milli, "x", 2'000);
  return absl::OkStatus();
}

}  // namespace

absl::Status BenchCommit(const BenchOptions& options, Results* results) {
  BL_RETURN_IF_ERROR(BenchOneTill(options, results));
  return BenchEightTills(options, results);
}

}  // namespace branchline::bench
