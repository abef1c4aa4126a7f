// What an open ledger leaves behind when the power goes, and how it is opened.

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sync/journal/rocks_store.h"
#include "tests/support/status_matchers.h"
#include "tests/sync/journal/rocks_store_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class PowerCutTest : public RocksStoreTest {
 protected:
  PowerCutTest() : live_(root_ + "/live"), copy_(root_ + "/copy") {
    dir_ = live_;
  }

  // What is in the files now; the store goes on.
  void CutPower() {
    fs::remove_all(copy_);
    fs::copy(live_, copy_, fs::copy_options::recursive);
    dir_ = copy_;
    logs_ = Files(".log");
    std::sort(logs_.begin(), logs_.end());
    dir_ = live_;
  }
  absl::StatusOr<std::unique_ptr<Store>> OpenCopy(bool read_only = false) {
    RocksStoreOptions options;
    options.dir = copy_;
    options.read_only = read_only;
    return OpenRocksStore(options);
  }
  absl::Status PutUnsynced(const std::string& key) {
    WriteSet writes;
    writes.Put(Table::kJournal, "j" + key, std::string(2'000, 'r'));
    return store_->CommitUnsynced(writes);
  }

  static std::string Bytes(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static size_t EndOfContent(const fs::path& path) {
    return Bytes(path).find_last_not_of('\0') + 1;
  }
  static void ZeroSector(const fs::path& path, size_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(at / 512 * 512));
    const std::string zeros(512, '\0');
    file.write(zeros.data(), static_cast<std::streamsize>(zeros.size()));
  }

  const std::string live_;
  const std::string copy_;
  std::vector<fs::path> logs_;
};

TEST_F(PowerCutTest, TheLogIsLongerThanItsContentAndOpensWithAllOfIt) {
  ASSERT_THAT(Open(), IsOk());
  for (int i = 0; i < 1'000; ++i) ASSERT_THAT(Put(absl::StrCat(i)), IsOk());
  CutPower();
  ASSERT_EQ(logs_.size(), 1u);
  EXPECT_GT(fs::file_size(logs_[0]), EndOfContent(logs_[0]) + 10'000);
  for (const bool read_only : {true, false}) {
    auto store = OpenCopy(read_only);
    ASSERT_THAT(store, IsOk());
    EXPECT_EQ((*store)->ReadCommitNumbers()->found[0], 1'000u);
    EXPECT_TRUE((*store)->ReadCommitNumbers()->Agree());
  }
}

TEST_F(PowerCutTest, WhatWasNeverSyncedMayLackAnySector) {
  ASSERT_THAT(Open(), IsOk());
  for (int i = 0; i < 20; ++i) ASSERT_THAT(Put(absl::StrCat(i)), IsOk());
  CutPower();
  const size_t synced_end = EndOfContent(logs_[0]);
  for (int i = 20; i < 23; ++i) {
    ASSERT_THAT(PutUnsynced(absl::StrCat(i)), IsOk());
  }
  CutPower();
  const size_t end = EndOfContent(logs_[0]);
  for (size_t at = (synced_end / 512 + 1) * 512; at < end; at += 512) {
    CutPower();
    ZeroSector(logs_[0], at);
    auto store = OpenCopy();
    ASSERT_THAT(store, IsOk()) << at;
    const uint64_t commits = (*store)->ReadCommitNumbers()->found[0];
    EXPECT_EQ(commits, 20 + (at - synced_end) / 2'100) << at;
    EXPECT_TRUE((*store)->Get(Table::kDocs, "i19")->has_value());
    EXPECT_FALSE((*store)
                     ->Get(Table::kJournal, absl::StrCat("j", commits))
                     ->has_value());
    EXPECT_TRUE((*store)->ReadCommitNumbers()->Agree());
    // And goes on from there, over another cut.
    WriteSet writes;
    writes.Put(Table::kJournal, "jnext", "next");
    ASSERT_THAT((*store)->Commit(writes), IsOk());
    store->reset();
    store = OpenCopy();
    ASSERT_THAT(store, IsOk());
    EXPECT_EQ((*store)->ReadCommitNumbers()->found[0], commits + 1);
  }
}

TEST_F(PowerCutTest, WhatWasSyncedMayLackNothing) {
  ASSERT_THAT(Open(), IsOk());
  for (int i = 0; i < 20; ++i) ASSERT_THAT(Put(absl::StrCat(i)), IsOk());
  // A sync covers what was written before it.
  ASSERT_THAT(PutUnsynced("20"), IsOk());
  ASSERT_THAT(PutUnsynced("21"), IsOk());
  ASSERT_THAT(Put("21"), IsOk());
  ASSERT_THAT(PutUnsynced("22"), IsOk());
  CutPower();
  // Within commit 22, which commit 24 says was synced.
  ZeroSector(logs_[0], EndOfContent(logs_[0]) - 4'000);
  EXPECT_THAT(OpenCopy(), StatusIs(absl::StatusCode::kDataLoss,
                                   HasSubstr("commit 24 says that it had been "
                                             "synced")));
}

TEST_F(PowerCutTest, AFlippedByteOfTheLastCommitIsFound) {
  ASSERT_THAT(Open(), IsOk());
  for (int i = 0; i < 20; ++i) ASSERT_THAT(Put(absl::StrCat(i)), IsOk());
  CutPower();
  const size_t end = EndOfContent(logs_[0]);
  for (const size_t back : {1, 5, 30, 300, 600}) {
    CutPower();
    FlipByte(logs_[0], end - back);
    EXPECT_THAT(OpenCopy(), StatusIs(absl::StatusCode::kDataLoss,
                                     HasSubstr("is not what was written")))
        << back;
  }
}

TEST_F(PowerCutTest, ALogThatTheDiskKeptBesideTheNextOneIsNoDamage) {
  ASSERT_THAT(Open(), IsOk());
  for (int i = 0; i < 20; ++i) ASSERT_THAT(Put(absl::StrCat(i)), IsOk());
  ASSERT_THAT(PutUnsynced("20"), IsOk());
  CutPower();
  ZeroSector(logs_[0], EndOfContent(logs_[0]) - 1'000);
  const fs::path old_log = logs_[0];
  const std::string old_bytes = Bytes(old_log);
  auto store = OpenCopy();
  ASSERT_THAT(store, IsOk());
  WriteSet writes;
  writes.Put(Table::kJournal, "jnext", "next");
  ASSERT_THAT((*store)->Commit(writes), IsOk());
  store->reset();
  // The second cut takes back that the first log was removed.
  std::ofstream(old_log, std::ios::binary) << old_bytes;
  store = OpenCopy();
  ASSERT_THAT(store, IsOk());
  EXPECT_EQ((*store)->ReadCommitNumbers()->found[0], 21u);
  EXPECT_TRUE((*store)->Get(Table::kJournal, "jnext")->has_value());
}

TEST_F(PowerCutTest, AReaderBesideAWriterSeesWholeCommits) {
  ASSERT_THAT(Open(), IsOk());
  ASSERT_THAT(Put("first"), IsOk());
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) EXPECT_THAT(Put(absl::StrCat(i)), IsOk());
  });
  uint64_t seen = 0;
  for (int i = 0; i < 30; ++i) {
    RocksStoreOptions options;
    options.dir = live_;
    options.read_only = true;
    const auto reader = OpenRocksStore(options);
    EXPECT_THAT(reader, IsOk());
    if (!reader.ok()) break;
    const auto numbers = (*reader)->ReadCommitNumbers();
    EXPECT_TRUE(numbers->Agree());
    EXPECT_GE(numbers->found[0], seen);
    seen = numbers->found[0];
  }
  stop = true;
  writer.join();
  EXPECT_GT(seen, 30u);
}

}  // namespace
}  // namespace branchline
