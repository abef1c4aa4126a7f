// What the hub takes from branches, what it puts aside and what it refuses.
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/journal/record.h"
#include "sync/ledger/keys.h"
#include "sync/replication/refusal.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr Date kDay = 20261121;

const v1::Refused* RefusedOf(const absl::StatusOr<HubPort::Taken>& taken) {
  return taken.ok() ? std::get_if<v1::Refused>(&*taken) : nullptr;
}

const v1::Ack* AckOf(const absl::StatusOr<HubPort::Taken>& taken) {
  return taken.ok() ? std::get_if<v1::Ack>(&*taken) : nullptr;
}

// Takes a push, not sent by `box` on its own.
absl::StatusOr<HubPort::Taken> Take(TestHub* hub, const PeerIdentity& peer,
                                    v1::Push push) {
  absl::StatusOr<HubPort::Taken> answer = absl::UnknownError("no answer");
  hub->node->Take(peer, std::move(push),
                  [&](auto taken) { answer = std::move(taken); });
  return answer;
}

// A hub with one branch, whose box has opened its epoch and its day and pushed
// both.
class IntakeTest : public ::testing::Test {
 protected:
  IntakeTest() {
    EXPECT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
    box.Append(OpenDay(kDay));
    EXPECT_NE(AckOf(box.PushTo(&hub)), nullptr);
  }

  Cursor CursorAtHub() {
    return (*hub.store->ReadCursors({EdgeStream("S001")}))[0];
  }

  int64_t NetAtHub() {
    v1::SalesReportRequest request;
    request.set_by(v1::SALES_BY_BRANCH);
    const auto report = hub.reports->Sales(request);
    EXPECT_THAT(report, IsOk());
    return report->rows().empty() ? 0 : report->rows(0).net_minor();
  }

  v1::BranchStatus StatusAtHub() {
    return (*hub.store->ReadBranch("S001"))->status();
  }

  TestHub hub;
  TestBox box;
};

