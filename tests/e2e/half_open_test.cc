// A line on which nothing passes any more and nobody is told, as when a cable
// is pulled or a router forgets: both ends must find out by themselves. Real
// gRPC over TLS, real time: each test waits for the timeouts as they ship.

#include <gmock/gmock.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/replication/limits.h"
#include "sync/rpc/journal_client.h"
#include "tests/sync/rpc/sync_fixture.h"
#include "tools/drill/line_proxy.h"

namespace branchline {
namespace {

// As long as it may take, and a little for a busy machine; well below what the
// kernel or gRPC by itself would need.
const absl::Duration kNoticedIn = kSilenceMax + absl::Seconds(15);

class HalfOpenTest : public SyncTest {
 protected:
  HalfOpenTest()
      : proxy_(drill::LineProxy::Start(&SystemClock()).value()),
        line_(proxy_->AddLine(static_cast<uint16_t>(port())).value()) {}

  absl::Duration TimeUntil(const std::function<bool()>& condition) {
    const absl::Duration began = SystemClock().MonotonicNow();
    EXPECT_TRUE(Eventually(condition));
    return SystemClock().MonotonicNow() - began;
  }

  const std::unique_ptr<drill::LineProxy> proxy_;
  const int line_;
};

TEST_F(HalfOpenTest, BothEndsNoticeAndTheEdgeComesBack) {
  FakeEdge edge("S014");
  const auto line = LineThrough(proxy_->port(line_), FilesOf("S014"), &edge);
  ASSERT_TRUE(Eventually([&] { return line->Status().text == "connected"; }));
  ASSERT_EQ(service_->LineCount(), 1u);
  proxy_->Cut(line_, drill::CutKind::kStall);
  // Nothing to push or pull: only silence tells.
  EXPECT_LT(TimeUntil([&] {
              return line->Status().state != EdgeSession::State::kLive &&
                     hub_.lines_down() == 1 && service_->LineCount() == 0;
            }),
            kNoticedIn);
  edge.Sell(1);
  ASSERT_EQ(proxy_->Heal(line_), absl::OkStatus());
  line->Reconnect();
  EXPECT_TRUE(Eventually([&] { return edge.StoredAck().seq == 1; }));
}

// On this call nothing comes from the box, so no silence tells the hub.
TEST_F(HalfOpenTest, AJournalThatNobodyFetchesAnyMoreIsLetGo) {
  FakeEdge edge("S014");
  edge.Sell(200, 30'000);
  const TlsFiles files = FilesOf("S014");
  {
    const auto line = LineWith(files, &edge);
    ASSERT_TRUE(Eventually([&] { return edge.StoredAck().seq == 200; }));
  }
  const std::string address = absl::StrCat("127.0.0.1:", proxy_->port(line_));
  const absl::Status cut =
      FetchJournal(address, files, "S014", Cursor{}, absl::Seconds(1),
                   [&](const v1::FetchJournalChunk&) {
                     proxy_->Cut(line_, drill::CutKind::kStall);
                     return absl::OkStatus();
                   });
  EXPECT_EQ(cut.code(), absl::StatusCode::kDeadlineExceeded) << cut;
  EXPECT_EQ(service_->ReplyCount(), 1u);
  // By itself gRPC takes 20 s if the line's buffers are full, and hours if they
  // are not.
  EXPECT_LT(TimeUntil([&] { return service_->ReplyCount() == 0; }),
            kKeepaliveEvery + kKeepaliveTimeout + absl::Seconds(2));
}

}  // namespace
}  // namespace branchline
