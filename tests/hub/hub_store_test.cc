// The store's promises: all or nothing, each change against what is there.

#include <string>

#include "hub/storage/kv_hub_store.h"
#include "hub/storage/stream_check.h"
#include "hub/storage/update_box.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A change that appends one record after `*head`, and moves it.
HubApply AppendOne(const std::string& stream, Cursor* head) {
  HubApply apply;
  StreamAppend& append = apply.appends.emplace_back();
  append.stream = stream;
  append.expect = *head;
  const v1::Record record = NextRecord(stream, *head, "payload");
  *head = CursorOf(record);
  append.end = *head;
  append.records.push_back(
      {record.epoch(), record.seq(), record.SerializeAsString()});
  apply.effects.cells["b" + stream].Add("n", 1);
  return apply;
}

int64_t CountOf(const MemoryStore& disk, const std::string& stream) {
  return static_cast<int64_t>(ReadCell(disk, "b" + stream)->Get("n"));
}

v1::BoxState BoxOf(const std::string& branch, uint64_t epoch,
                   uint64_t revision) {
  v1::BoxState box;
  box.set_branch(branch);
  box.set_epoch(epoch);
  box.set_revision(revision);
  return box;
}

class HubStoreTest : public ::testing::Test {
 protected:
  MemoryStore disk;
  KvHubStore store{&disk};
};

TEST_F(HubStoreTest, ManyChangesTakeOneSync) {
  Cursor a;
  Cursor b;
  HubApply first = AppendOne("edge:A", &a);
  HubApply second = AppendOne("edge:B", &b);
  HubApply third = AppendOne("edge:A", &a);
  const auto results = store.ApplyMany({&first, &second, &third});
  ASSERT_THAT(results, IsOk());
  for (const HubApplied& result : *results) EXPECT_TRUE(result.applied);
  EXPECT_EQ(disk.commits(), 1);
  EXPECT_EQ(CountOf(disk, "edge:A"), 2);
  EXPECT_EQ((*store.ReadCursors({"edge:A", "edge:B"}))[0], a);
}

TEST_F(HubStoreTest, AChangeThatDoesNotFitIsLeftOutAlone) {
  Cursor a;
  Cursor b;
  HubApply good = AppendOne("edge:A", &a);
  Cursor wrong{1, 7, std::string(32, 'w')};
  HubApply bad = AppendOne("edge:B", &wrong);
  HubApply behind = AppendOne("edge:B", &wrong);  // builds on the bad one
  HubApply other = AppendOne("edge:B", &b);
  const std::string bytes = bad.appends[0].records[0].bytes;
  const auto results = store.ApplyMany({&good, &bad, &behind, &other});
  ASSERT_THAT(results, IsOk());
  EXPECT_TRUE((*results)[0].applied);
  EXPECT_FALSE((*results)[1].applied);
  EXPECT_THAT((*results)[1].found,
              HasSubstr("edge:B ends at epoch 1, record 0"));
  EXPECT_FALSE((*results)[2].applied);
  EXPECT_TRUE((*results)[3].applied);
  EXPECT_EQ(bad.appends[0].records[0].bytes, bytes);  // to be prepared again
  EXPECT_EQ(CountOf(disk, "edge:A"), 1);
  EXPECT_EQ(CountOf(disk, "edge:B"), 1);
}

TEST_F(HubStoreTest, NothingToDoWritesNothing) {
  Cursor wrong{1, 7, std::string(32, 'w')};
  HubApply bad = AppendOne("edge:A", &wrong);
  ASSERT_THAT(store.ApplyMany({&bad}), IsOk());
  EXPECT_EQ(disk.commits(), 0);
}

TEST_F(HubStoreTest, ABoxChangesOneRevisionAtATime) {
  HubApply first;
  first.boxes.push_back(BoxOf("A", 1, 1));
  HubApply same;
  same.boxes.push_back(BoxOf("A", 1, 1));
  HubApply next;
  next.boxes.push_back(BoxOf("A", 2, 2));
  // Also within one transaction.
  const auto results = store.ApplyMany({&first, &same, &next});
  ASSERT_THAT(results, IsOk());
  EXPECT_TRUE((*results)[0].applied);
  EXPECT_FALSE((*results)[1].applied);
  EXPECT_THAT((*results)[1].found, HasSubstr("has revision 1, expected was 0"));
  EXPECT_TRUE((*results)[2].applied);
  EXPECT_EQ(store.ReadBox("A")->value().epoch(), 2u);
}

TEST_F(HubStoreTest, RecordsAreTakenOnlyOfTheBoxThatPosts) {
  HubApply box;
  box.boxes.push_back(BoxOf("A", 2, 1));
  ASSERT_THAT(store.ApplyMany({&box}), IsOk());
  Cursor a;
  HubApply old = AppendOne("edge:A", &a);
  old.box = BoxCondition{"A", 1};
  a = Cursor();
  HubApply now = AppendOne("edge:A", &a);
  now.box = BoxCondition{"A", 2};
  HubApply close;
  close.boxes.push_back(BoxOf("A", 2, 2));
  close.boxes[0].set_closed(true);
  HubApply late = AppendOne("edge:A", &a);
  late.box = BoxCondition{"A", 2};
  const auto results = store.ApplyMany({&old, &now, &close, &late});
  ASSERT_THAT(results, IsOk());
  EXPECT_FALSE((*results)[0].applied);
  EXPECT_THAT((*results)[0].found, HasSubstr("posts in epoch 2"));
  EXPECT_TRUE((*results)[1].applied);
  EXPECT_TRUE((*results)[2].applied);
  EXPECT_FALSE((*results)[3].applied);
  EXPECT_THAT((*results)[3].found, HasSubstr("is closed"));
}

