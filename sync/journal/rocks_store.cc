#include "sync/journal/rocks_store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/journal/cell_merge.h"
#include "sync/journal/rocks_slice.h"

namespace branchline {
namespace {

// Sorts before every key of ours, which start with a letter.
constexpr int kCacheShardBits = 2;
const char kCommitNumberKey[] = "!commit";

rocksdb::Slice ToSlice(absl::string_view view) {
  return rocksdb::Slice(view.data(), view.size());
}

// RocksDB's status as ours. `doing` tells a reader of the log what we wanted.
absl::Status FromRocks(const rocksdb::Status& status, absl::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string message = absl::StrCat(doing, ": ", status.ToString());
  if (status.IsNoSpace() || absl::StrContains(message, "No space left")) {
    return absl::ResourceExhaustedError(absl::StrCat(
        message, "; the disk is full: free some space and start again"));
  }
  // Every I/O error counts as damage: after a failed sync nobody knows what is
  // on the disk, the page cache may have dropped it.
  return absl::DataLossError(message);
}

rocksdb::ColumnFamilyOptions TableOptions(
    Table table, const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions block;
  block.block_cache = cache;
  block.cache_index_and_filter_blocks = true;
  block.format_version = 5;
  if (table != Table::kJournal) {  // whose keys are looked up to be found
    block.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  }
  rocksdb::ColumnFamilyOptions options;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(block));
  options.compression = rocksdb::kLZ4Compression;
  options.write_buffer_size = 8 << 20;
  options.max_write_buffer_number = 3;
  if (table == Table::kLocal) {
    // Every sale asks for its command id, which is nearly always new.
    options.memtable_whole_key_filtering = true;
    options.memtable_prefix_bloom_size_ratio = 0.05;
  }
  if (table == Table::kBooks) {
    options.merge_operator = NewCellMergeOperator();
  }
  // Records, command ids and receipt numbers grow, and the sums of many sales
  // are written in the order of their keys: the next key of a kind goes beside
  // the last one.
  options.memtable_insert_with_hint_prefix_extractor.reset(
      rocksdb::NewFixedPrefixTransform(1));
  return options;
}

struct Unlock {
  rocksdb::Env* env;
  void operator()(rocksdb::FileLock* lock) const { env->UnlockFile(lock); }
};
using DirLock = std::unique_ptr<rocksdb::FileLock, Unlock>;

// Thread-safety: as Store says. RocksDB does its own locking.
class RocksStore final : public Store {
 public:
  RocksStore(DirLock lock, std::unique_ptr<rocksdb::DB> db,
             std::vector<rocksdb::ColumnFamilyHandle*> tables)
      : lock_(std::move(lock)),
        db_(std::move(db)),
        tables_(std::move(tables)) {}

  ~RocksStore() override {
    for (rocksdb::ColumnFamilyHandle* table : tables_) {
      db_->DestroyColumnFamilyHandle(table);
    }
  }

  absl::Status Init() {
    BL_ASSIGN_OR_RETURN(const CommitNumbers numbers, ReadCommitNumbers());
    numbers_ = numbers.wanted;
    // Above all that was ever given, so that no number means two commits.
    for (const uint64_t number : numbers.found) {
      commit_number_ = std::max(commit_number_, number);
    }
    return absl::OkStatus();
  }

  absl::Status Commit(const WriteSet& writes) override {
    return Write(writes, /*sync=*/true, /*all_tables=*/false);
  }
  absl::Status CommitUnsynced(const WriteSet& writes) override {
    return Write(writes, /*sync=*/false, /*all_tables=*/false);
  }

  absl::Status Sync() override {
    const uint64_t mine = writes_;
    // One after the other: behind a sync that failed nothing is durable.
    absl::MutexLock lock(&sync_mutex_);
    if (broken_) return Broken();
    // The sync that this one waited for began when our writes were in the log.
    if (synced_ >= mine) return absl::OkStatus();
    const uint64_t covered = writes_;
    const absl::Status status = FromRocks(db_->SyncWAL(), "sync the ledger");
    if (status.ok()) {
      synced_ = covered;
    } else {
      broken_ = true;
    }
    return status;
  }

