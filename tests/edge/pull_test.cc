// What the edge takes from the hub: records, snapshots, late suffixes, epochs.

#include "sync/journal/journal.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class PullTest : public EdgeFixture {
 protected:
  PullTest() { BL_CHECK(OpenDay().ok(), "the day opens"); }

  static v1::Event NewPrice(int64_t minor) {
    v1::Event event;
    v1::Price* price = event.mutable_prices_set()->add_prices();
    price->set_sku("PEN");
    price->set_currency("GBP");
    price->set_price_minor_e4(minor * 10'000);
    return event;
  }

  // The office's word that what `found` lists may be taken in.
  static v1::Event ApprovalOf(const v1::LateSuffixFound& found) {
    v1::Event event;
    v1::LateSuffixApproved* approved = event.mutable_late_suffix_approved();
    approved->set_branch("S014");
    approved->set_epoch(1);
    approved->set_first_seq(found.first_seq());
    *approved->mutable_last() = found.last();
    return event;
  }
};

TEST_F(PullTest, ANewPriceIsSoldAtOnceAndSeenIsRecorded) {
  ASSERT_THAT(core_->TakeRecords(chain_.Append(NewPrice(250))), IsOk());
  const auto sold = Run(Sale());
  EXPECT_EQ(sold->event.sale().total_minor(), 250);
  ASSERT_EQ(sold->event.seen_size(), 1);
  EXPECT_EQ(sold->event.seen(0).stream(), "chain");
  EXPECT_EQ(sold->event.seen(0).seq(), 3u);
}

// What a till asked for in vain is remembered, but not beyond the next pull.
TEST_F(PullTest, AnItemThatWasMissingIsSoldOnceItHasCome) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Run(Sale("MAP")), StatusIs(absl::StatusCode::kNotFound,
                                           HasSubstr("no such SKU")));
  }
  v1::Event item;
  item.mutable_items_set()->add_items()->set_sku("MAP");
  ASSERT_THAT(core_->TakeRecords(chain_.Append(item)), IsOk());
  EXPECT_THAT(Run(Sale("MAP")), StatusIs(absl::StatusCode::kNotFound,
                                         HasSubstr("no price in GBP")));
  v1::Event price = NewPrice(250);
  price.mutable_prices_set()->mutable_prices(0)->set_sku("MAP");
  ASSERT_THAT(core_->TakeRecords(chain_.Append(price)), IsOk());
  EXPECT_EQ(Run(Sale("MAP"))->event.sale().total_minor(), 250);
}

TEST_F(PullTest, RecordsThatComeTwiceCountOnce) {
  const v1::StreamRecords records = chain_.Append(NewPrice(250));
  ASSERT_THAT(core_->TakeRecords(records), IsOk());
  ASSERT_THAT(core_->TakeRecords(records), IsOk());
  EXPECT_EQ(core_->state().pulled.at("chain"), chain_.head());
}

TEST_F(PullTest, AGapIsRefusedAndChangesNothing) {
  chain_.Append(NewPrice(250));
  EXPECT_THAT(
      core_->TakeRecords(chain_.Append(NewPrice(300))),
      StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("does not follow")));
  EXPECT_EQ(Run(Sale())->event.sale().total_minor(), 199);
}

TEST_F(PullTest, AnotherHistoryOfTheHubIsRefused) {
  FakeHubStream other("chain", SeededKey('h'));
  other.Append(Prices());
  other.Append(Catalogue());
  EXPECT_THAT(core_->TakeRecords(other.Append(NewPrice(1))),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("chain")));
}

TEST_F(PullTest, ACheckpointOfAStrangerIsRefused) {
  v1::StreamRecords records = chain_.Append(NewPrice(250));
  records.mutable_checkpoint()->set_signature(SeededKey('x').Sign(
      kCheckpointPurpose, CheckpointBytes("chain", records.checkpoint())));
  EXPECT_THAT(core_->TakeRecords(records),
              StatusIs(absl::StatusCode::kUnauthenticated,
                       HasSubstr("checkpoint of chain")));
  EXPECT_EQ(Run(Sale())->event.sale().total_minor(), 199);
}

TEST_F(PullTest, AStreamThatIsNotFollowedIsRefused) {
  v1::StreamRecords records;
  records.set_stream("branch:S015");
  EXPECT_THAT(core_->TakeRecords(records),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("does not follow")));
}

