#include "sync/journal/rocks_store.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"
#include "sync/journal/rocks_settings.h"
#include "sync/journal/rocks_slice.h"
#include "sync/journal/wal_file_system.h"
#include "sync/journal/wal_survey.h"

namespace branchline {
namespace {

// Sorts before every key of ours, which start with a letter.
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

struct Unlock {
  rocksdb::Env* env;
  void operator()(rocksdb::FileLock* lock) const { env->UnlockFile(lock); }
};
using DirLock = std::unique_ptr<rocksdb::FileLock, Unlock>;

// Thread-safety: as Store says. RocksDB does its own locking.
class RocksStore final : public Store {
 public:
  RocksStore(DirLock lock, std::unique_ptr<rocksdb::Env> env,
             std::unique_ptr<rocksdb::DB> db,
             std::vector<rocksdb::ColumnFamilyHandle*> tables)
      : lock_(std::move(lock)),
        env_(std::move(env)),
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
    // What an open finds in the logs it writes to tables.
    synced_commit_ = commit_number_;
    return absl::OkStatus();
  }

  absl::Status Commit(const WriteSet& writes) override {
    return Write(writes, /*sync=*/true, /*all_tables=*/false);
  }
  absl::Status CommitUnsynced(const WriteSet& writes) override {
    return Write(writes, /*sync=*/false, /*all_tables=*/false);
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
    // Last: see WalSurvey.
    batch.PutLogData(
        ToBytes({.commit = commit_number_,
                 .synced = synced_commit_,
                 .first_of_store = !std::exchange(written_, true)}));
    rocksdb::WriteOptions options;
    options.sync = sync;
    const absl::Status status =
        FromRocks(db_->Write(options, &batch), "write to the ledger");
    if (!status.ok()) broken_ = true;
    // A sync covers what came before it, too.
    if (sync && status.ok()) synced_commit_ = commit_number_;
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

  const DirLock lock_;  // released after db_ is closed
  const std::unique_ptr<rocksdb::Env> env_;
  const std::unique_ptr<rocksdb::DB> db_;  // outlives its iterators and tables_
  const std::vector<rocksdb::ColumnFamilyHandle*> tables_;

  // Used by the one committer alone.
  uint64_t commit_number_ = 0;
  std::array<uint64_t, kTableCount> numbers_{};  // of the last, by table
  uint64_t synced_commit_ = 0;                   // the last that is durable
  bool written_ = false;                         // since the open
  bool broken_ = false;
};

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

  const auto cache = RocksCache(options.cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    families.emplace_back(table == Table::kJournal
                              ? rocksdb::kDefaultColumnFamilyName
                              : std::string(TableName(table)),
                          RocksTableOptions(table, cache));
  }
  std::vector<rocksdb::ColumnFamilyHandle*> tables;
  rocksdb::DB* raw_db = nullptr;
  std::unique_ptr<rocksdb::Env> wal_env = rocksdb::NewCompositeEnv(
      NewWalFileSystem(env->GetFileSystem(), options.read_only));
  rocksdb::DBOptions db_options =
      RocksDbOptions(options.write_buffer_bytes, wal_env.get());
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
      std::move(lock), std::move(wal_env), std::unique_ptr<rocksdb::DB>(raw_db),
      std::move(tables));
  BL_RETURN_IF_ERROR(store->Init());
  return store;
}

}  // namespace branchline