  absl::StatusOr<std::optional<std::string>> Get(
      Table table, absl::string_view key) const override {
    std::string value;
    const rocksdb::Status status =
        db_->Get(rocksdb::ReadOptions(), Handle(table), ToSlice(key), &value);
    if (status.IsNotFound()) return std::optional<std::string>();
    BL_RETURN_IF_ERROR(
        FromRocks(status, absl::StrCat("read a key of ", TableName(table))));
    return std::optional<std::string>(std::move(value));
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> MultiGet(
      Table table, const std::vector<std::string>& keys) const override {
    std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
    const std::vector<rocksdb::ColumnFamilyHandle*> handles(keys.size(),
                                                            Handle(table));
    std::vector<std::string> values;
    const std::vector<rocksdb::Status> statuses =
        db_->MultiGet(rocksdb::ReadOptions(), handles, slices, &values);
    std::vector<std::optional<std::string>> found(keys.size());
    for (size_t i = 0; i < keys.size(); ++i) {
      if (statuses[i].IsNotFound()) continue;
      BL_RETURN_IF_ERROR(FromRocks(
          statuses[i], absl::StrCat("read keys of ", TableName(table))));
      found[i] = std::move(values[i]);
    }
    return found;
  }

  absl::Status Scan(
      Table table, absl::string_view from, absl::string_view to,
      absl::FunctionRef<bool(absl::string_view, absl::string_view)> visit)
      const override {
    const rocksdb::Slice bound = ToSlice(to);
    rocksdb::ReadOptions options;
    if (!to.empty()) options.iterate_upper_bound = &bound;
    const std::unique_ptr<rocksdb::Iterator> it(
        db_->NewIterator(options, Handle(table)));
    for (it->Seek(ToSlice(from)); it->Valid(); it->Next()) {
      if (it->key() == kCommitNumberKey) continue;
      if (!visit(View(it->key()), View(it->value()))) break;
    }
    return FromRocks(it->status(), absl::StrCat("scan ", TableName(table)));
  }

  absl::StatusOr<std::optional<std::pair<std::string, std::string>>> Last(
      Table table, absl::string_view from,
      absl::string_view to) const override {
    using Entry = std::optional<std::pair<std::string, std::string>>;
    const std::unique_ptr<rocksdb::Iterator> it(
        db_->NewIterator(rocksdb::ReadOptions(), Handle(table)));
    if (to.empty()) {
      it->SeekToLast();
    } else {
      it->SeekForPrev(ToSlice(to));
      if (it->Valid() && View(it->key()) == to) it->Prev();
    }
    BL_RETURN_IF_ERROR(
        FromRocks(it->status(), absl::StrCat("scan ", TableName(table))));
    if (!it->Valid() || View(it->key()) < from ||
        it->key() == kCommitNumberKey) {
      return Entry();
    }
    return Entry({it->key().ToString(), it->value().ToString()});
  }

  absl::Status Clear(Table table) override {
    BL_CHECK(table == Table::kBooks || table == Table::kDocs,
             "only a projection can be made again");
    // Key by key, in batches: a range deletion would slow every later read.
    while (true) {
      WriteSet writes;
      BL_RETURN_IF_ERROR(
          Scan(table, "", "", [&](absl::string_view key, absl::string_view) {
            writes.Delete(table, std::string(key));
            return writes.bytes() < (1 << 20);
          }));
      if (writes.empty()) return absl::OkStatus();
      BL_RETURN_IF_ERROR(Commit(writes));
    }
  }

  absl::StatusOr<CommitNumbers> ReadCommitNumbers() const override {
    CommitNumbers numbers;
    for (size_t i = 0; i < kTableCount; ++i) {
      const auto table = static_cast<Table>(i);
      BL_ASSIGN_OR_RETURN(const auto bytes, Get(table, kCommitNumberKey));
      if (!bytes.has_value()) continue;
      const bool journal = table == Table::kJournal;
      const size_t want = journal ? 8 * kTableCount : 8;
      if (bytes->size() != want) {
        return absl::DataLossError(
            absl::StrCat("the commit number of ", TableName(table), " has ",
                         bytes->size(), " bytes, want ", want));
      }
      const absl::string_view view = *bytes;
      for (size_t of = 0; journal && of < kTableCount; ++of) {
        numbers.wanted[of] = U64FromBytes(view.substr(8 * of, 8));
      }
      numbers.found[i] = U64FromBytes(view.substr(0, 8));
    }
    return numbers;
  }

  absl::Status AlignCommitNumbers() override {
    return Write(WriteSet(), /*sync=*/true, /*all_tables=*/true);
  }

 private:
  rocksdb::ColumnFamilyHandle* Handle(Table table) const {
    return tables_[static_cast<size_t>(table)];
  }

  static absl::Status Broken() {
    return absl::DataLossError(
        "an earlier write failed; stop and start again to find out what is on "
        "the disk");
  }

  absl::Status Write(const WriteSet& writes, bool sync, bool all_tables) {
    if (broken_) return Broken();
    rocksdb::WriteBatch batch(writes.bytes() + writes.ops().size() * 16 + 128);
    for (const WriteSet::Op& op : writes.ops()) {
      switch (op.kind) {
        case WriteSet::Op::Kind::kPut:
          batch.Put(Handle(op.table), op.key, op.value);
          break;
        case WriteSet::Op::Kind::kDelete:
          batch.Delete(Handle(op.table), op.key);
          break;
        case WriteSet::Op::Kind::kAdd:
          batch.Merge(Handle(op.table), op.key, op.value);
          break;
      }
    }
    AddNumbers(writes, all_tables, &batch);
    rocksdb::WriteOptions options;
    options.sync = sync;
    const absl::Status status =
        FromRocks(db_->Write(options, &batch), "write to the ledger");
    if (!status.ok()) broken_ = true;
    ++writes_;
    return status;
  }

  // The journal's own number is the first of those that it keeps.
  void AddNumbers(const WriteSet& writes, bool all_tables,
                  rocksdb::WriteBatch* batch) {
    ++commit_number_;
    std::string number;
    AppendU64(&number, commit_number_);
    for (size_t i = 0; i < kTableCount; ++i) {
      const auto table = static_cast<Table>(i);
      const bool journal = table == Table::kJournal;
      if (!all_tables && !journal && !writes.Changes(table)) continue;
      numbers_[i] = commit_number_;
      if (!journal) batch->Put(Handle(table), kCommitNumberKey, number);
    }
    std::string numbers;
    for (const uint64_t of_table : numbers_) AppendU64(&numbers, of_table);
    batch->Put(Handle(Table::kJournal), kCommitNumberKey, numbers);
  }

  const DirLock lock_;                     // released after db_ is closed
  const std::unique_ptr<rocksdb::DB> db_;  // outlives its iterators and tables_
  const std::vector<rocksdb::ColumnFamilyHandle*> tables_;

  // Used by the one committer alone.
  uint64_t commit_number_ = 0;
  std::array<uint64_t, kTableCount> numbers_{};  // of the last, by table
  std::atomic<bool> broken_ = false;
  std::atomic<uint64_t> writes_ = 0;  // that are in the log
  absl::Mutex sync_mutex_;
  uint64_t synced_ ABSL_GUARDED_BY(sync_mutex_) = 0;  // of them
};

rocksdb::DBOptions DbOptions(const RocksStoreOptions& options,
                             rocksdb::Env* env) {
  rocksdb::DBOptions db;
  db.env = env;
  db.create_if_missing = true;
  db.create_missing_column_families = true;
  // The default opened "OK" with half of the synced batches after one flipped
  // byte; absolute consistency does not open after an ordinary torn tail.
  db.wal_recovery_mode =
      rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.track_and_verify_wals_in_manifest = false;  // races in 7.8
  db.db_write_buffer_size = options.write_buffer_bytes;
  db.max_total_wal_size = 64 << 20;
  db.max_background_jobs = 2;
  db.max_open_files = 256;
  db.allow_concurrent_memtable_write = false;  // one committer; takes no hints
  db.keep_log_file_num = 2;
  db.info_log_level = rocksdb::WARN_LEVEL;
  db.max_log_file_size = 1 << 20;
  return db;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenRocksStore(
    const RocksStoreOptions& options) {
  rocksdb::Env* env =
      options.env != nullptr ? options.env : rocksdb::Env::Default();
  DirLock lock(nullptr, Unlock{env});
  if (!options.read_only) {
    mkdir(options.dir.c_str(), 0700);
    BL_RETURN_IF_ERROR(FromRocks(env->CreateDirIfMissing(options.dir),
                                 absl::StrCat("make ", options.dir)));
    // RocksDB reports a lock that is held as an I/O error like any other, and
    // the caller must be able to tell the two apart.
    rocksdb::FileLock* raw = nullptr;
    if (!env->LockFile(options.dir + "/BRANCHLINE_LOCK", &raw).ok()) {
      return absl::FailedPreconditionError(absl::StrCat(
          "ledger ", options.dir,
          " is in use by another process: stop that one first, or give another "
          "--data"));
    }
    lock = DirLock(raw, Unlock{env});
  } else if (!env->FileExists(options.dir + "/CURRENT").ok()) {
    return absl::NotFoundError(
        absl::StrCat("there is no ledger in ", options.dir));
  }

  // In few shards: one that is smaller than the filter of a file never keeps
  // it, and then every look-up reads a megabyte.
  const auto cache = rocksdb::NewLRUCache(options.cache_bytes, kCacheShardBits);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    families.emplace_back(table == Table::kJournal
                              ? rocksdb::kDefaultColumnFamilyName
                              : std::string(TableName(table)),
                          TableOptions(table, cache));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> tables;
  rocksdb::DB* raw_db = nullptr;
  rocksdb::DBOptions db_options = DbOptions(options, env);
  // A reader beside a daemon holds every file open from the start: what a
  // compaction removes meanwhile stays readable for it.
  if (options.read_only) db_options.max_open_files = -1;
  const rocksdb::Status opened =
      options.read_only
          ? rocksdb::DB::OpenForReadOnly(db_options, options.dir, families,
                                         &tables, &raw_db)
          : rocksdb::DB::Open(db_options, options.dir, families, &tables,
                              &raw_db);
  if (!opened.ok()) {
    const absl::Status status =
        FromRocks(opened, absl::StrCat("open ledger ", options.dir));
    if (!absl::IsDataLoss(status)) return status;
    return absl::DataLossError(absl::StrCat(
        status.message(),
        "; the ledger on this disk is damaged and nothing of it is served: "
        "keep the disk, and rebuild the branch with 'branchline edge "
        "recover'"));
  }
  auto store = std::make_unique<RocksStore>(
      std::move(lock), std::unique_ptr<rocksdb::DB>(raw_db), std::move(tables));
  BL_RETURN_IF_ERROR(store->Init());
  return store;
}

}  // namespace branchline