TEST_F(PullTest, AnEventFromANewerHubIsKeptAndListed) {
  v1::Event event;
  event.GetReflection()->MutableUnknownFields(&event)->AddVarint(999, 1);
  ASSERT_THAT(core_->TakeRecords(chain_.Append(event)), IsOk());
  const auto listed = store_.Get(Table::kDocs, docs::Exception("chain", 1, 3));
  ASSERT_TRUE(listed->has_value());
  EXPECT_THAT(**listed, HasSubstr("does not know what it is"));
  // Its bytes stay as they came.
  EXPECT_EQ(ReadRecord(store_, "chain", 1, 3)->payload(),
            event.SerializeAsString());
}

TEST_F(PullTest, ASnapshotMovesTheCursorWithItsLastChunk) {
  v1::SnapshotChunk chunk;
  chunk.set_stream("branch:S014");
  Cursor at{1, 40, std::string(kHashSize, 'q')};
  *chunk.mutable_at() = ToProto(at);
  v1::Item item;
  item.set_sku("NEW");
  chunk.add_rows()->set_key(docs::Item("NEW"));
  chunk.mutable_rows(0)->set_value(item.SerializeAsString());
  ASSERT_THAT(core_->TakeSnapshot(chunk), IsOk());
  EXPECT_EQ(core_->state().pulled.at("branch:S014").seq, 0u);
  chunk.set_index(1);
  chunk.set_last(true);
  chunk.clear_rows();
  EXPECT_THAT(core_->TakeSnapshot(chunk),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("snapshot of branch:S014")));
  chunk.set_signature(SeededKey('h').Sign(
      kSnapshotPurpose, SnapshotBytes("branch:S014", chunk.at())));
  ASSERT_THAT(core_->TakeSnapshot(chunk), IsOk());
  EXPECT_EQ(core_->state().pulled.at("branch:S014"), at);
  CrashAndOpen();
  EXPECT_EQ(core_->state().pulled.at("branch:S014"), at);
}

// A chunk that is lost must not be passed over: its items would be unknown to
// the tills for ever.
TEST_F(PullTest, ASnapshotWithAHoleIsNotTaken) {
  v1::SnapshotChunk chunk;
  chunk.set_stream("chain");
  *chunk.mutable_at() = ToProto({1, 40, std::string(kHashSize, 'q')});
  ASSERT_THAT(core_->TakeSnapshot(chunk), IsOk());
  chunk.set_index(2);
  chunk.set_last(true);
  chunk.set_signature(SeededKey('h').Sign(kSnapshotPurpose,
                                          SnapshotBytes("chain", chunk.at())));
  EXPECT_THAT(core_->TakeSnapshot(chunk),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("chunk 2 of the snapshot of chain at epoch 1, "
                                 "record 40 (71717171...) came, chunk 1 is "
                                 "next")));
  EXPECT_EQ(core_->state().pulled.at("chain"), chain_.head());
  chunk.set_index(0);  // known
  EXPECT_THAT(core_->TakeSnapshot(chunk), IsOk());
  EXPECT_EQ(core_->state().pulled.at("chain"), chain_.head());
}

