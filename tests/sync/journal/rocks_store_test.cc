// The store on a real disk, and what it says of a damaged one.

#include "sync/journal/rocks_store.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/journal/cell_merge.h"
#include "sync/journal/rebuild.h"
#include "tests/support/status_matchers.h"
#include "tests/sync/journal/rocks_store_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

// A disk that is full from a moment on.
class FullDiskEnv final : public rocksdb::EnvWrapper {
 public:
  FullDiskEnv() : rocksdb::EnvWrapper(rocksdb::Env::Default()) {}

  rocksdb::Status NewWritableFile(const std::string& name,
                                  std::unique_ptr<rocksdb::WritableFile>* file,
                                  const rocksdb::EnvOptions& options) override {
    const rocksdb::Status status =
        target()->NewWritableFile(name, file, options);
    if (status.ok()) *file = std::make_unique<File>(std::move(*file), this);
    return status;
  }

  bool full = false;

 private:
  class File final : public rocksdb::WritableFileWrapper {
   public:
    File(std::unique_ptr<rocksdb::WritableFile> file, FullDiskEnv* env)
        : rocksdb::WritableFileWrapper(file.get()),
          file_(std::move(file)),
          env_(*env) {}
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      return env_.full ? rocksdb::Status::NoSpace("No space left on device")
                       : file_->Append(data);
    }
    rocksdb::Status Append(const rocksdb::Slice& data,
                           const rocksdb::DataVerificationInfo& info) override {
      return env_.full ? rocksdb::Status::NoSpace("No space left on device")
                       : file_->Append(data, info);
    }

   private:
    const std::unique_ptr<rocksdb::WritableFile> file_;
    FullDiskEnv& env_;
  };
};

TEST_F(RocksStoreTest, KeepsWhatWasCommitted) {
  ASSERT_THAT(Open(), IsOk());
  ASSERT_THAT(Put("1"), IsOk());
  ASSERT_THAT(Put("2"), IsOk());
  ASSERT_THAT(Open(), IsOk());
  EXPECT_EQ(**store_->Get(Table::kDocs, "i1"), "doc");
  EXPECT_FALSE(store_->Get(Table::kDocs, "i3")->has_value());
  EXPECT_EQ(ReadCell(*store_, "k")->Get("q"), 2);
  const auto numbers = store_->ReadCommitNumbers();
  EXPECT_EQ(numbers->wanted, (std::array<uint64_t, kTableCount>{2, 2, 2, 2}));
  EXPECT_TRUE(numbers->Agree());
}

TEST_F(RocksStoreTest, ScansAndFindsTheLastOfARange) {
  ASSERT_THAT(Open(), IsOk());
  for (const char* key : {"1", "2", "3"}) ASSERT_THAT(Put(key), IsOk());
  std::vector<std::string> keys;
  ASSERT_THAT(store_->Scan(Table::kDocs, "i", PrefixEnd("i"),
                           [&](absl::string_view key, absl::string_view) {
                             keys.emplace_back(key);
                             return keys.size() < 2;
                           }),
              IsOk());
  EXPECT_EQ(keys, (std::vector<std::string>{"i1", "i2"}));
  EXPECT_EQ((*store_->Last(Table::kDocs, "i", "i3"))->first, "i2");
  EXPECT_EQ((*store_->Last(Table::kDocs, "i", ""))->first, "i3");
  EXPECT_FALSE(store_->Last(Table::kDocs, "a", "i1")->has_value());
}

TEST_F(RocksStoreTest, IsRefusedWhileAnotherHasItOpen) {
  ASSERT_THAT(Open(), IsOk());
  RocksStoreOptions options;
  options.dir = dir_;
  EXPECT_THAT(OpenRocksStore(options).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("in use by another process")));
  options.read_only = true;
  EXPECT_THAT(OpenRocksStore(options).status(), IsOk());
}