TEST_F(IntakeTest, AcksWithItsSignatureAfterOneSync) {
  const int before = hub.disk.commits();
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  box.Append(SaleOf("S001", kDay, 2, "PEN", 2'000, 398));
  const auto taken = box.PushTo(&hub);
  ASSERT_NE(AckOf(taken), nullptr);
  EXPECT_EQ(hub.disk.commits(), before + 1);
  EXPECT_EQ(FromProto(AckOf(taken)->at()), box.head);
  EXPECT_THAT(VerifySignature(box.joined.hub_public_key(), kAckPurpose,
                              AckBytes("S001", AckOf(taken)->at()),
                              AckOf(taken)->signature()),
              IsOk());
  EXPECT_EQ(NetAtHub(), 597);
  EXPECT_EQ(CursorAtHub(), box.head);
}

TEST_F(IntakeTest, TheSameRecordsAgainAreAckedAgainAndCountOnce) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  const int before = hub.disk.commits();
  const auto again = Take(&hub, box.peer(), box.Push(0));
  ASSERT_NE(AckOf(again), nullptr);
  EXPECT_EQ(FromProto(AckOf(again)->at()), box.head);
  EXPECT_EQ(hub.disk.commits(), before);
  EXPECT_EQ(NetAtHub(), 199);
}

TEST_F(IntakeTest, AnOverlapTakesOnlyWhatIsNew) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  box.Append(SaleOf("S001", kDay, 2, "PEN", 1'000, 199));
  ASSERT_NE(AckOf(Take(&hub, box.peer(), box.Push(1))), nullptr);
  EXPECT_EQ(NetAtHub(), 398);
  EXPECT_EQ(CursorAtHub(), box.head);
}

TEST_F(IntakeTest, AGapAsksToRewind) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  box.Append(SaleOf("S001", kDay, 2, "PEN", 1'000, 199));
  const auto taken = Take(&hub, box.peer(), box.Push(3));
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_EQ(RefusedOf(taken)->code(), v1::REFUSAL_CODE_GAP);
  EXPECT_EQ(FromProto(RefusedOf(taken)->ours()), CursorAtHub());
  EXPECT_THAT(RefusedOf(taken)->message(),
              AllOf(HasSubstr("begins at epoch 1, record 4"),
                    HasSubstr("to epoch 1, record 2")));
  EXPECT_EQ(NetAtHub(), 0);
}

TEST_F(IntakeTest, OneBadEventIsPutAsideWhileTheRestFlows) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 100));
  // Takes goods from another branch's shelf.
  v1::Event theft = SaleOf("S001", kDay, 2, "PEN", 1'000, 100);
  theft.mutable_accounts(0)->set_owner("S002");
  box.Append(theft);
  box.AppendBytes("\xff\xff no event");
  v1::Event newer = SaleOf("S001", kDay, 3, "PEN", 1'000, 100);
  newer.clear_sale();  // a body that this program does not know
  box.Append(newer);
  v1::Event opened;
  *opened.mutable_epoch_opened() = v1::EpochOpened();
  box.Append(opened);
  box.Append(SaleOf("S001", kDay, 4, "PEN", 1'000, 100));
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  EXPECT_EQ(NetAtHub(), 200);
  const auto rows = hub.store->ReadExceptions("S001", 10);
  ASSERT_THAT(rows, IsOk());
  ASSERT_EQ(rows->size(), 4u);
  EXPECT_THAT((*rows)[0].what,
              HasSubstr("put aside: S001 debits on_hand:S002"));
  EXPECT_THAT((*rows)[1].what, HasSubstr("put aside: its bytes are no event"));
  EXPECT_THAT((*rows)[2].what, HasSubstr("newer: "));
  EXPECT_THAT((*rows)[3].what, HasSubstr("put aside: opens an epoch in the"));
  // Postings of the newer one are in the balances: PEN -3, not -4.
  v1::StockReportRequest stock;
  const auto report = hub.reports->Stock(stock);
  ASSERT_THAT(report, IsOk());
  ASSERT_EQ(report->rows_size(), 1);
  EXPECT_EQ(report->rows(0).on_hand_milli(), -3'000);
  EXPECT_EQ(report->completeness().aside(), 3u);
  EXPECT_EQ(report->completeness().newer(), 1u);
}

TEST_F(IntakeTest, AForkFencesTheBranchAndNamesBothHashes) {
  TestBox clone = box;
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  clone.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 500));
  const auto taken = clone.PushTo(&hub);
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_EQ(RefusedOf(taken)->code(), v1::REFUSAL_CODE_FORK);
  EXPECT_THAT(RefusedOf(taken)->message(),
              AllOf(HasSubstr(Hex(box.head.hash)),
                    HasSubstr(Hex(clone.head.hash)), HasSubstr("--recover")));
  EXPECT_EQ(StatusAtHub(), v1::BRANCH_STATUS_FENCED);
  EXPECT_EQ(NetAtHub(), 199);

  // Neither box gets anything in, and both are told why.
  box.Append(SaleOf("S001", kDay, 2, "PEN", 1'000, 199));
  const auto fenced = box.PushTo(&hub);
  ASSERT_NE(RefusedOf(fenced), nullptr);
  EXPECT_EQ(RefusedOf(fenced)->code(), v1::REFUSAL_CODE_BRANCH_FENCED);
  EXPECT_THAT(RefusedOf(fenced)->message(), HasSubstr(Hex(clone.head.hash)));
  const auto live = hub.node->CheckLive(box.peer());
  ASSERT_THAT(live, IsOk());
  EXPECT_TRUE(std::holds_alternative<v1::Refused>(*live));
}

TEST_F(IntakeTest, AForkBehindTheHeadIsFoundByPrevHash) {
  TestBox clone = box;
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  clone.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 500));
  clone.pushed = clone.records.size();
  clone.Append(SaleOf("S001", kDay, 2, "PEN", 1'000, 500));
  const auto taken = clone.PushTo(&hub);
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_EQ(RefusedOf(taken)->code(), v1::REFUSAL_CODE_FORK);
  EXPECT_THAT(RefusedOf(taken)->message(), HasSubstr("record 3 of epoch 1"));
}

struct RefuseCase {
  const char* name;
  void (*breakage)(const TestBox& box, v1::Push* push);
  v1::RefusalCode code;
  const char* message;
};

// Changes one field of the record at `index` and leaves the checkpoint.
template <typename Change>
void Alter(v1::Push* push, int index, Change change) {
  v1::Record record;
  record.ParseFromString(push->records(index));
  change(&record);
  push->set_records(index, record.SerializeAsString());
}

class IntakeRefuses : public IntakeTest,
                      public ::testing::WithParamInterface<RefuseCase> {};

// None of these fences the branch: nothing shows that its own box wrote them.
TEST_P(IntakeRefuses, WithTheReasonAndStoresNothing) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  box.Append(SaleOf("S001", kDay, 2, "PEN", 1'000, 199));
  v1::Push push = box.Push(2);
  GetParam().breakage(box, &push);
  const int before = hub.disk.commits();
  const auto taken = Take(&hub, box.peer(), push);
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_EQ(RefusalName(RefusedOf(taken)->code()),
            RefusalName(GetParam().code));
  EXPECT_THAT(RefusedOf(taken)->message(), HasSubstr(GetParam().message));
  EXPECT_EQ(hub.disk.commits(), before);
  EXPECT_EQ(StatusAtHub(), v1::BRANCH_STATUS_ACTIVE);
  // And the right ones are still taken.
  EXPECT_NE(AckOf(box.PushTo(&hub)), nullptr);
  EXPECT_EQ(NetAtHub(), 398);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, IntakeRefuses,
    ::testing::ValuesIn(std::vector<RefuseCase>{
        {"NoRecords",
         [](const TestBox&, v1::Push* push) { push->clear_records(); },
         v1::REFUSAL_CODE_PROTOCOL, "a push of no records"},
        {"TooLarge",
         [](const TestBox& box, v1::Push* push) {
           Alter(push, 0, [](v1::Record* record) {
             record->mutable_payload()->append(300 << 10, 'x');
           });
           box.Sign(push);
         },
         v1::REFUSAL_CODE_BAD_RECORD, "at most 262144"},
        {"Unreadable",
         [](const TestBox&, v1::Push* push) {
           push->set_records(1, "\xff\xff\xff");
         },
         v1::REFUSAL_CODE_BAD_RECORD, "record 2 of 2 cannot be read"},
        {"ShortHash",
         [](const TestBox&, v1::Push* push) {
           Alter(push, 0, [](v1::Record* r) { r->set_prev_hash("short"); });
         },
         v1::REFUSAL_CODE_BAD_RECORD, "after a hash of 5 bytes"},
        {"FlippedPayload",
         [](const TestBox&, v1::Push* push) {
           Alter(push, 0,
                 [](v1::Record* r) { (*r->mutable_payload())[5] ^= 1; });
         },
         v1::REFUSAL_CODE_BAD_RECORD, "claims the hash"},
        {"FlippedPrevHash",
         [](const TestBox&, v1::Push* push) {
           Alter(push, 0,
                 [](v1::Record* r) { (*r->mutable_prev_hash())[5] ^= 1; });
         },
         v1::REFUSAL_CODE_BAD_RECORD, "claims the hash"},
        {"NotInARow",
         [](const TestBox&, v1::Push* push) {
           push->mutable_records()->SwapElements(0, 1);
         },
         v1::REFUSAL_CODE_BAD_RECORD, "does not follow"},
        {"CheckpointOfAnother",
         [](const TestBox&, v1::Push* push) {
           push->mutable_checkpoint()->set_seq(99);
         },
         v1::REFUSAL_CODE_BAD_RECORD, "its checkpoint is for"},
        {"WrongKey",
         [](const TestBox& box, v1::Push* push) {
           TestBox other = box;
           other.key = *SigningKey::FromSeed(std::string(32, 'z'));
           other.Sign(push);
         },
         v1::REFUSAL_CODE_BAD_RECORD, "not signed with the journal key"},
        {"PartNotListed",
         [](const TestBox&, v1::Push* push) {
           Alter(push, 1, [](v1::Record* r) { r->add_parts()->set_name("x"); });
         },
         v1::REFUSAL_CODE_BAD_RECORD, "part 'x' is not listed"},
        {"EpochNeverGranted",
         [](const TestBox& box, v1::Push* push) {
           v1::Record next = NextRecord(
               EdgeStream("S001"), Cursor{2, 0, box.records[1].hash()}, "");
           push->clear_records();
           push->add_records(next.SerializeAsString());
           box.Sign(push);
         },
         v1::REFUSAL_CODE_BAD_RECORD, "the last epoch that this hub granted"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

struct PeerCase {
  const char* name;
  void (*setup)(TestHub* hub, TestBox* box);
  v1::RefusalCode code;
  const char* message;
};

class IntakeRefusesPeer : public IntakeTest,
                          public ::testing::WithParamInterface<PeerCase> {};

TEST_P(IntakeRefusesPeer, WithTheReason) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  GetParam().setup(&hub, &box);
  const auto taken = box.PushTo(&hub);
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_EQ(RefusalName(RefusedOf(taken)->code()),
            RefusalName(GetParam().code));
  EXPECT_THAT(RefusedOf(taken)->message(), HasSubstr(GetParam().message));
  EXPECT_EQ(NetAtHub(), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Gate, IntakeRefusesPeer,
    ::testing::ValuesIn(std::vector<PeerCase>{
        {"UnknownBranch", [](TestHub*, TestBox* box) { box->branch = "S999"; },
         v1::REFUSAL_CODE_UNKNOWN_BRANCH, "no branch S999"},
        {"Retired",
         [](TestHub* hub, TestBox*) {
           v1::RetireBranchRequest request;
           request.set_code("S001");
           EXPECT_THAT(hub->admin->RetireBranch(request), IsOk());
         },
         v1::REFUSAL_CODE_BRANCH_RETIRED, "was retired at the hub"},
        {"NeverJoined",
         [](TestHub* hub, TestBox* box) {
           hub->AddBranch("S002");
           box->branch = "S002";
         },
         v1::REFUSAL_CODE_WRONG_IDENTITY, "no box has joined as it here"},
        {"LaterEpoch", [](TestHub*, TestBox* box) { box->epoch = 2; },
         v1::REFUSAL_CODE_WRONG_IDENTITY,
         "the last that this hub granted is 1"},
        {"SealedEpoch",
         [](TestHub* hub, TestBox*) {
           TestBox next('b');
           EXPECT_THAT(next.Join(hub, hub->Token("S001", true)), IsOk());
         },
         v1::REFUSAL_CODE_OLD_EPOCH, "sealed at epoch 1, record 2"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(IntakeTest, AFailedDiskIsReportedAndNothingAcked) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  hub.disk.FailAfter(1, absl::DataLossError("the disk is gone"));
  EXPECT_THAT(box.PushTo(&hub),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("disk is gone")));
  EXPECT_EQ(hub.failures.size(), 1u);
  hub.disk.Crash();
  hub.Restart();
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  EXPECT_EQ(NetAtHub(), 199);
}

TEST_F(IntakeTest, WhatWasAckedSurvivesACrash) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  hub.disk.Crash();
  hub.Restart();
  EXPECT_EQ(CursorAtHub(), box.head);
  EXPECT_EQ(NetAtHub(), 199);
}

TEST_F(IntakeTest, AFloorIsCheckedAgainstWhatIsStored) {
  v1::Event spend;
  spend.add_units("sku:PEN");
  for (const v1::AccountKind kind :
       {v1::ACCOUNT_KIND_STOCK_SLICE, v1::ACCOUNT_KIND_SOLD}) {
    spend.add_accounts()->set_kind(kind);
    spend.mutable_accounts(spend.accounts_size() - 1)->set_owner("S001");
  }
  v1::Posting& posting = *spend.add_postings();
  posting.set_destination(1);
  posting.set_amount(1'000);
  spend.set_business_date(kDay);
  box.Append(spend);
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  const auto rows = hub.store->ReadExceptions("S001", 10);
  ASSERT_EQ(rows->size(), 1u);
  EXPECT_THAT((*rows)[0].what, HasSubstr("stock_slice:S001 holds 0"));

  // Decided with more of branch:S001 than a restored hub has: what it spends
  // was granted there, and comes back.
  spend.mutable_stock_change();
  v1::Seen& seen = *spend.add_seen();
  seen.set_stream("branch:S001");
  seen.set_epoch(1);
  seen.set_seq(1);
  box.Append(spend);
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  EXPECT_EQ(hub.store->ReadExceptions("S001", 10)->size(), 1u);
}

}  // namespace
}  // namespace branchline