// The next snapshot came in half, the power went, and the docs are made again:
// from the one that was installed, with nothing of the other in between.
TEST_F(PullTest, AHalfSnapshotDoesNotMixWithTheOneBefore) {
  const auto snapshot = [](uint64_t seq, uint64_t index, const char* sku,
                           bool last) {
    v1::SnapshotChunk chunk;
    chunk.set_stream("chain");
    *chunk.mutable_at() = ToProto({1, seq, std::string(kHashSize, 'q')});
    chunk.set_index(index);
    v1::Item item;
    item.set_sku(sku);
    item.set_name(absl::StrCat("as of ", seq));
    chunk.add_rows()->set_key(docs::Item(sku));
    chunk.mutable_rows(0)->set_value(item.SerializeAsString());
    chunk.set_last(last);
    if (last) {
      chunk.set_signature(SeededKey('h').Sign(
          kSnapshotPurpose, SnapshotBytes("chain", chunk.at())));
    }
    return chunk;
  };
  ASSERT_THAT(core_->TakeSnapshot(snapshot(40, 0, "A", false)), IsOk());
  ASSERT_THAT(core_->TakeSnapshot(snapshot(40, 1, "B", true)), IsOk());
  // Rows moved between the chunks: A stands in the second now.
  ASSERT_THAT(core_->TakeSnapshot(snapshot(60, 0, "0", false)), IsOk());
  core_.reset();
  ASSERT_THAT(Rebuild(&store_), IsOk());
  for (const char* sku : {"A", "B"}) {
    EXPECT_TRUE((*store_.Get(Table::kDocs, docs::Item(sku))).has_value())
        << sku;
  }
  Open();
  ASSERT_THAT(core_->TakeSnapshot(snapshot(60, 0, "0", false)), IsOk());
  ASSERT_THAT(core_->TakeSnapshot(snapshot(60, 1, "A", true)), IsOk());
  EXPECT_EQ(core_->state().pulled.at("chain").seq, 60u);
  // Nothing of the old one is left behind.
  int chunks = 0;
  ASSERT_THAT(store_.Scan(Table::kJournal, "s", "t",
                          [&](absl::string_view, absl::string_view) {
                            ++chunks;
                            return true;
                          }),
              IsOk());
  EXPECT_EQ(chunks, 2);
}