TEST_F(RocksStoreTest, ReadOnlyOfNothingSaysSo) {
  RocksStoreOptions options;
  options.dir = dir_ + "/nothing";
  options.read_only = true;
  EXPECT_THAT(OpenRocksStore(options).status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no ledger")));
  EXPECT_FALSE(fs::exists(options.dir));
}

TEST_F(RocksStoreTest, AFullDiskIsNamedAndNothingIsWrittenAfterIt) {
  FullDiskEnv env;
  ASSERT_THAT(Open(&env), IsOk());
  ASSERT_THAT(Put("1"), IsOk());
  env.full = true;
  EXPECT_THAT(Put("2"), StatusIs(absl::StatusCode::kResourceExhausted,
                                 HasSubstr("the disk is full")));
  env.full = false;
  EXPECT_THAT(Put("3"), StatusIs(absl::StatusCode::kDataLoss,
                                 HasSubstr("an earlier write failed")));
  ASSERT_THAT(Open(), IsOk());
  EXPECT_TRUE(store_->Get(Table::kDocs, "i1")->has_value());
  EXPECT_FALSE(store_->Get(Table::kDocs, "i3")->has_value());
}

TEST_F(RocksStoreTest, AFlippedByteInTheWalIsFoundAndNothingIsServed) {
  ASSERT_THAT(Open(), IsOk());
  for (int i = 0; i < 20; ++i) ASSERT_THAT(Put(absl::StrCat(i)), IsOk());
  store_.reset();
  const std::vector<fs::path> logs = Files(".log");
  ASSERT_EQ(logs.size(), 1u);
  FlipByte(logs[0], fs::file_size(logs[0]) / 2);
  EXPECT_THAT(Open(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("edge recover")));
}

TEST_F(RocksStoreTest, AFlippedByteInAnSstIsFoundAndNotServed) {
  ASSERT_THAT(Open(), IsOk());
  for (int i = 0; i < 200; ++i) ASSERT_THAT(Put(absl::StrCat(i)), IsOk());
  ASSERT_THAT(Open(), IsOk());  // replays the log into SST files
  store_.reset();
  const std::vector<fs::path> tables = Files(".sst");
  ASSERT_FALSE(tables.empty());
  for (const fs::path& table : tables) FlipByte(table, 100);
  absl::Status status = Open();
  for (const Table table : {Table::kJournal, Table::kDocs, Table::kLocal}) {
    if (!status.ok()) break;
    status =
        store_->Scan(table, "", "",
                     [](absl::string_view, absl::string_view) { return true; });
  }
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss, testing::_));
}

TEST_F(RocksStoreTest, AWalCutShortLosesItsEndAndNothingElse) {
  ASSERT_THAT(Open(), IsOk());
  for (int i = 0; i < 20; ++i) ASSERT_THAT(Put(absl::StrCat(i)), IsOk());
  store_.reset();
  const fs::path log = Files(".log")[0];
  fs::resize_file(log, fs::file_size(log) - 10);
  ASSERT_THAT(Open(), IsOk());
  EXPECT_TRUE(store_->Get(Table::kDocs, "i18")->has_value());
  EXPECT_FALSE(store_->Get(Table::kDocs, "i19")->has_value());
  // All tables agree: only a till or the hub can know that one is missing.
  EXPECT_EQ(store_->ReadCommitNumbers()->found[0], 19u);
  EXPECT_TRUE(store_->ReadCommitNumbers()->Agree());
}

// Sets a table's commit number behind the store's back, as a log that was cut
// after the other tables had been flushed leaves it.
void SetCommitNumber(const std::string& dir, const std::string& table,
                     uint64_t number) {
  rocksdb::ColumnFamilyOptions with_merge;
  with_merge.merge_operator = NewCellMergeOperator();
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const char* name : {"default", "books", "docs", "local"}) {
    families.emplace_back(name, with_merge);
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  ASSERT_TRUE(
      rocksdb::DB::Open(rocksdb::DBOptions(), dir, families, &handles, &raw)
          .ok());
  const std::unique_ptr<rocksdb::DB> db(raw);
  // The journal keeps those of all tables.
  std::string bytes;
  for (size_t i = 0; i < (table == "default" ? kTableCount : 1); ++i) {
    AppendU64(&bytes, number);
  }
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    if (handle->GetName() == table) {
      ASSERT_TRUE(
          db->Put(rocksdb::WriteOptions(), handle, "!commit", bytes).ok());
    }
    db->DestroyColumnFamilyHandle(handle);
  }
}

TEST_F(RocksStoreTest, OneTableBehindIsRebuiltIfItCanBe) {
  ASSERT_THAT(Open(), IsOk());
  ASSERT_THAT(RebuildIfNeeded(store_.get()), IsOk());
  WriteSet writes;
  Cell stale;
  stale.Add("q", 7);
  writes.Add("k", stale);
  ASSERT_THAT(store_->Commit(writes), IsOk());
  store_.reset();
  SetCommitNumber(dir_, "books", 1);
  ASSERT_THAT(Open(), IsOk());
  const auto rebuilt = RebuildIfNeeded(store_.get());
  ASSERT_THAT(rebuilt, IsOk());
  EXPECT_TRUE(rebuilt->rebuilt);
  // No record says so, so the books do not either.
  EXPECT_EQ(ReadCell(*store_, "k")->Get("q"), 0);
}

TEST_F(RocksStoreTest, AJournalBehindTheOthersIsRefused) {
  ASSERT_THAT(Open(), IsOk());
  ASSERT_THAT(RebuildIfNeeded(store_.get()), IsOk());
  ASSERT_THAT(Put("1"), IsOk());
  store_.reset();
  SetCommitNumber(dir_, "default", 1);
  ASSERT_THAT(Open(), IsOk());
  EXPECT_THAT(RebuildIfNeeded(store_.get()),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("the journal ends at commit 1 of 2")));
}

}  // namespace
}  // namespace branchline
