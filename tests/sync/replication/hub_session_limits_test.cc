// What a hub takes from an edge: one row for each maximum and each frame out of
// turn.

#include <gmock/gmock.h>

#include "sync/replication/hub_session.h"
#include "sync/replication/limits.h"
#include "sync/replication/position.h"
#include "tests/sync/replication/fake_hub.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kNow = absl::Seconds(1000);

v1::EdgeFrame HelloFrame() {
  v1::EdgeFrame frame;
  frame.mutable_hello()->set_protocol(kProtocolVersion);
  frame.mutable_hello()->set_branch("S014");
  return frame;
}

v1::EdgeFrame PushFrame(int records, size_t payload_bytes) {
  FakeJournal journal;
  v1::EdgeFrame frame;
  frame.mutable_push();
  for (int i = 0; i < records; ++i) journal.Append('a', 1, payload_bytes);
  for (std::string& record : journal.ReadAfter(Cursor{}, SIZE_MAX)) {
    frame.mutable_push()->add_records(std::move(record));
  }
  return frame;
}

class HubSessionTest : public ::testing::Test {
 protected:
  HubSessionTest() { hub_.AddBranch("S014"); }

  // What the session does after `frames`; pushes are not taken.
  HubSession::Actions After(std::vector<v1::EdgeFrame> frames) {
    for (v1::EdgeFrame& frame : frames) session_.OnFrame(std::move(frame));
    return session_.Poll(kNow);
  }

  static std::string RefusalIn(const HubSession::Actions& actions) {
    if (actions.frames.empty() || !actions.frames.back().has_refused()) {
      return "not refused";
    }
    EXPECT_TRUE(actions.close.has_value()) << "a refusal is the last frame";
    return actions.frames.back().refused().message();
  }

  FakeHub hub_;
  HubSession session_{PeerIdentity{"S014", 1}, &hub_};
};

// The order of lines and greetings tells a late greeting, and no clock does.
TEST_F(HubSessionTest, AGreetingSaysWhatWasTakenWhenItsLineOpened) {
  HubSession newer(PeerIdentity{"S014", 1}, &hub_);
  newer.OnFrame(HelloFrame());
  session_.OnFrame(HelloFrame());  // it was long on its way
  HubSession third(PeerIdentity{"S014", 1}, &hub_);
  third.OnFrame(HelloFrame());
  EXPECT_THAT(hub_.greetings_at_open(), testing::ElementsAre(0, 0, 2));
}

struct RefuseCase {
  const char* name;
  std::vector<v1::EdgeFrame> frames;
  v1::RefusalCode code;
  const char* message;
};

class HubSessionRefuses : public HubSessionTest,
                          public ::testing::WithParamInterface<RefuseCase> {};

TEST_P(HubSessionRefuses, WithTheReason) {
  const HubSession::Actions actions = After(GetParam().frames);
  EXPECT_THAT(RefusalIn(actions), HasSubstr(GetParam().message));
  EXPECT_EQ(actions.frames.back().refused().code(), GetParam().code);
  EXPECT_EQ(actions.wake_at, absl::InfiniteDuration()) << "the line is over";
  // Nothing more is taken or answered.
  const HubSession::Actions more = After({HelloFrame(), PushFrame(1, 10)});
  EXPECT_TRUE(more.frames.empty());
  EXPECT_TRUE(more.takes.empty());
}

