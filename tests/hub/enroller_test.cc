// How boxes become branches, and who does not.

#include "hub/enrol/enroller.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/identity/certificate.h"
#include "sync/identity/certificate_request.h"
#include "sync/identity/join_token.h"
#include "sync/journal/record.h"
#include "tests/hub/test_chain.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

v1::RenewRequest RenewalOf(const TestBox& box, const TestHub& hub) {
  v1::RenewRequest request;
  request.set_branch(box.branch);
  request.set_epoch(box.epoch);
  request.set_csr_pem(*MakeCertificateRequest(box.tls, box.branch));
  request.set_at_unix_micros(absl::ToUnixMicros(hub.clock.WallNow()));
  std::string message = absl::StrCat(request.branch(), request.csr_pem());
  AppendU64(&message, static_cast<uint64_t>(request.at_unix_micros()));
  request.set_signature(box.key.Sign("renew", message));
  return request;
}

void Retire(TestHub* hub, const std::string& code) {
  v1::RetireBranchRequest request;
  request.set_code(code);
  ASSERT_THAT(hub->admin->RetireBranch(request), IsOk());
}

TEST(EnrollerTest, AJoinedBoxIsTheBranch) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  EXPECT_THAT(VerifyLeaf(box.joined.certificate_pem(), box.joined.ca_pem(),
                         hub.clock.WallNow()),
              IsOk());
  const auto leaf = ParseBranchLeaf(box.joined.certificate_pem());
  ASSERT_THAT(leaf, IsOk());
  EXPECT_EQ(leaf->branch, "S001");
  EXPECT_EQ(leaf->epoch, 1u);
  EXPECT_EQ(leaf->public_key_der, box.tls.PublicKeyDer());
  EXPECT_EQ(box.joined.sync_address(), ":7001");
  EXPECT_EQ(box.joined.branch_name(), "Branch S001");
  EXPECT_EQ(box.joined.currency(), "GBP");
  EXPECT_FALSE(box.joined.has_journal_end());
  EXPECT_THAT(
      VerifySignature(box.joined.hub_public_key(), kEpochPurpose,
                      box.joined.epoch_grant(), box.joined.epoch_signature()),
      IsOk());
  EXPECT_EQ(hub.store->ReadBranch("S001")->value().status(),
            v1::BRANCH_STATUS_ACTIVE);
}

TEST(EnrollerTest, TheSameTokenWithTheSameKeysGetsTheSameAnswer) {
  TestHub hub;
  TestBox box;
  const std::string token = hub.AddBranch("S001");
  ASSERT_THAT(box.Join(&hub, token), IsOk());
  const int before = hub.disk.commits();
  hub.clock.Advance(absl::Hours(48));  // even when it has expired since
  const auto again = hub.enroller->Join(box.JoinRequest(token));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), box.joined.SerializeAsString());
  EXPECT_EQ(hub.disk.commits(), before);
}

TEST(EnrollerTest, ATokenIsForOneBox) {
  TestHub hub;
  const std::string token = hub.AddBranch("S001");
  TestBox box;
  ASSERT_THAT(box.Join(&hub, token), IsOk());
  TestBox other('b');
  EXPECT_THAT(hub.enroller->Join(other.JoinRequest(token)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("was used by a box with other keys")));
  // The same journal key with another TLS key is another box too.
  TestBox half;
  EXPECT_THAT(hub.enroller->Join(half.JoinRequest(token)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("was used by a box with other keys")));
}

TEST(EnrollerTest, ATokenExpires) {
  TestHub hub;
  const std::string token = hub.AddBranch("S001");
  hub.clock.Advance(absl::Hours(24) + absl::Seconds(1));
  EXPECT_THAT(hub.enroller->Join(TestBox().JoinRequest(token)),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       HasSubstr("the token for S001 expired at 2026-11-22")));
}

TEST(EnrollerTest, ATokenIsForItsBranch) {
  TestHub hub;
  const std::string token = hub.AddBranch("S001");
  hub.AddBranch("S002");
  JoinToken moved = *ParseJoinToken(token);
  moved.branch = "S002";
  EXPECT_THAT(hub.enroller->Join(TestBox().JoinRequest(FormatJoinToken(moved))),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("no such token for branch S002")));
  moved.branch = "S001";
  moved.secret = std::string(kJoinSecretSize, 'a');
  EXPECT_THAT(
      hub.enroller->Join(TestBox().JoinRequest(FormatJoinToken(moved))),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("no such token")));
}

