#include "sync/journal/verify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "branchline/v1/replication.pb.h"
#include "sync/base/bytes.h"
#include "tests/support/journal_builder.h"
#include "tests/support/memory_store.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

VerifyReport Verify(JournalBuilder& chain, const std::string& stream = "") {
  auto report = VerifyJournal(
      chain.store(), {.hub_public_key = JournalBuilder::HubKey().public_key(),
                      .stream = stream});
  EXPECT_TRUE(report.ok()) << report.status();
  return *std::move(report);
}

const Faults& FaultsOf(const VerifyReport& report, const std::string& stream) {
  if (stream == "books") return report.books.faults;
  for (const StreamVerdict& verdict : report.streams) {
    if (verdict.stream == stream) return verdict.faults;
  }
  static const Faults none;
  ADD_FAILURE() << "no stream " << stream;
  return none;
}

TEST(VerifyTest, PassesASoundChainAndCountsIt) {
  JournalBuilder chain;
  chain.BuildChain();
  const VerifyReport report = Verify(chain);
  EXPECT_TRUE(report.ok());
  ASSERT_EQ(report.streams.size(), 3u);
  const StreamVerdict& s001 = report.streams[1];
  EXPECT_EQ(s001.stream, "edge:S001");
  EXPECT_EQ(s001.records, 10u);
  EXPECT_EQ(s001.epochs, 2u);
  EXPECT_EQ(s001.checkpoints, 2u);
  EXPECT_EQ(s001.unsigned_records, 1u);
  EXPECT_EQ(s001.end, chain.Head("edge:S001"));
  EXPECT_TRUE(report.books.compared);
  EXPECT_EQ(report.books.cells, 8u);
}

TEST(VerifyTest, PassesAfterTheBoxWasOpenedAgain) {
  JournalBuilder chain;
  chain.BuildChain();
  chain.Close();
  chain.Open();
  EXPECT_TRUE(Verify(chain).ok());
}

TEST(VerifyTest, AcceptsAnErasedPart) {
  JournalBuilder chain;
  chain.BuildChain();
  v1::Record record = chain.Read("chain", 1, 1);
  record.mutable_parts(0)->clear_salt();
  record.mutable_parts(0)->clear_data();
  record.mutable_parts(0)->set_erased(true);
  chain.Overwrite("chain", record);
  // What is erased may not go on in the docs.
  v1::Event event;
  ASSERT_TRUE(event.ParseFromString(record.payload()));
  const std::string id = event.staff_set().staff().id();
  EXPECT_THAT(Verify(chain).docs.faults.first,
              ::testing::HasSubstr("name and PIN of staff " + id));
  chain.Put(Table::kDocs, docs::StaffParts(id), "");
  const VerifyReport report = Verify(chain);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.streams[0].erased_parts, 1u);
}

TEST(VerifyTest, CountsWhatIsNewerThanTheProgram) {
  JournalBuilder chain;
  chain.OpenEpoch("S001", 1);
  v1::Event event;
  JournalBuilder::AddPosting("GBP", v1::ACCOUNT_KIND_REVENUE,
                             v1::ACCOUNT_KIND_TENDER, "S001", 5, &event);
  chain.Append("edge:S001", event);
  const VerifyReport report = Verify(chain);
  EXPECT_TRUE(report.ok());
  EXPECT_EQ(report.streams[0].newer, 1u);
  EXPECT_EQ(report.streams[0].aside, 0u);
}