v1::EdgeFrame With(v1::EdgeFrame frame, void (*change)(v1::EdgeFrame&)) {
  change(frame);
  return frame;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, HubSessionRefuses,
    ::testing::ValuesIn(std::vector<RefuseCase>{
        {"PushBeforeHello",
         {PushFrame(1, 10)},
         v1::REFUSAL_CODE_PROTOCOL,
         "the first frame must be a greeting"},
        {"SecondHello",
         {HelloFrame(), HelloFrame()},
         v1::REFUSAL_CODE_PROTOCOL,
         "a second greeting"},
        {"LaterProtocol",
         {With(HelloFrame(),
               [](v1::EdgeFrame& f) { f.mutable_hello()->set_protocol(2); })},
         v1::REFUSAL_CODE_TOO_NEW,
         "speaks protocol 2, this hub at most 1"},
        {"NoProtocol",
         {With(HelloFrame(),
               [](v1::EdgeFrame& f) { f.mutable_hello()->set_protocol(0); })},
         v1::REFUSAL_CODE_PROTOCOL,
         "protocol 0"},
        {"TooManyStreams",
         {With(HelloFrame(),
               [](v1::EdgeFrame& f) {
                 for (int i = 0; i <= kFollowedStreamsMax; ++i) {
                   f.mutable_hello()->add_pulled();
                 }
               })},
         v1::REFUSAL_CODE_PROTOCOL,
         "a greeting with 65 streams"},
        {"LongSecret",
         {With(HelloFrame(),
               [](v1::EdgeFrame& f) {
                 f.mutable_hello()->set_session_secret(std::string(65, 's'));
               })},
         v1::REFUSAL_CODE_PROTOCOL,
         "a secret of 65 bytes"},
        {"LongVersion",
         {With(HelloFrame(),
               [](v1::EdgeFrame& f) {
                 f.mutable_hello()->set_version(std::string(65, 'v'));
               })},
         v1::REFUSAL_CODE_PROTOCOL,
         "a version of 65 bytes"},
        {"BadCursor",
         {With(HelloFrame(),
               [](v1::EdgeFrame& f) {
                 v1::StreamCursor* cursor = f.mutable_hello()->add_pulled();
                 cursor->set_stream("chain");
                 cursor->mutable_at()->set_epoch(1);
                 cursor->mutable_at()->set_hash("short");
               })},
         v1::REFUSAL_CODE_PROTOCOL,
         "the cursor of chain has a hash of 5 bytes, want 32"},
        {"OtherBranch",
         {With(HelloFrame(),
               [](v1::EdgeFrame& f) {
                 f.mutable_hello()->set_branch("S015");
               })},
         v1::REFUSAL_CODE_WRONG_IDENTITY,
         "greets as branch S015, its certificate is that of S014"},
        {"EmptyPush",
         {HelloFrame(), PushFrame(0, 0)},
         v1::REFUSAL_CODE_PROTOCOL,
         "a push of no records"},
        {"TooManyRecords",
         {HelloFrame(), PushFrame(kPushRecordsMax + 1, 1)},
         v1::REFUSAL_CODE_PROTOCOL,
         "a push of 4097 records, at most 4096"},
        {"HugeRecord",
         {HelloFrame(), PushFrame(1, kRecordBytesMax)},
         v1::REFUSAL_CODE_PROTOCOL,
         "at most 1114112"},
        {"BigPush",
         {HelloFrame(), PushFrame(3, 100'000)},
         v1::REFUSAL_CODE_PROTOCOL,
         "a push of 3 records and 300"},
        {"ReportOfNothing",
         {HelloFrame(),
          With({}, [](v1::EdgeFrame& f) { f.mutable_pulled_to(); })},
         v1::REFUSAL_CODE_PROTOCOL,
         "none were sent that lack one"},
        {"ReturnedUnasked",
         {HelloFrame(),
          With({},
               [](v1::EdgeFrame& f) {
                 f.mutable_returned()->set_stream("chain");
               })},
         v1::REFUSAL_CODE_PROTOCOL,
         "records of chain came back that were not asked for"},
        {"UnknownFrame",
         {HelloFrame(), v1::EdgeFrame()},
         v1::REFUSAL_CODE_PROTOCOL,
         "a frame that this hub does not know"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST_F(HubSessionTest, TakesOneBigRecord) {
  const auto actions = After({HelloFrame(), PushFrame(1, 1 << 20)});
  EXPECT_EQ(RefusalIn(actions), "not refused");
  EXPECT_EQ(actions.takes.size(), 1u);
}

TEST_F(HubSessionTest, TakesAsManyPushesAsItCanHoldAndNoMore) {
  After({HelloFrame()});
  for (size_t i = 0; i < kHubPushesMax; ++i) {
    EXPECT_EQ(RefusalIn(After({PushFrame(1, 10)})), "not refused");
  }
  EXPECT_THAT(RefusalIn(After({PushFrame(1, 10)})),
              HasSubstr("a push on top of 64 unanswered ones"));
}

TEST_F(HubSessionTest, CreditsStopAPushFromBeingBegun) {
  hub_.SetCredit(500'000);
  After({HelloFrame()});
  // The third begins below 500,000 bytes and may go over them.
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(RefusalIn(After({PushFrame(1, 200'000)})), "not refused");
  }
  EXPECT_THAT(RefusalIn(After({PushFrame(1, 10)})),
              HasSubstr("a push on top of 3 unanswered ones of 600"));
}

TEST_F(HubSessionTest, AnswersInTheOrderOfThePushes) {
  const auto actions =
      After({HelloFrame(), PushFrame(1, 10), PushFrame(1, 10)});
  ASSERT_EQ(actions.takes.size(), 2u);
  const auto ack = [](uint64_t seq) {
    v1::Ack ack;
    ack.mutable_at()->set_seq(seq);
    return HubPort::Taken(ack);
  };
  session_.OnTaken(actions.takes[1].number, ack(2));
  EXPECT_TRUE(session_.Poll(kNow).frames.empty()) << "the first is missing";
  session_.OnTaken(actions.takes[0].number, ack(1));
  const auto answers = session_.Poll(kNow).frames;
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].ack().at().seq(), 1u);
  EXPECT_EQ(answers[1].ack().at().seq(), 2u);
}

TEST_F(HubSessionTest, AnyRefusalButAGapIsTheLastFrame) {
  const auto actions =
      After({HelloFrame(), PushFrame(1, 10), PushFrame(1, 10)});
  ASSERT_EQ(actions.takes.size(), 2u);
  v1::Refused refused;
  refused.set_code(v1::REFUSAL_CODE_GAP);
  session_.OnTaken(actions.takes[0].number, HubPort::Taken(refused));
  EXPECT_FALSE(session_.Poll(kNow).close.has_value());
  refused.set_code(v1::REFUSAL_CODE_FORK);
  session_.OnTaken(actions.takes[1].number, HubPort::Taken(refused));
  EXPECT_TRUE(session_.Poll(kNow).close.has_value());
}

TEST_F(HubSessionTest, TakesNothingMoreOnceTheBranchMayNotGoOn) {
  After({HelloFrame()});
  // Nobody has told this line of the change yet.
  hub_.SetState("S014", FakeHub::BranchState::kRetired);
  const auto actions = After({PushFrame(1, 10)});
  EXPECT_TRUE(actions.takes.empty());
  EXPECT_THAT(RefusalIn(actions), HasSubstr("branch S014 was retired"));
}

TEST_F(HubSessionTest, SaysOnceThatTheLineIsDown) {
  After({HelloFrame()});
  session_.OnClosed();
  session_.OnClosed();
  EXPECT_EQ(hub_.lines_down(), 1);
}

TEST_F(HubSessionTest, DoesNotSayThatAReplacedLineIsDown) {
  After({HelloFrame()});
  session_.OnReplaced();
  EXPECT_TRUE(session_.Poll(kNow).close.has_value());
  session_.OnClosed();
  EXPECT_EQ(hub_.lines_down(), 0);
}

TEST_F(HubSessionTest, AnAnswerAfterTheEndIsPassedOver) {
  const auto actions = After({HelloFrame(), PushFrame(1, 10)});
  session_.OnClosed();
  session_.OnTaken(actions.takes[0].number, HubPort::Taken(v1::Ack()));
  session_.OnTaken(99, HubPort::Taken(v1::Ack()));
  EXPECT_TRUE(session_.Poll(kNow).frames.empty());
}

}  // namespace
}  // namespace branchline
