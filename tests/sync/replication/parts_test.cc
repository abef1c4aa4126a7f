// The small parts of the sessions: back-off, push window, refusals, positions.

#include <gmock/gmock.h>

#include "sync/replication/backoff.h"
#include "sync/replication/limits.h"
#include "sync/replication/position.h"
#include "sync/replication/pull_watch.h"
#include "sync/replication/push_window.h"
#include "sync/replication/refusal.h"
#include "tests/sync/replication/fake_journal.h"

namespace branchline {
namespace {

Cursor At(uint64_t seq) { return Cursor{1, seq, FakeHash('a', 1, seq)}; }

TEST(BackoffTest, StaysInItsBoundsAndGrows) {
  SeededRandom random(1);
  Backoff backoff(&random);
  absl::Duration longest;
  for (int i = 0; i < 1'000; ++i) {
    const absl::Duration wait = backoff.Next();
    EXPECT_GE(wait, kRetryMin);
    EXPECT_LE(wait, kRetryMax);
    longest = std::max(longest, wait);
  }
  EXPECT_GT(longest, kRetryMax * 9 / 10);
  backoff.Reset();
  EXPECT_LE(backoff.Next(), 2 * kRetryMin);
}

TEST(PushWindowTest, StopsAtTheCountOfPushes) {
  PushWindow window;
  window.Start(Cursor{}, kCreditBytes);
  for (uint64_t i = 1; i <= kEdgePushesMax; ++i) {
    ASSERT_TRUE(window.MayPush());
    window.OnPushed(At(i), 100);
  }
  EXPECT_FALSE(window.MayPush());
  EXPECT_TRUE(window.OnAck(At(1)));
  EXPECT_TRUE(window.MayPush());
}

TEST(PushWindowTest, StopsAtTheCredits) {
  PushWindow window;
  window.Start(Cursor{}, kCreditBytes);
  uint64_t bytes = 0;
  uint64_t seq = 0;
  while (window.MayPush()) {
    EXPECT_LE(window.push_bytes_max(), kPushBytesMax);
    window.OnPushed(At(++seq), kPushBytesMax);
    bytes += kPushBytesMax;
  }
  EXPECT_EQ(bytes, kCreditBytes);
  window.OnAck(At(seq));
  EXPECT_FALSE(window.waiting());
}

TEST(PushWindowTest, PushesOneAtATimeWithTinyCredits) {
  PushWindow window;
  window.Start(Cursor{}, 1);
  ASSERT_TRUE(window.MayPush());
  EXPECT_EQ(window.push_bytes_max(), 1u);
  window.OnPushed(At(1), 300);
  EXPECT_FALSE(window.MayPush());
  window.OnAck(At(1));
  EXPECT_TRUE(window.MayPush());
}

TEST(PushWindowTest, AnAckInTheMiddleOfAPushKeepsItInFlight) {
  PushWindow window;
  window.Start(Cursor{}, kCreditBytes);
  window.OnPushed(At(5), 100);
  EXPECT_TRUE(window.OnAck(At(3)));
  EXPECT_TRUE(window.waiting());
  EXPECT_EQ(window.next_after(), At(5));
  EXPECT_FALSE(window.OnAck(At(2))) << "late";
  EXPECT_FALSE(window.OnAck(At(3))) << "twice";
}

TEST(PushWindowTest, AnAckBeyondMovesTheNextPush) {
  PushWindow window;
  window.Start(Cursor{}, kCreditBytes);
  window.OnPushed(At(2), 100);
  EXPECT_TRUE(window.OnAck(At(7)));
  EXPECT_EQ(window.next_after(), At(7));
  EXPECT_FALSE(window.waiting());
}

struct FinalCase {
  v1::RefusalCode code;
  const char* name;
  bool final;
};

TEST(RefusalTest, FinalOnesStopTheBox) {
  const FinalCase cases[] = {
      {v1::REFUSAL_CODE_UNKNOWN_BRANCH, "UNKNOWN_BRANCH", true},
      {v1::REFUSAL_CODE_BRANCH_RETIRED, "BRANCH_RETIRED", true},
      {v1::REFUSAL_CODE_BRANCH_FENCED, "BRANCH_FENCED", true},
      {v1::REFUSAL_CODE_FORK, "FORK", true},
      {v1::REFUSAL_CODE_CLONE, "CLONE", true},
      {v1::REFUSAL_CODE_BEHIND, "BEHIND", true},
      {v1::REFUSAL_CODE_OLD_EPOCH, "OLD_EPOCH", true},
      {v1::REFUSAL_CODE_WRONG_IDENTITY, "WRONG_IDENTITY", true},
      {static_cast<v1::RefusalCode>(99), "code 99", true},
      {v1::REFUSAL_CODE_GAP, "GAP", false},
      {v1::REFUSAL_CODE_BAD_RECORD, "BAD_RECORD", false},
      {v1::REFUSAL_CODE_PROTOCOL, "PROTOCOL", false},
      {v1::REFUSAL_CODE_TOO_NEW, "TOO_NEW", false},
  };
  for (const FinalCase& one : cases) {
    EXPECT_EQ(IsFinal(one.code), one.final) << one.name;
    EXPECT_EQ(RefusalName(one.code), one.name);
  }
}

v1::StreamCursor CursorIn(const std::string& stream, uint64_t seq) {
  v1::StreamCursor cursor;
  cursor.set_stream(stream);
  *cursor.mutable_at() = PositionOf(At(seq));
  return cursor;
}

v1::Welcome HeadsOf(const std::vector<v1::StreamCursor>& heads) {
  v1::Welcome welcome;
  for (const v1::StreamCursor& head : heads) *welcome.add_heads() = head;
  return welcome;
}

TEST(PullWatchTest, WaitsForWhatIsBehindAlone) {
  PullWatch watch;
  // The hub was restored and has less of one; of another there is nothing.
  const v1::Welcome welcome =
      HeadsOf({CursorIn("a", 4), CursorIn("b", 7), CursorIn("c", 0)});
  ASSERT_EQ(watch.Start(welcome.heads(), {CursorIn("a", 9)}), absl::OkStatus());
  EXPECT_TRUE(watch.waiting());
  EXPECT_THAT(watch.WaitsFor(), testing::StartsWith("b to epoch 1, record 7"));
  v1::HubFrame records;
  records.mutable_records()->set_stream("b");
  EXPECT_TRUE(watch.OnPulled(records, {CursorIn("b", 5)}));
  // The same again brings nothing on, nor does a stream that is not waited for.
  EXPECT_FALSE(watch.OnPulled(records, {CursorIn("b", 5), CursorIn("a", 10)}));
  EXPECT_TRUE(watch.OnPulled(records, {CursorIn("b", 8)}));
  EXPECT_FALSE(watch.waiting());
}

TEST(PullWatchTest, ASnapshotMovesWithEachOfItsChunksOnce) {
  PullWatch watch;
  const v1::Welcome welcome = HeadsOf({CursorIn("a", 4)});
  ASSERT_EQ(watch.Start(welcome.heads(), {}), absl::OkStatus());
  v1::HubFrame chunk;
  chunk.mutable_snapshot()->set_stream("a");
  EXPECT_TRUE(watch.OnPulled(chunk, {}));
  EXPECT_FALSE(watch.OnPulled(chunk, {}));
  chunk.mutable_snapshot()->set_index(1);
  EXPECT_TRUE(watch.OnPulled(chunk, {}));
  EXPECT_TRUE(watch.waiting());
  EXPECT_TRUE(watch.OnPulled(chunk, {CursorIn("a", 4)}));
  EXPECT_FALSE(watch.waiting());
}

TEST(PullWatchTest, AHeadThatIsNoPositionIsRefused) {
  PullWatch watch;
  v1::Welcome welcome = HeadsOf({CursorIn("a", 4)});
  welcome.mutable_heads(0)->mutable_at()->set_hash("abc");
  EXPECT_EQ(watch.Start(welcome.heads(), {}).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PositionTest, TakesWhatAPeerMaySend) {
  v1::Position position;
  EXPECT_EQ(CursorFromPeer(position, "x").value(), Cursor{});
  position = PositionOf(At(7));
  EXPECT_EQ(CursorFromPeer(position, "x").value(), At(7));
}

TEST(PositionTest, RefusesWhatIsNoPosition) {
  v1::Position position = PositionOf(At(7));
  position.set_epoch(0);
  EXPECT_EQ(
      CursorFromPeer(position, "the ack").status(),
      absl::InvalidArgumentError("the ack names epoch 0, epochs count from 1"));
  position = PositionOf(At(7));
  position.set_hash("abc");
  EXPECT_EQ(
      CursorFromPeer(position, "the ack").status(),
      absl::InvalidArgumentError("the ack has a hash of 3 bytes, want 32"));
}

}  // namespace
}  // namespace branchline
