// The gRPC shell end to end: EdgeLine and HubService over mTLS, with cores in
// memory. What the protocol does is in tests/sync/replication.

#include <gmock/gmock.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/rpc/journal_client.h"
#include "tests/sync/rpc/sync_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

TEST_F(SyncTest, PushesWhatWasSoldAndPullsWhatIsPublished) {
  FakeEdge edge("S014");
  edge.Sell(100);
  hub_.Publish("chain", 50);
  const auto line = LineOf("S014", &edge);
  EXPECT_TRUE(Eventually([&] { return hub_.HeldOf("S014").seq == 100; }));
  EXPECT_TRUE(Eventually([&] { return edge.PulledOf("chain").seq == 50; }));
  EXPECT_TRUE(Eventually([&] { return edge.StoredAck().seq == 100; }));
  EXPECT_EQ(line->Status().text, "connected");

  edge.Sell(1);
  line->Notify();
  EXPECT_TRUE(Eventually([&] { return edge.StoredAck().seq == 101; }));
  EXPECT_TRUE(Eventually([&] { return line->Status().acked.seq == 101; }));
  hub_.Publish("chain", 1);
  EXPECT_TRUE(Eventually([&] { return edge.PulledOf("chain").seq == 51; }));
}

TEST_F(SyncTest, PushesMoreThanTheCreditsAndPullsMoreThanTheWindow) {
  FakeEdge edge("S014");
  edge.Sell(200, 100'000);
  hub_.Publish("chain", 60, 100'000);
  const auto line = LineOf("S014", &edge);
  EXPECT_TRUE(Eventually([&] { return edge.StoredAck().seq == 200; }));
  EXPECT_TRUE(Eventually([&] { return edge.PulledOf("chain").seq == 60; }));
}

TEST_F(SyncTest, ComesBackWhenTheHubDoes) {
  FakeEdge edge("S014");
  edge.Sell(1);
  const auto line = LineOf("S014", &edge);
  ASSERT_TRUE(Eventually([&] { return edge.StoredAck().seq == 1; }));
  StopHub();
  edge.Sell(1);
  line->Notify();
  ASSERT_TRUE(Eventually([&] {
    return absl::StrContains(line->Status().text, "Connection refused");
  }));
  EXPECT_THAT(line->Status().text,
              HasSubstr(absl::StrCat("127.0.0.1:", port())));
  StartHub();
  EXPECT_TRUE(Eventually([&] { return edge.StoredAck().seq == 2; }));
  EXPECT_GE(edge.welcomes(), 2);
}

TEST_F(SyncTest, HoldsNoLineOfABoxThatStopped) {
  FakeEdge edge("S014");
  const auto line = LineOf("S014", &edge);
  ASSERT_TRUE(Eventually([&] { return line->Status().text == "connected"; }));
  EXPECT_EQ(service_->LineCount(), 1u);
  line->Stop();
  EXPECT_EQ(line->Status().text, "stopped");
  EXPECT_TRUE(Eventually([&] { return service_->LineCount() == 0; }));
  EXPECT_TRUE(Eventually([&] { return hub_.lines_down() == 1; }));
}

TEST_F(SyncTest, RetiringCutsALiveLine) {
  FakeEdge edge("S014");
  const auto line = LineOf("S014", &edge);
  ASSERT_TRUE(Eventually([&] { return line->Status().text == "connected"; }));
  hub_.SetState("S014", FakeHub::BranchState::kRetired);
  EXPECT_TRUE(Eventually([&] {
    return absl::StrContains(
        line->Status().text,
        "refused: BRANCH_RETIRED: branch S014 was retired");
  }));
  EXPECT_THAT(edge.refusals(),
              ::testing::ElementsAre(v1::REFUSAL_CODE_BRANCH_RETIRED));
  EXPECT_TRUE(Eventually([&] { return service_->LineCount() == 0; }));
}

TEST_F(SyncTest, ReconnectEndsTheWaitAfterARefusal) {
  FakeEdge edge("S014");
  hub_.SetState("S014", FakeHub::BranchState::kFenced);
  const auto line = LineOf("S014", &edge);
  ASSERT_TRUE(Eventually([&] { return line->Status().refused.has_value(); }));
  hub_.SetState("S014", FakeHub::BranchState::kActive);
  line->Reconnect();
  EXPECT_TRUE(Eventually([&] { return line->Status().text == "connected"; }));
  EXPECT_FALSE(line->Status().refused.has_value());
}

TEST_F(SyncTest, ANewerLineOfABranchReplacesTheOlder) {
  FakeEdge edge("S014");
  const auto line = LineOf("S014", &edge);
  ASSERT_TRUE(Eventually([&] { return line->Status().text == "connected"; }));
  line->Reconnect();
  EXPECT_TRUE(Eventually([&] { return hub_.welcomes() == 2; }));
  EXPECT_TRUE(Eventually([&] { return service_->LineCount() == 1; }));
}

TEST_F(SyncTest, SomebodyElsesCertificateEndsInTheHandshake) {
  const CertificateAuthority other =
      CertificateAuthority::Create("Other", SystemClock().WallNow()).value();
  FakeEdge edge("S014");
  const auto line = LineWith(FilesOf("S014", 1, other), &edge);
  ASSERT_TRUE(Eventually(
      [&] { return absl::StartsWith(line->Status().text, "retrying in"); }));
  EXPECT_EQ(service_->LineCount(), 0u);
  EXPECT_EQ(hub_.welcomes(), 0);
}

TEST_F(SyncTest, ABoxWithAnotherBranchesCertificateIsRefused) {
  FakeEdge edge("S014");
  const auto line = LineWith(FilesOf("S015"), &edge);
  ASSERT_TRUE(Eventually([&] { return line->Status().refused.has_value(); }));
  EXPECT_EQ(line->Status().refused->code(), v1::REFUSAL_CODE_WRONG_IDENTITY);
}

TEST_F(SyncTest, TheHubStopsWithPushesAtItsCore) {
  FakeEdge edge("S014");
  hub_.Hold(true);
  edge.Sell(3);
  const auto line = LineOf("S014", &edge);
  ASSERT_TRUE(Eventually([&] { return line->Status().text == "connected"; }));
  hub_.Hold(false);
  hub_.ReleaseAll();
  StopHub();
  EXPECT_TRUE(Eventually(
      [&] { return line->Status().state == EdgeSession::State::kDown; }));
}

TEST_F(SyncTest, ManyBranchesAtOnce) {
  constexpr int kBranches = 20;
  std::vector<std::unique_ptr<FakeEdge>> edges;
  std::vector<std::unique_ptr<EdgeLine>> lines;
  hub_.Publish("chain", 20);
  for (int i = 0; i < kBranches; ++i) {
    const std::string branch = absl::StrCat("B", i);
    hub_.AddBranch(branch);
    edges.push_back(std::make_unique<FakeEdge>(branch));
    edges.back()->Sell(20);
    lines.push_back(LineOf(branch, edges.back().get()));
  }
  for (int i = 0; i < kBranches; ++i) {
    EXPECT_TRUE(Eventually([&] { return edges[i]->StoredAck().seq == 20; }));
    EXPECT_TRUE(
        Eventually([&] { return edges[i]->PulledOf("chain").seq == 20; }));
  }
}

TEST_F(SyncTest, GivesAJournalBackToItsBranchOnly) {
  FakeEdge edge("S014");
  edge.Sell(30, 30'000);
  const TlsFiles files = FilesOf("S014");
  const auto line = LineWith(files, &edge);
  ASSERT_TRUE(Eventually([&] { return edge.StoredAck().seq == 30; }));

  const std::string address = absl::StrCat("127.0.0.1:", port());
  FakeJournal fetched;
  int chunks = 0;
  const auto take = [&](const v1::FetchJournalChunk& chunk) {
    ++chunks;
    for (const std::string& record : chunk.records()) {
      fetched.AppendBytes(record);
    }
    return absl::OkStatus();
  };
  ASSERT_EQ(FetchJournal(address, files, "S014", Cursor{}, kPatience, take),
            absl::OkStatus());
  EXPECT_EQ(fetched.head(), edge.Head());
  EXPECT_GT(chunks, 1);

  const absl::Status denied =
      FetchJournal(address, files, "S015", Cursor{}, kPatience, take);
  EXPECT_EQ(denied.code(), absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(std::string(denied.message()),
              HasSubstr("branch S014 asks for the journal of S015"));

  // The box's disk is full in the middle: the first error comes back.
  const absl::Status full =
      FetchJournal(address, files, "S014", Cursor{}, kPatience,
                   [](const v1::FetchJournalChunk&) {
                     return absl::ResourceExhaustedError("the disk is full");
                   });
  EXPECT_EQ(full.code(), absl::StatusCode::kResourceExhausted);
}

}  // namespace
}  // namespace branchline
