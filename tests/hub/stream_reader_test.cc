// What branches pull: records, and a snapshot for those that join late.

#include "hub/intake/stream_reader.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "hub/merge/catalogue_import.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class StreamReaderTest : public ::testing::Test {
 protected:
  StreamReaderTest() {
    EXPECT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  }

  // One record on `chain` each.
  void Import(int count) {
    for (int i = 0; i < count; ++i) {
      v1::ImportCatalogueRequest request;
      v1::Item* item = request.add_items();
      item->set_sku(absl::StrCat("SKU", i % 50));
      item->set_name(absl::StrCat("Item ", next_++));
      EXPECT_THAT(ImportCatalogue(hub.store.get(), hub.ledger.get(), request),
                  IsOk());
    }
  }

  Cursor Chain() { return (*hub.store->ReadCursors({"chain"}))[0]; }

  std::vector<v1::HubFrame> Read(const FollowerPlace& after,
                                 size_t bytes_max = kPushBytesMax) {
    const auto frames =
        hub.node->ReadStream(box.peer(), "chain", after, bytes_max);
    EXPECT_THAT(frames, IsOk());
    return *frames;
  }

  TestHub hub;
  TestBox box;
  int next_ = 0;
};

TEST_F(StreamReaderTest, AShortStreamIsReadAsRecordsThatChain) {
  Import(20);
  Cursor head;
  FollowerPlace place;
  int frames_read = 0;
  while (true) {
    const auto frames = Read(place, 400);
    if (frames.empty()) break;
    for (const v1::HubFrame& frame : frames) {
      ++frames_read;
      for (const std::string& bytes : frame.records().records()) {
        v1::Record record;
        ASSERT_TRUE(record.ParseFromString(bytes));
        ASSERT_THAT(CheckFollows("chain", head, record), IsOk());
        head = CursorOf(record);
      }
      const v1::Checkpoint& checkpoint = frame.records().checkpoint();
      EXPECT_EQ(checkpoint.hash(), head.hash);
      EXPECT_THAT(
          VerifySignature(box.joined.hub_public_key(), kCheckpointPurpose,
                          CheckpointBytes("chain", checkpoint),
                          checkpoint.signature()),
          IsOk());
    }
    place.at = head;
  }
  EXPECT_EQ(head, Chain());
  EXPECT_GT(frames_read, 3);
}

TEST_F(StreamReaderTest, OneWhoJoinsALongStreamGetsASnapshot) {
  Import(static_cast<int>(SnapshotLimits().join_records) + 1);
  std::map<std::string, std::string> rows;
  FollowerPlace place;
  for (uint64_t index = 0;; ++index) {
    const auto frames = Read(place, 1);
    ASSERT_EQ(frames.size(), 1u);
    ASSERT_TRUE(frames[0].has_snapshot());
    const v1::SnapshotChunk& chunk = frames[0].snapshot();
    EXPECT_EQ(chunk.index(), index);
    EXPECT_EQ(FromProto(chunk.at()), Chain());
    for (const v1::SnapshotRow& row : chunk.rows()) {
      rows[row.key()] = row.value();
    }
    if (chunk.last()) {
      EXPECT_THAT(VerifySignature(box.joined.hub_public_key(), kSnapshotPurpose,
                                  SnapshotBytes("chain", chunk.at()),
                                  chunk.signature()),
                  IsOk());
      break;
    }
    place.snapshot_at = FromProto(chunk.at());
    place.chunk_next = chunk.index() + 1;
  }
  // As if every record had been folded.
  EXPECT_EQ(rows.size(), 50u + 1u);
  EXPECT_EQ(rows.count(docs::Branch("S001")), 1u);
  v1::Item item;
  ASSERT_TRUE(item.ParseFromString(rows[docs::Item("SKU0")]));
  EXPECT_EQ(item.name(), "Item 200");
  // And then records again.
  place = {Chain(), std::nullopt, 0};
  EXPECT_TRUE(Read(place).empty());
  Import(1);
  ASSERT_EQ(Read(place).size(), 1u);
  EXPECT_TRUE(Read(place)[0].has_records());
}

TEST_F(StreamReaderTest, ASnapshotUnderWayStaysTheSame) {
  const int many = static_cast<int>(SnapshotLimits().join_records) + 1;
  Import(many);
  const Cursor at = FromProto(Read({}, 1)[0].snapshot().at());
  Import(5);
  // A few records more are no reason to make another.
  EXPECT_EQ(FromProto(Read({}, 1)[0].snapshot().at()), at);
  Import(many);
  EXPECT_EQ(FromProto(Read({}, 1)[0].snapshot().at()), Chain());
  // One who is half through goes on with his own.
  FollowerPlace half;
  half.snapshot_at = at;
  half.chunk_next = 0;
  EXPECT_EQ(FromProto(Read(half, 1)[0].snapshot().at()), at);
  // Until it is kept no longer: then from the beginning of another.
  Import(many);
  EXPECT_EQ(FromProto(Read({}, 1)[0].snapshot().at()), Chain());
  half.chunk_next = 9;
  const auto frames = Read(half, 1);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].snapshot().index(), 0u);
  EXPECT_EQ(FromProto(frames[0].snapshot().at()), Chain());
}

TEST_F(StreamReaderTest, OnlyItsOwnStreams) {
  EXPECT_THAT(hub.node->ReadStream(box.peer(), "branch:S002", {}, 1000),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("S001 does not follow branch:S002")));
  EXPECT_THAT(hub.node->ReadStream(box.peer(), "edge:S001", {}, 1000),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("")));
}

}  // namespace
}  // namespace branchline
