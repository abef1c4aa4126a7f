// Epochs at the hub: what is sealed, what opens one, what comes after.

#include <string>
#include <utility>

#include "sync/journal/record.h"
#include "sync/ledger/keys.h"
#include "sync/replication/refusal.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr Date kDay = 20261121;

const v1::Refused* RefusedOf(const absl::StatusOr<HubPort::Taken>& taken) {
  return taken.ok() ? std::get_if<v1::Refused>(&*taken) : nullptr;
}

const v1::Ack* AckOf(const absl::StatusOr<HubPort::Taken>& taken) {
  return taken.ok() ? std::get_if<v1::Ack>(&*taken) : nullptr;
}

class EpochTest : public ::testing::Test {
 protected:
  EpochTest() {
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
    return hub.reports->Sales(request)->rows(0).net_minor();
  }

  TestHub hub;
  TestBox box;
};

TEST_F(EpochTest, ARecoveredBoxGoesOnWhereTheHubIs) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 100));
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  box.Append(SaleOf("S001", kDay, 2, "PEN", 1'000, 100));  // never arrives
  TestBox next('b');
  ASSERT_THAT(next.Join(&hub, hub.Token("S001", true)), IsOk());
  EXPECT_EQ(next.epoch, 2u);
  EXPECT_EQ(next.joined.journal_end().seq(), 3u);
  next.Append(SaleOf("S001", kDay, 2, "PEN", 1'000, 50));
  ASSERT_NE(AckOf(next.PushTo(&hub)), nullptr);
  EXPECT_EQ(NetAtHub(), 150);
  EXPECT_EQ(CursorAtHub(), next.head);
}

TEST_F(EpochTest, OnlyTheGrantOpensAnEpoch) {
  const std::string token = hub.Token("S001", true);
  TestBox next('b');
  ASSERT_THAT(next.Join(&hub, token), IsOk());
  TestBox forged = next;
  forged.records.clear();
  forged.head = {2, 0, FromProto(next.joined.journal_end()).hash};
  v1::Event opened;
  v1::EpochGrant grant;
  grant.ParseFromString(next.joined.epoch_grant());
  grant.set_journal_public_key(std::string(32, 'k'));
  opened.mutable_epoch_opened()->set_grant(grant.SerializeAsString());
  opened.mutable_epoch_opened()->set_signature(next.joined.epoch_signature());
  forged.Append(opened);
  auto taken = forged.PushTo(&hub);
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_EQ(RefusedOf(taken)->code(), v1::REFUSAL_CODE_BAD_RECORD);
  EXPECT_THAT(RefusedOf(taken)->message(),
              HasSubstr("not the one this box was given"));

  forged.records.clear();
  forged.head = {2, 0, FromProto(next.joined.journal_end()).hash};
  opened.mutable_epoch_opened()->set_grant(next.joined.epoch_grant());
  opened.mutable_epoch_opened()->set_signature(std::string(64, 's'));
  forged.Append(opened);
  taken = forged.PushTo(&hub);
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_THAT(RefusedOf(taken)->message(), HasSubstr("not signed by this hub"));

  forged.records.clear();
  forged.head = {2, 0, FromProto(next.joined.journal_end()).hash};
  forged.Append(OpenDay(kDay));
  taken = forged.PushTo(&hub);
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_THAT(RefusedOf(taken)->message(),
              HasSubstr("first record must be the hub's grant"));
}

TEST_F(EpochTest, RecordsBehindASealAreNotTaken) {
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 100));
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  box.Append(SaleOf("S001", kDay, 2, "PEN", 1'000, 100));
  ASSERT_NE(AckOf(box.PushTo(&hub)), nullptr);
  TestBox next('b');
  ASSERT_THAT(next.Join(&hub, hub.Token("S001", true)), IsOk());

  TestBox suffix = box;
  suffix.key = next.key;
  suffix.epoch = 2;
  suffix.Append(SaleOf("S001", kDay, 3, "PEN", 1'000, 100));
  auto taken = suffix.PushTo(&hub);
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_EQ(RefusalName(RefusedOf(taken)->code()), "OLD_EPOCH");
  EXPECT_THAT(RefusedOf(taken)->message(),
              HasSubstr("lies behind the end of an epoch that was sealed"));

  // Also once the new epoch is under way.
  ASSERT_NE(AckOf(next.PushTo(&hub)), nullptr);
  taken = suffix.PushTo(&hub);
  ASSERT_NE(RefusedOf(taken), nullptr);
  EXPECT_EQ(RefusalName(RefusedOf(taken)->code()), "OLD_EPOCH");
  EXPECT_EQ(NetAtHub(), 200);
}

}  // namespace
}  // namespace branchline