TEST(EnrollerTest, ABoxMustHoldTheKeysItShows) {
  TestHub hub;
  const std::string token = hub.AddBranch("S001");
  v1::JoinRequest request = TestBox().JoinRequest(token);
  request.set_journal_public_key(TestBox('b').key.public_key());
  EXPECT_THAT(hub.enroller->Join(request),
              StatusIs(absl::StatusCode::kUnauthenticated,
                       HasSubstr("does not hold the journal key")));
  request.set_journal_public_key("short");
  EXPECT_THAT(hub.enroller->Join(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("has 5 bytes, want 32")));
  const TestBox box;
  request = box.JoinRequest(token);
  request.set_csr_pem(*MakeCertificateRequest(box.tls, "S002"));
  request.set_possession(box.key.Sign("join", request.csr_pem()));
  EXPECT_THAT(hub.enroller->Join(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the certificate request is for S002")));
}

TEST(EnrollerTest, ARetiredBranchTakesNobody) {
  TestHub hub;
  const std::string token = hub.AddBranch("S001");
  Retire(&hub, "S001");
  EXPECT_THAT(hub.enroller->Join(TestBox().JoinRequest(token)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("branch S001 was retired")));
  v1::IssueTokenRequest request;
  request.set_branch("S001");
  EXPECT_THAT(hub.enroller->IssueToken(request),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("was retired")));
}

TEST(EnrollerTest, ATokenToRecoverSealsWhatTheHubHolds) {
  TestHub hub;
  TestBox old;
  const std::string first_token = hub.AddBranch("S001");
  ASSERT_THAT(old.Join(&hub, first_token), IsOk());
  old.Append(OpenDay(20261121));
  ASSERT_THAT(old.PushTo(&hub), IsOk());
  const std::string token = hub.Token("S001", true);
  TestBox next('b');
  ASSERT_THAT(next.Join(&hub, token), IsOk());
  EXPECT_EQ(FromProto(next.joined.journal_end()), old.head);
  v1::EpochGrant grant;
  ASSERT_TRUE(grant.ParseFromString(next.joined.epoch_grant()));
  EXPECT_EQ(grant.epoch(), 2u);
  EXPECT_EQ(FromProto(grant.from()), old.head);
  EXPECT_EQ(grant.journal_public_key(), next.key.public_key());
  const v1::BoxState box = hub.store->ReadBox("S001")->value();
  ASSERT_EQ(box.sealed_size(), 1);
  EXPECT_EQ(box.sealed(0).epoch(), 1u);
  EXPECT_EQ(FromProto(box.sealed(0).last()), old.head);
  // The first token's box is not served again.
  EXPECT_THAT(hub.enroller->Join(old.JoinRequest(first_token)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another box has joined in epoch 2")));
  // And the journal can be fetched by the new box, to its end.
  const auto chunk =
      hub.node->ReadJournal(next.peer(), "S001", Cursor(), 1 << 20);
  ASSERT_THAT(chunk, IsOk());
  EXPECT_EQ(chunk->records_size(), 2);
  EXPECT_EQ(chunk->checkpoints_size(), 1);
  EXPECT_THAT(hub.node->ReadJournal(old.peer(), "S001", Cursor(), 1 << 20),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("was sealed at")));
  EXPECT_THAT(hub.node->ReadJournal(next.peer(), "S002", Cursor(), 1 << 20),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("is not for S001")));
  EXPECT_THAT(
      hub.node->ReadJournal(next.peer(), "S001",
                            Cursor{1, 2, std::string(32, 'x')}, 1 << 20),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("is not on the journal")));
}

TEST(EnrollerTest, TokensFitTheBranch) {
  TestHub hub;
  hub.AddBranch("S001");
  v1::IssueTokenRequest request;
  request.set_branch("S009");
  EXPECT_THAT(
      hub.enroller->IssueToken(request),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("no branch S009")));
  request.set_branch("S001");
  request.set_hours(721);
  EXPECT_THAT(hub.enroller->IssueToken(request),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("721 hours, at most 720")));
  request.set_hours(0);
  request.set_recover(true);
  EXPECT_THAT(hub.enroller->IssueToken(request),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("nothing to recover")));
  // Two tokens are out; one is used.
  const std::string first = hub.Token("S001");
  const std::string second = hub.Token("S001");
  TestBox box;
  ASSERT_THAT(box.Join(&hub, first), IsOk());
  EXPECT_THAT(hub.enroller->Join(TestBox('b').JoinRequest(second)),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("another box has joined as S001 in epoch 1")));
  request.set_recover(false);
  EXPECT_THAT(hub.enroller->IssueToken(request),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("ask for a token with --recover")));
}

TEST(EnrollerTest, ADarkBoxRenewsWithItsJournalKey) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  hub.clock.Advance(absl::Hours(24 * 100));
  const auto renewed = hub.enroller->Renew(RenewalOf(box, hub));
  ASSERT_THAT(renewed, IsOk());
  EXPECT_THAT(VerifyLeaf(renewed->certificate_pem(), box.joined.ca_pem(),
                         hub.clock.WallNow()),
              IsOk());
}

struct RenewCase {
  const char* name;
  void (*setup)(TestHub* hub, v1::RenewRequest* request);
  absl::StatusCode code;
  const char* message;
};

class RenewRefuses : public ::testing::TestWithParam<RenewCase> {};

TEST_P(RenewRefuses, WithTheReason) {
  TestHub hub;
  TestBox box;
  ASSERT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
  v1::RenewRequest request = RenewalOf(box, hub);
  GetParam().setup(&hub, &request);
  EXPECT_THAT(hub.enroller->Renew(request),
              StatusIs(GetParam().code, HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, RenewRefuses,
    ::testing::ValuesIn(std::vector<RenewCase>{
        {"NoSuchBranch",
         [](TestHub*, v1::RenewRequest* r) { r->set_branch("S009"); },
         absl::StatusCode::kNotFound, "no box has joined as S009"},
        {"Retired",
         [](TestHub* hub, v1::RenewRequest*) { Retire(hub, "S001"); },
         absl::StatusCode::kFailedPrecondition, "was retired"},
        {"SealedEpoch",
         [](TestHub* hub, v1::RenewRequest*) {
           ASSERT_THAT(TestBox('b').Join(hub, hub->Token("S001", true)),
                       IsOk());
         },
         absl::StatusCode::kFailedPrecondition,
         "posts in epoch 1, the branch in epoch 2"},
        {"WrongKey",
         [](TestHub*, v1::RenewRequest* r) {
           r->set_signature(TestBox('b').key.Sign("renew", "x"));
         },
         absl::StatusCode::kPermissionDenied,
         "not signed with the journal key"},
        {"ClockIsOff",
         [](TestHub* hub, v1::RenewRequest*) {
           hub->clock.Advance(absl::Hours(25));
         },
         absl::StatusCode::kFailedPrecondition, "the box's clock says"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace branchline
