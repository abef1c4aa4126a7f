// The committer: repeats, batches, failing disks, rolled-back disks, baskets.

#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/verify.h"
#include "tests/edge/edge_fixture.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class EdgeCoreTest : public EdgeFixture {
 protected:
  EdgeCoreTest() { BL_CHECK(OpenDay().ok(), "the day opens"); }
};

TEST_F(EdgeCoreTest, ARepeatedCommandGetsTheFirstAnswer) {
  const v1::RingRequest request = WithId(Sale());
  const auto first = Run(request);
  ASSERT_THAT(first, IsOk());
  const auto again = Run(request);
  ASSERT_THAT(again, IsOk());
  EXPECT_TRUE(again->repeated);
  EXPECT_EQ(again->at, first->at);
  EXPECT_EQ(again->event.sale().receipt_no(), first->event.sale().receipt_no());
  CrashAndOpen();
  EXPECT_TRUE(Run(request)->repeated);
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 1'000);
}

TEST_F(EdgeCoreTest, ARepeatInTheSameBatchIsOneSale) {
  const v1::RingRequest request = WithId(Sale());
  const Command command{"T1", clock_.WallNow(), request};
  const auto outcomes = core_->Execute({command, command});
  EXPECT_FALSE(outcomes[0]->repeated);
  EXPECT_TRUE(outcomes[1]->repeated);
}

TEST_F(EdgeCoreTest, AnIdWithAnotherBodyIsRefused) {
  v1::RingRequest request = WithId(Sale());
  ASSERT_THAT(Run(request), IsOk());
  request.mutable_lines(0)->set_quantity_milli(2'000);
  EXPECT_THAT(Run(request),
              StatusIs(absl::StatusCode::kAlreadyExists,
                       HasSubstr("was used for another request")));
}

TEST_F(EdgeCoreTest, ARepeatOfASealedDaysSaleIsStillAnswered) {
  const v1::RingRequest request = WithId(Sale());
  ASSERT_THAT(Run(request), IsOk());
  ASSERT_THAT(CloseDay(), IsOk());
  EXPECT_TRUE(Run(request)->repeated);
}

TEST_F(EdgeCoreTest, ABatchIsOneSync) {
  const int before = store_.commits();
  std::vector<Command> commands;
  for (int i = 0; i < 40; ++i) {
    commands.push_back({"T1", clock_.WallNow(), WithId(Sale())});
  }
  for (const auto& outcome : core_->Execute(commands)) {
    EXPECT_THAT(outcome, IsOk());
  }
  EXPECT_EQ(store_.commits(), before + 1);
  EXPECT_EQ(core_->state().receipts.at("T1"), 40u);
}

// The disk fails at every commit of a day in turn, with and without the write
// having reached it. After the restart every answered sale is there once, and
// repeating what was not answered makes it there once.
TEST_F(EdgeCoreTest, EveryFailingCommitLosesAndDoublesNothing) {
  for (const bool landed : {false, true}) {
    for (int n = 1; n <= 6; ++n) {
      const int64_t before = Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN");
      store_.FailAfter(n, absl::ResourceExhaustedError("disk full"), landed);
      std::vector<v1::RingRequest> requests;
      for (int i = 0; i < 6; ++i) requests.push_back(WithId(Sale()));
      int answered = 0;
      for (const v1::RingRequest& request : requests) {
        const auto outcome = Run(request);
        if (!outcome.ok()) {
          EXPECT_THAT(outcome, StatusIs(absl::StatusCode::kResourceExhausted,
                                        HasSubstr("disk full")));
          EXPECT_TRUE(core_->broken());
          break;
        }
        ++answered;
      }
      EXPECT_EQ(answered, n - 1);
      CrashAndOpen();
      const int64_t kept = Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN") - before;
      EXPECT_GE(kept, answered * 1'000);
      for (const v1::RingRequest& request : requests) {
        EXPECT_THAT(Run(request), IsOk());
      }
      EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN") - before, 6'000);
    }
  }
}

TEST_F(EdgeCoreTest, ATillThatWasShownMoreStopsTheBox) {
  ASSERT_THAT(Run(Sale()), IsOk());
  const auto image = store_.Image();
  const auto shown = Run(Sale());
  core_.reset();
  store_.Restore(image);
  Open();
  v1::RingRequest request = Sale();
  *request.mutable_header()->mutable_last_seen() = ToProto(shown->at);
  EXPECT_THAT(Run(request),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("rolled back")));
  EXPECT_THAT(Run(Sale()), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("nothing can be sold")));
  CrashAndOpen();  // and it stays so
  EXPECT_THAT(Run(Sale()), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("edge recover")));
}

TEST_F(EdgeCoreTest, ATillThatWasShownAnotherHistoryStopsTheBox) {
  const auto image = store_.Image();
  const auto shown = Run(Sale("PEN"));
  core_.reset();
  store_.Restore(image);
  Open();
  ASSERT_THAT(Run(Sale("INK")), IsOk());
  v1::RingRequest request = Sale();
  *request.mutable_header()->mutable_last_seen() = ToProto(shown->at);
  EXPECT_THAT(Run(request),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("rolled back")));
}