TEST(VerifyTest, SumsReturnsStockChangesRestatementsAndLateRecords) {
  JournalBuilder chain;
  chain.OpenEpoch("S001", 1);
  const v1::Record sold = chain.Sell("S001", 1);

  v1::Event back;
  back.set_till("T1");
  back.set_business_date(20261121);
  back.set_restated_on_date(20261122);
  JournalBuilder::AddPosting("sku:PEN", v1::ACCOUNT_KIND_SOLD,
                             v1::ACCOUNT_KIND_ON_HAND, "S001", 500, &back);
  back.mutable_return_()->set_receipt_no("S001-T1-1-2");
  back.mutable_return_()->set_original_receipt_no("S001-T1-1-1");
  back.mutable_return_()->set_currency("GBP");
  v1::ReturnLine& returned = *back.mutable_return_()->add_lines();
  returned.set_sku("PEN");
  returned.set_quantity_milli(500);
  returned.set_amount_minor(100);
  chain.Append("edge:S001", back);

  v1::Event change;
  change.set_business_date(20261122);
  change.mutable_stock_change()->set_currency("GBP");
  v1::StockChangeLine& line = *change.mutable_stock_change()->add_lines();
  line.set_sku("PEN");
  line.set_quantity_milli(-1'000);
  line.set_amount_minor(-40);
  chain.Append("edge:S001", change);

  v1::Event late = JournalBuilder::PenSale("S001", 1);
  late.set_restated_on_date(20261122);
  *late.mutable_late_record()->mutable_record() = sold;
  chain.Append("edge:S001", late);

  const VerifyReport report = Verify(chain);
  EXPECT_EQ(report.books.faults.first, "");
  EXPECT_EQ(FaultsOf(report, "edge:S001").first, "");
}

TEST(VerifyTest, StartsFromASignedSnapshotOnly) {
  JournalBuilder chain;
  const Cursor base{3, 41, std::string(kHashSize, 'b')};
  v1::SnapshotChunk chunk;
  *chunk.mutable_at() = ToProto(base);
  chunk.set_signature(JournalBuilder::HubKey().Sign(
      kSnapshotPurpose, SnapshotBytes("chain", ToProto(base))));
  chain.Put(Table::kJournal, SnapshotChunkKey("chain", base, 0),
            chunk.SerializeAsString());
  chain.Put(Table::kJournal, SnapshotBaseKey("chain"),
            ToProto(base).SerializeAsString());
  chain.SetStaff("7", "Ada");
  const VerifyReport sound = Verify(chain);
  EXPECT_EQ(FaultsOf(sound, "chain").first, "");
  EXPECT_TRUE(sound.streams[0].from_snapshot);

  chunk.set_signature(std::string(kSignatureSize, 'x'));
  chain.Put(Table::kJournal, SnapshotChunkKey("chain", base, 0),
            chunk.SerializeAsString());
  EXPECT_THAT(FaultsOf(Verify(chain), "chain").first,
              HasSubstr("from a snapshot that is not signed by the hub"));
}

TEST(VerifyTest, BelievesTheHubsAck) {
  JournalBuilder chain;
  chain.OpenEpoch("S002", 1);
  chain.Sell("S002", 1);
  chain.StoreAck("S002");
  chain.Sell("S002", 2);
  const VerifyReport report = Verify(chain);
  EXPECT_EQ(FaultsOf(report, "edge:S002").first, "");
  EXPECT_EQ(report.streams[0].unsigned_records, 1u);
}

TEST(VerifyTest, AcceptsACheckpointThatDoesNotCount) {
  JournalBuilder chain;
  chain.OpenEpoch("S002", 1);
  chain.Sign("edge:S002", JournalBuilder::BranchKey("S002", 1), 0);
  EXPECT_EQ(FaultsOf(Verify(chain), "edge:S002").first, "");
}

TEST(VerifyTest, SaysThatATableFellBehind) {
  MemoryStore store;
  const MemoryStore::DiskImage before = store.Image();
  ASSERT_TRUE(store.AlignCommitNumbers().ok());
  store.RestoreTable(Table::kBooks, before);
  const auto report = VerifyJournal(
      store,
      {.hub_public_key = JournalBuilder::HubKey().public_key(), .stream = ""});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_FALSE(report->books.compared);
  EXPECT_THAT(report->books.faults.first,
              HasSubstr("the table books ends at commit 0 of 1"));
}

TEST(VerifyTest, SaysWhyTheBooksOfOneStreamAreNotCompared) {
  JournalBuilder chain;
  chain.BuildChain();
  const VerifyReport report = Verify(chain, "edge:S002");
  ASSERT_EQ(report.streams.size(), 1u);
  EXPECT_FALSE(report.books.compared);
  EXPECT_EQ(report.books.why_not, "they are sums over all streams");
}

TEST(VerifyTest, SaysThatAnotherVersionWroteTheBooks) {
  JournalBuilder chain;
  chain.BuildChain();
  std::string version;
  AppendU64(&version, kProjectionVersion + 1);
  chain.Put(Table::kDocs, "!projections", version);
  const VerifyReport report = Verify(chain);
  EXPECT_TRUE(report.ok());
  EXPECT_FALSE(report.books.compared);
  EXPECT_THAT(report.books.why_not, HasSubstr("another version"));
}

// A rebuild that is under way, or was when the power went.
TEST(VerifyTest, BooksThatAreBeingMadeAreNoDamage) {
  JournalBuilder chain;
  chain.BuildChain();
  chain.Delete(Table::kDocs, std::string(kProjectionVersionKey));
  const VerifyReport report = Verify(chain);
  EXPECT_TRUE(report.ok());
  EXPECT_FALSE(report.books.compared);
  EXPECT_THAT(report.books.why_not, HasSubstr("being made again"));
}

TEST(VerifyTest, RefusesWithoutAHubKeyAndNamesTheStreamsThereAre) {
  JournalBuilder chain;
  chain.BuildChain();
  EXPECT_EQ(VerifyJournal(chain.store(), {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  const auto report = VerifyJournal(
      chain.store(), {.hub_public_key = JournalBuilder::HubKey().public_key(),
                      .stream = "edge:S009"});
  EXPECT_EQ(report.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(report.status().message()),
              HasSubstr("edge:S001, edge:S002"));
}

// A checkpoint may not count other events than there are.
TEST(VerifyTest, FindsACheckpointThatCountsOtherEvents) {
  JournalBuilder chain;
  chain.BuildChain();
  auto checkpoint = **LastCheckpoint(chain.store(), "edge:S002");
  checkpoint.set_events_total(9);
  checkpoint.set_signature(JournalBuilder::BranchKey("S002", 1).Sign(
      kCheckpointPurpose, CheckpointBytes("edge:S002", checkpoint)));
  chain.Put(Table::kJournal, CheckpointKey("edge:S002", 1, 4),
            checkpoint.SerializeAsString());
  const auto report = VerifyJournal(
      chain.store(),
      {.hub_public_key = JournalBuilder::HubKey().public_key(), .stream = ""});
  ASSERT_TRUE(report.ok());
  EXPECT_THAT(report->streams[2].faults.first,
              HasSubstr("a checkpoint over 9 events, here are 4"));
}

// One byte of a file on the disk, in every table: found at open or by reading.
TEST(VerifyTest, FindsAFlippedByteInEveryTablesFiles) {
  JournalBuilder chain;
  chain.BuildChain();
  chain.Put(Table::kLocal, "basket", std::string(500, 'b'));
  chain.Close();
  chain.Open();  // writes what was in the log to a file for each table
  chain.Close();
  size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(chain.dir())) {
    if (file.path().extension() != ".sst") continue;
    ++files;
    std::fstream bytes(file.path(),
                       std::ios::in | std::ios::out | std::ios::binary);
    const auto flip = [&] {
      bytes.seekg(20);
      const int byte = bytes.get();
      bytes.seekp(20);
      bytes.put(static_cast<char>(byte ^ 1));
      bytes.flush();
    };
    flip();
    const auto store = OpenRocksStore({.dir = chain.dir(), .read_only = true});
    if (store.ok()) {
      const auto report = VerifyJournal(
          **store, {.hub_public_key = JournalBuilder::HubKey().public_key(),
                    .stream = ""});
      EXPECT_TRUE(!report.ok() || report->disk.count == 1) << file.path();
      EXPECT_TRUE(!report.ok() || !report->ok()) << file.path();
    }
    flip();
  }
  EXPECT_GE(files, kTableCount);
  chain.Open();
}

}  // namespace
}  // namespace branchline