TEST_F(PullTest, ASnapshotMaySetNothingOfABranch) {
  v1::SnapshotChunk chunk;
  chunk.set_stream("chain");
  *chunk.mutable_at() = ToProto({1, 99, std::string(kHashSize, 'q')});
  chunk.add_rows()->set_key(docs::Receipt("S014", "S014-T1-1-000001"));
  EXPECT_THAT(
      core_->TakeSnapshot(chunk),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not the hub's")));
}

// Seed 409: an old disk held a record that no branch may write. Its suffix was
// never taken in, and the box did not start again.
TEST_F(PullTest, ALateRecordThatMayNotCountHoldsUpNothing) {
  const Cursor sealed = Run(Sale())->at;
  const auto sealed_image = store_.Image();
  v1::Event forged;
  forged.set_command_id("0123456789abcdef");
  forged.add_units("sku:PEN");
  for (const char* owner : {"S015", "S014"}) {
    forged.add_accounts()->set_kind(v1::ACCOUNT_KIND_STOCK_SLICE);
    forged.mutable_accounts(forged.accounts_size() - 1)->set_owner(owner);
  }
  forged.add_postings()->set_destination(1);
  forged.mutable_postings(0)->set_amount(1'000);
  std::vector<v1::Record> suffix = {
      NextRecord("edge:S014", sealed, forged.SerializeAsString())};
  v1::Event sale = Run(Sale("PEN", 2'000))->event;
  suffix.push_back(
      NextRecord("edge:S014", CursorOf(suffix[0]), sale.SerializeAsString()));
  core_.reset();
  store_.Restore(sealed_image);
  Open(Identity(2, sealed));
  const auto found = core_->OfferLate(sealed, suffix);
  ASSERT_THAT(found, IsOk());
  const v1::Event approval = ApprovalOf(*found);
  FakeHubStream own("branch:S014", SeededKey('h'));
  ASSERT_THAT(core_->TakeRecords(own.Append(approval)), IsOk());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 3'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_STOCK_SLICE, "sku:PEN"), 0);
  core_.reset();
  store_.Crash();
  Open(Identity(2, sealed));
}

// The old disk sold two after the hub had sealed its epoch; the new box opened
// epoch 2 there. Both sales come in once, under their old numbers.
TEST_F(PullTest, ALateSuffixIsTakenInOnceAfterApproval) {
  const Cursor sealed = Run(Sale())->at;
  const auto sealed_image = store_.Image();
  std::vector<v1::Record> suffix;
  const v1::RingRequest repeated = WithId(Sale("INK"));
  for (const auto& request : {WithId(Sale("PEN", 2'000)), repeated}) {
    const Cursor at = Run(request)->at;
    suffix.push_back(*ReadRecord(store_, "edge:S014", 1, at.seq));
  }
  core_.reset();
  store_.Restore(sealed_image);
  Open(Identity(2, sealed));
  EXPECT_EQ(Run(Sale())->event.sale().receipt_no(), "S014-T1-2-000001");
  ASSERT_THAT(Run(repeated), IsOk());  // the till asked the new box again

  const auto found = core_->OfferLate(sealed, suffix);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->receipts(), 2u);
  EXPECT_EQ(found->totals(0).net_minor(), 398 + 333);
  const int64_t before = Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN");

  const v1::Event approval = ApprovalOf(*found);
  FakeHubStream own("branch:S014", SeededKey('h'));
  ASSERT_THAT(core_->TakeRecords(own.Append(approval)), IsOk());
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), before + 2'000);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:INK"), 1'000);  // not 2,000

  const auto row = core_->books().Get(
      Table::kDocs, docs::Receipt("S014", "S014-T1-1-000002"));
  EXPECT_TRUE(row->has_value());
  const Cursor head = core_->state().head;
  core_.reset();
  store_.Crash();
  Open(Identity(2, sealed));
  EXPECT_EQ(core_->state().head, head);
}

// Two disks were copied from one and sold on: their suffixes share a record and
// then part. Each is taken in when it is approved, the shared record once.
class TwoDisksTest : public PullTest,
                     public ::testing::WithParamInterface<bool> {
 protected:
  TwoDisksTest() {
    sealed_ = Run(Sale())->at;
    const auto sealed_image = store_.Image();
    shared_.push_back(Sell(1'000));
    const auto shared_image = store_.Image();
    a_ = shared_;
    a_.push_back(Sell(2'000));
    a_.push_back(Sell(4'000));
    Restart(shared_image, Identity());
    b_ = shared_;
    b_.push_back(Sell(8'000));
    Restart(sealed_image, Identity(2, sealed_));
  }

  v1::Record Sell(int64_t quantity_milli) {
    const Cursor at = Run(Sale("PEN", quantity_milli))->at;
    return *ReadRecord(store_, "edge:S014", at.epoch, at.seq);
  }

  void Restart(const MemoryStore::DiskImage& image, EdgeIdentity identity) {
    core_.reset();
    store_.Restore(image);
    Open(std::move(identity));
  }

  void Approve(const v1::LateSuffixFound& found) {
    ASSERT_THAT(core_->TakeRecords(own_.Append(ApprovalOf(found))), IsOk());
  }

  int64_t Sold() { return Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"); }

  Cursor sealed_;
  std::vector<v1::Record> shared_, a_, b_;
  FakeHubStream own_{"branch:S014", SeededKey('h')};
};

TEST_P(TwoDisksTest, EachIsTakenInOnce) {
  const auto& [first, second] =
      GetParam() ? std::pair(a_, b_) : std::pair(b_, a_);
  const int64_t first_milli = GetParam() ? 7'000 : 9'000;
  const int64_t before = Sold();
  const auto found_first = core_->OfferLate(sealed_, first);
  const auto found_second = core_->OfferLate(sealed_, second);
  ASSERT_THAT(found_first, IsOk());
  ASSERT_THAT(found_second, IsOk());
  Approve(*found_first);
  EXPECT_EQ(Sold(), before + first_milli);
  Approve(*found_first);  // twice is once
  EXPECT_EQ(Sold(), before + first_milli);
  core_.reset();
  store_.Crash();
  Open(Identity(2, sealed_));
  Approve(*found_second);
  EXPECT_EQ(Sold(), before + 15'000);
  // Nothing is left that waits.
  for (const auto& [key, value] : store_.Dump(Table::kLocal)) {
    EXPECT_NE(key[0], 'w');
  }
  // Handed in again after all: nothing comes in twice.
  ASSERT_THAT(core_->OfferLate(sealed_, first), IsOk());
  EXPECT_EQ(Sold(), before + 15'000);
}

INSTANTIATE_TEST_SUITE_P(Order, TwoDisksTest, ::testing::Bool(),
                         [](const auto& info) {
                           return info.param ? "LongerFirst" : "ShorterFirst";
                         });

TEST_F(PullTest, AnEpochStartsOnlyWhereTheHubSealedTheLast) {
  const Cursor head = Run(Sale())->at;
  Cursor elsewhere = head;
  elsewhere.seq += 5;
  core_.reset();
  ASSERT_THAT(RebuildIfNeeded(&store_), IsOk());
  EXPECT_THAT(EdgeCore::Open(Identity(2, elsewhere), &store_, &clock_).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("epoch 2 starts after")));
}

}  // namespace
}  // namespace branchline