// Seed 117 of the simulation: the counters of tills that are not paired were
// not read at the start.
TEST_F(EdgeCoreTest, ATillThatIsPairedAnewGoesOnCounting) {
  ASSERT_THAT(Run(Sale()), IsOk());
  ASSERT_THAT(Run(PairTillCommand{"T1", ""}, ""), IsOk());
  CrashAndOpen();
  ASSERT_THAT(Run(PairTillCommand{"T1", "a new key"}, ""), IsOk());
  EXPECT_EQ(Run(Sale())->event.sale().receipt_no(), "S014-T1-1-000002");
}

// Seed 10: what the old box sold after the hub's last ack stopped the new box
// at the first till that had been shown it.
TEST_F(EdgeCoreTest, ATillThatSawTheEndOfASealedEpochSellsOnTheNewBox) {
  const Cursor sealed = Run(Sale())->at;
  const auto image = store_.Image();
  const auto shown = Run(Sale());
  core_.reset();
  store_.Restore(image);
  Open(Identity(2, sealed));
  v1::RingRequest request = Sale();
  *request.mutable_header()->mutable_last_seen() = ToProto(shown->at);
  EXPECT_THAT(Run(request), IsOk());
}

TEST_F(EdgeCoreTest, BasketsSurviveAPowerCutAndAreRungOnce) {
  v1::SaveBasketRequest save;
  save.mutable_basket()->set_basket_id("table 7");
  *save.mutable_basket()->mutable_lines() = Sale("PEN", 2'000).lines();
  ASSERT_EQ(Run(save)->basket_revision, 1u);
  EXPECT_THAT(Run(save), StatusIs(absl::StatusCode::kAborted,
                                  HasSubstr("is at revision 1")));
  CrashAndOpen();
  v1::RingRequest ring;
  ring.set_basket_id("table 7");
  ring = WithId(ring);
  const auto sold = Run(ring, "T2");
  ASSERT_THAT(sold, IsOk());
  EXPECT_EQ(sold->event.sale().total_minor(), 398);
  EXPECT_TRUE(Run(ring, "T2")->repeated);
  v1::RingRequest other;
  other.set_basket_id("table 7");
  EXPECT_THAT(Run(other), StatusIs(absl::StatusCode::kNotFound,
                                   HasSubstr("rung up or dropped")));
}

TEST_F(EdgeCoreTest, ProjectionsEqualAReplay) {
  ASSERT_THAT(Run(Sale("PEN", 2'500)), IsOk());
  ASSERT_THAT(Run(Sale("INK")), IsOk());
  ASSERT_THAT(CloseDay(), IsOk());
  const auto books = store_.Dump(Table::kBooks);
  const auto docs = store_.Dump(Table::kDocs);
  ASSERT_THAT(Rebuild(&store_), IsOk());
  EXPECT_EQ(store_.Dump(Table::kBooks), books);
  for (const auto& row : docs) {
    EXPECT_EQ(*store_.Get(Table::kDocs, row.first), row.second);
  }
}

// The sums of own records reach the disk later; a crash in between costs
// nothing, wherever it comes.
TEST_F(EdgeCoreTest, BooksThatLagAreBroughtUpAtOpen) {
  const std::string unit = "sku:PEN";
  const std::string key = books::Balance("S014", unit);
  int64_t sold = 0;
  for (int round = 0; round < 3; ++round) {
    ASSERT_THAT(Run(Sale()), IsOk());
    ASSERT_THAT(Run(Sale("PEN", 2'000)), IsOk());
    sold += 3'000;
    EXPECT_FALSE(core_->books().Complete());
    EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, unit), sold);
    v1::Account account;
    account.set_kind(v1::ACCOUNT_KIND_SOLD);
    EXPECT_EQ(
        static_cast<int64_t>(ReadCell(store_, key)->Get(AccountField(account))),
        sold - 3'000);
    const auto verified = VerifyJournal(
        store_, {.hub_public_key = SeededKey('h').public_key(), .stream = ""});
    ASSERT_THAT(verified, IsOk());
    EXPECT_EQ(verified->books.faults.first, "");

    core_.reset();
    store_.Crash();
    const auto caught_up = RebuildIfNeeded(&store_);
    ASSERT_THAT(caught_up, IsOk());
    EXPECT_TRUE(caught_up->caught_up);
    EXPECT_FALSE(caught_up->rebuilt);
    EXPECT_EQ(caught_up->records, round == 0 ? 5u : 2u);
    EXPECT_FALSE(RebuildIfNeeded(&store_)->caught_up);
    Open();
    EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, unit), sold);
  }
}

TEST_F(EdgeCoreTest, BooksFollowWithTheCheckpointAndAtTheEnd) {
  ASSERT_THAT(Run(Sale()), IsOk());
  EXPECT_FALSE(core_->books().Complete());
  ASSERT_THAT(CloseDay(), IsOk());
  EXPECT_TRUE(core_->books().Complete());
  ASSERT_THAT(OpenDay(20261122), IsOk());
  ASSERT_THAT(Run(Sale()), IsOk());
  ASSERT_THAT(core_->WriteBooks(), IsOk());
  EXPECT_TRUE(core_->books().Complete());
  core_.reset();
  EXPECT_FALSE(RebuildIfNeeded(&store_)->caught_up);
}

TEST_F(EdgeCoreTest, ATableThatFellBehindIsRebuilt) {
  const auto image = store_.Image();
  ASSERT_THAT(Run(Sale()), IsOk());
  ASSERT_THAT(core_->WriteBooks(), IsOk());
  core_.reset();
  store_.RestoreTable(Table::kBooks, image);
  const auto rebuilt = RebuildIfNeeded(&store_);
  ASSERT_THAT(rebuilt, IsOk());
  EXPECT_TRUE(rebuilt->rebuilt);
  Open();
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 1'000);
}

// A power cut at any commit of a rebuild: the next start makes it whole.
TEST_F(EdgeCoreTest, ARebuildThatIsCutBeginsAgain) {
  const auto image = store_.Image();
  ASSERT_THAT(Run(Sale()), IsOk());
  ASSERT_THAT(Run(Sale("INK")), IsOk());
  ASSERT_THAT(core_->WriteBooks(), IsOk());
  core_.reset();
  const auto books = store_.Dump(Table::kBooks);
  store_.RestoreTable(Table::kBooks, image);
  const auto broken = store_.Image();
  int cuts = 0;
  for (bool done = false; !done; ++cuts) {
    store_.Restore(broken);
    store_.FailAfter(cuts + 1, absl::DataLossError("the power went"));
    done = RebuildIfNeeded(&store_).ok();
    store_.Crash();
    ASSERT_THAT(RebuildIfNeeded(&store_), IsOk());
    EXPECT_EQ(store_.Dump(Table::kBooks), books) << "cut " << cuts;
  }
  EXPECT_GE(cuts, 5);
}

// One till that was shown more than is here stops the box in the middle of a
// batch; what the batch had appended before it keeps its sums.
TEST_F(EdgeCoreTest, ABatchThatStopsTheBoxKeepsItsSums) {
  v1::CloseDayRequest close = WithId(v1::CloseDayRequest());
  v1::RingRequest ahead = WithId(Sale());
  ahead.mutable_header()->mutable_last_seen()->set_epoch(1);
  ahead.mutable_header()->mutable_last_seen()->set_seq(1'000);
  ASSERT_THAT(Run(Sale()), IsOk());
  const auto outcomes = core_->Execute(
      {{"T1", clock_.WallNow(), close}, {"T1", clock_.WallNow(), ahead}});
  ASSERT_THAT(outcomes[0], IsOk());
  ASSERT_THAT(outcomes[1],
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("was shown")));
  core_.reset();
  store_.Crash();
  const auto verified = VerifyJournal(
      store_, {.hub_public_key = SeededKey('h').public_key(), .stream = ""});
  ASSERT_THAT(verified, IsOk());
  EXPECT_EQ(verified->books.faults.first, "");
  Open();
  EXPECT_EQ(Balance(v1::ACCOUNT_KIND_SOLD, "sku:PEN"), 1'000);
}

// The other tables tell, as of the last time that what lags reached the disk.
TEST_F(EdgeCoreTest, AJournalThatFellBehindIsRefused) {
  const auto image = store_.Image();
  ASSERT_THAT(Run(Sale()), IsOk());
  ASSERT_THAT(core_->WriteBooks(), IsOk());
  core_.reset();
  store_.RestoreTable(Table::kJournal, image);
  EXPECT_THAT(RebuildIfNeeded(&store_),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("the disk lost what had been written")));
}

TEST_F(EdgeCoreTest, AnotherBranchsDirectoryIsRefused) {
  EdgeIdentity other = Identity();
  other.node.set_branch("S015");
  ASSERT_THAT(RebuildIfNeeded(&store_), IsOk());
  EXPECT_THAT(EdgeCore::Open(std::move(other), &store_, &clock_).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("belongs to another branch")));
}

TEST_F(EdgeCoreTest, ADamagedRecordSinceTheLastCheckpointIsNamed) {
  const auto sold = Run(Sale());
  const std::string key = RecordKey("edge:S014", 1, sold->at.seq);
  std::string bytes = **store_.Get(Table::kJournal, key);
  bytes[bytes.size() / 2] ^= 1;
  store_.Damage(Table::kJournal, key, bytes);
  ASSERT_THAT(RebuildIfNeeded(&store_), IsOk());
  EXPECT_THAT(EdgeCore::Open(Identity(), &store_, &clock_).status(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("edge:S014")));
}

}  // namespace
}  // namespace branchline