TEST_F(HubStoreTest, AfterAFailedCommitTheEndIsReadFromTheDisk) {
  Cursor a;
  HubApply first = AppendOne("edge:A", &a);
  ASSERT_THAT(store.ApplyMany({&first}), IsOk());
  const Cursor stored = a;
  HubApply second = AppendOne("edge:A", &a);
  disk.FailAfter(1, absl::DataLossError("gone"), /*landed=*/true);
  EXPECT_THAT(store.ApplyMany({&second}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("gone")));
  EXPECT_EQ((*store.ReadCursors({"edge:A"}))[0], a);
  EXPECT_NE(a, stored);
}

TEST_F(HubStoreTest, HashesAtPlaces) {
  Cursor a;
  HubApply first = AppendOne("edge:A", &a);
  ASSERT_THAT(store.ApplyMany({&first}), IsOk());
  EXPECT_EQ(*store.ReadHash("edge:A", 1, 0), std::string(32, '\0'));
  EXPECT_EQ(*store.ReadHash("edge:A", 1, 1), a.hash);
  EXPECT_THAT(store.ReadHash("edge:A", 1, 2),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no record 2")));
}

TEST_F(HubStoreTest, UpdateBoxDecidesOnWhatIsThere) {
  EXPECT_THAT(UpdateBox(&store, "A", [](auto*) { return true; }),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no box")));
  HubApply box;
  box.boxes.push_back(BoxOf("A", 1, 1));
  ASSERT_THAT(store.ApplyMany({&box}), IsOk());
  int calls = 0;
  const auto racing = [&](v1::BoxState* mine) -> absl::StatusOr<bool> {
    if (++calls == 1) {
      HubApply theirs;
      theirs.boxes.push_back(BoxOf("A", 2, 2));
      EXPECT_THAT(store.ApplyMany({&theirs}), IsOk());
    }
    mine->set_incident("mine");
    return true;
  };
  ASSERT_THAT(UpdateBox(&store, "A", racing), IsOk());
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(store.ReadBox("A")->value().epoch(), 2u);
  EXPECT_EQ(store.ReadBox("A")->value().incident(), "mine");
}

// --- Checking stored streams ---

TEST(StreamCheckTest, FindsTheDamagedRecord) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  for (uint64_t i = 1; i <= 5; ++i) {
    box.Append(SaleOf("S001", 20261121, i, "PEN", 1'000, 199));
    ASSERT_THAT(box.PushTo(&hub), IsOk());
  }
  const auto always = [] { return true; };
  const auto whole = CheckStream(*hub.store, "edge:S001", Cursor(), always);
  ASSERT_THAT(whole, IsOk());
  EXPECT_EQ(*whole, 6u);
  const auto end = CheckStreamEnd(*hub.store, "edge:S001");
  ASSERT_THAT(end, IsOk());
  EXPECT_THAT(*end, HasSubstr("ends at epoch 1, record 6"));
  EXPECT_THAT(
      CheckStream(*hub.store, "edge:S001", Cursor(), [] { return false; }),
      StatusIs(absl::StatusCode::kCancelled, HasSubstr("")));

  // One byte in the middle: the end is right, the whole is not.
  v1::Record record = box.records[2];
  record.mutable_payload()->back() ^= 1;
  hub.disk.Damage(Table::kJournal, RecordKey("edge:S001", 1, 3),
                  record.SerializeAsString());
  EXPECT_THAT(CheckStreamEnd(*hub.store, "edge:S001"), IsOk());
  EXPECT_THAT(CheckStream(*hub.store, "edge:S001", Cursor(), always),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("record 3 of epoch 1 in edge:S001")));
  // A record that is gone.
  hub.disk.Damage(Table::kJournal, RecordKey("edge:S001", 1, 3), std::nullopt);
  EXPECT_THAT(CheckStream(*hub.store, "edge:S001", Cursor(), always),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("does not follow epoch 1, record 2")));
  // The last one, under the signed checkpoint.
  record = box.records[5];
  record.mutable_payload()->back() ^= 1;
  hub.disk.Damage(Table::kJournal, RecordKey("edge:S001", 1, 6),
                  record.SerializeAsString());
  EXPECT_THAT(
      CheckStreamEnd(*hub.store, "edge:S001"),
      StatusIs(absl::StatusCode::kDataLoss, HasSubstr("record 6 of epoch 1")));
  hub.disk.Damage(Table::kJournal, RecordKey("edge:S001", 1, 6), std::nullopt);
  EXPECT_THAT(CheckStreamEnd(*hub.store, "edge:S001"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is missing")));
}

}  // namespace
}  // namespace branchline
