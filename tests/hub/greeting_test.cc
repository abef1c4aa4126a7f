// Who may post as a branch: what the hub answers to a greeting.

#include <string>

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
using ::testing::IsEmpty;

constexpr Date kDay = 20261121;

bool IsWelcome(const HubPort::Greeting& greeting) {
  return std::holds_alternative<v1::Welcome>(greeting);
}

class GreetingTest : public ::testing::Test {
 protected:
  GreetingTest() {
    EXPECT_THAT(box.Join(&hub, hub.AddBranch("S001")), IsOk());
    box.Append(OpenDay(kDay));
    EXPECT_THAT(box.PushTo(&hub), IsOk());
  }

  absl::StatusOr<HubPort::Greeting> Say(const TestBox& from,
                                        const v1::Hello& hello) {
    return hub.node->Greet(from.peer(), *hub.node->GreetingsTaken(from.peer()),
                           hello);
  }

  std::string Incident() {
    return hub.store->ReadBox("S001")->value().incident();
  }

  void ExpectRefused(const absl::StatusOr<HubPort::Greeting>& greeting,
                     v1::RefusalCode code, absl::string_view message) {
    ASSERT_THAT(greeting, IsOk());
    const auto* refused = std::get_if<v1::Refused>(&*greeting);
    ASSERT_NE(refused, nullptr) << "welcomed";
    EXPECT_EQ(RefusalName(refused->code()), RefusalName(code));
    EXPECT_THAT(refused->message(), HasSubstr(std::string(message)));
  }

  TestHub hub;
  TestBox box;
};

TEST_F(GreetingTest, WelcomesWithTheCursorAndANewSecret) {
  const auto greeting = box.Greet(&hub);
  ASSERT_TRUE(IsWelcome(greeting));
  const auto& welcome = std::get<v1::Welcome>(greeting);
  EXPECT_EQ(FromProto(welcome.cursor()), box.head);
  EXPECT_EQ(welcome.credit_bytes(), kCreditBytes);
  EXPECT_FALSE(welcome.offered_secret().empty());
  ASSERT_EQ(welcome.heads_size(), 2);
  EXPECT_EQ(welcome.heads(0).stream(), "chain");
  EXPECT_EQ(welcome.heads(1).stream(), "branch:S001");
  const std::string first = box.secret;
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  EXPECT_NE(box.secret, first);
  EXPECT_THAT(Incident(), IsEmpty());
}

TEST_F(GreetingTest, ALostWelcomeLocksNobodyOut) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  // Twice greeted with what is confirmed; the answers are lost on the way.
  const auto first = Say(box, box.Hello(hub));
  const auto second = Say(box, box.Hello(hub));
  ASSERT_TRUE(IsWelcome(*second));
  EXPECT_EQ(std::get<v1::Welcome>(*first).offered_secret(),
            std::get<v1::Welcome>(*second).offered_secret());
  // One arrived, was stored, and the confirmation is lost.
  box.secret = std::get<v1::Welcome>(*first).offered_secret();
  EXPECT_TRUE(IsWelcome(box.Greet(&hub)));
}

TEST_F(GreetingTest, AnIdleCloneIsFound) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  TestBox clone = box;
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  hub.clock.Advance(absl::Seconds(1));
  ExpectRefused(Say(clone, clone.Hello(hub)), v1::REFUSAL_CODE_CLONE,
                "has session secret 1 of S001, but a box of this branch has "
                "confirmed number 2 since: it is a copy");
  EXPECT_THAT(Incident(), HasSubstr("CLONE: "));
  // The other one goes on.
  EXPECT_TRUE(IsWelcome(box.Greet(&hub)));
}

TEST_F(GreetingTest, AGreetingThatWasLongOnItsWayAccusesNobody) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  const uint64_t at_open = *hub.node->GreetingsTaken(box.peer());
  const v1::Hello late = box.Hello(hub);
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  // Whatever the clocks say.
  for (const int days : {0, -3, 3}) {
    hub.clock.SetWall(hub.clock.WallNow() + absl::Hours(24 * days));
    EXPECT_THAT(hub.node->Greet(box.peer(), at_open, late),
                StatusIs(absl::StatusCode::kUnavailable,
                         HasSubstr("another greeting was taken since")));
  }
  EXPECT_THAT(Incident(), IsEmpty());
}

// A box whose clock was set back by days was told UNAVAILABLE for as long, and
// neither refused nor fenced.
TEST_F(GreetingTest, AClockThatWasSetBackHidesNothing) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  TestBox image = box;
  TestBox clone = box;
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  v1::Hello hello = image.Hello(hub);
  hello.set_now_unix_micros(0);  // a flat battery
  ExpectRefused(Say(image, hello), v1::REFUSAL_CODE_BEHIND,
                "ends at epoch 1, record 2");
  clone.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 500));
  hello = clone.Hello(hub);
  hello.set_now_unix_micros(0);
  ExpectRefused(Say(clone, hello), v1::REFUSAL_CODE_FORK, Hex(clone.head.hash));
}

TEST_F(GreetingTest, ClocksThatJumpStopNoReplication) {
  uint64_t sale = 0;
  for (const int days : {-3, 3, -400, 400, 0}) {
    // The box's clock, then the hub's.
    for (const bool at_hub : {false, true}) {
      if (at_hub)
        hub.clock.SetWall(hub.clock.WallNow() + absl::Hours(24 * days));
      v1::Hello hello = box.Hello(hub);
      hello.set_now_unix_micros(
          hello.now_unix_micros() +
          absl::ToInt64Microseconds(absl::Hours(at_hub ? 0 : 24 * days)));
      const auto greeting = Say(box, hello);
      ASSERT_THAT(greeting, IsOk());
      ASSERT_TRUE(IsWelcome(*greeting)) << days;
      box.secret = std::get<v1::Welcome>(*greeting).offered_secret();
      ASSERT_THAT(hub.node->ConfirmSecret(box.peer(), box.secret), IsOk());
      box.Append(SaleOf("S001", kDay, ++sale, "PEN", 1'000, 199));
      ASSERT_THAT(box.PushTo(&hub), IsOk());
      EXPECT_EQ((*hub.store->ReadCursors({"edge:S001"}))[0], box.head);
    }
  }
  EXPECT_THAT(Incident(), IsEmpty());
}

TEST_F(GreetingTest, ARestoredImageIsBehind) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  TestBox image = box;
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  hub.clock.Advance(absl::Seconds(1));
  ExpectRefused(Say(image, image.Hello(hub)), v1::REFUSAL_CODE_BEHIND,
                "ends at epoch 1, record 2");
  EXPECT_THAT(Incident(), HasSubstr("BEHIND: "));
}

TEST_F(GreetingTest, AnotherRecordAtTheHeadIsAFork) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  TestBox clone = box;
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  clone.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 500));
  hub.clock.Advance(absl::Seconds(1));
  const auto greeting = Say(clone, clone.Hello(hub));
  ExpectRefused(greeting, v1::REFUSAL_CODE_FORK, Hex(clone.head.hash));
  EXPECT_THAT(std::get<v1::Refused>(*greeting).message(),
              HasSubstr(Hex(box.head.hash)));
  EXPECT_EQ(hub.store->ReadBranch("S001")->value().status(),
            v1::BRANCH_STATUS_FENCED);
  hub.clock.Advance(absl::Seconds(1));
  ExpectRefused(Say(box, box.Hello(hub)), v1::REFUSAL_CODE_BRANCH_FENCED,
                "is fenced: ");
  // One box is set up anew, and trade goes on.
  TestBox next('b');
  ASSERT_THAT(next.Join(&hub, hub.Token("S001", true)), IsOk());
  EXPECT_TRUE(IsWelcome(next.Greet(&hub)));
}

TEST_F(GreetingTest, AnAckForAnotherRecordIsAFork) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  v1::Position elsewhere = ToProto(box.head);
  elsewhere.set_hash(std::string(32, 'x'));
  *box.ack.mutable_at() = elsewhere;
  box.ack.set_signature(
      hub.ledger->key().Sign(kAckPurpose, AckBytes("S001", elsewhere)));
  hub.clock.Advance(absl::Seconds(1));
  ExpectRefused(Say(box, box.Hello(hub)), v1::REFUSAL_CODE_FORK,
                Hex(elsewhere.hash()));
}

TEST_F(GreetingTest, DriftIsRecorded) {
  v1::Hello hello = box.Hello(hub);
  hello.set_now_unix_micros(hello.now_unix_micros() + 90'000'000);
  ASSERT_TRUE(IsWelcome(*Say(box, hello)));
  EXPECT_EQ(hub.store->ReadBox("S001")->value().clock_drift_micros(),
            90'000'000);
}

TEST_F(GreetingTest, OnlyWhatWasOfferedCanBeConfirmed) {
  ASSERT_TRUE(IsWelcome(*Say(box, box.Hello(hub))));
  EXPECT_THAT(hub.node->ConfirmSecret(box.peer(), "guess"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("not offered")));
}

struct HelloCase {
  const char* name;
  void (*breakage)(v1::Hello* hello);
  v1::RefusalCode code;
  const char* message;
};

class GreetingRefuses : public GreetingTest,
                        public ::testing::WithParamInterface<HelloCase> {};

TEST_P(GreetingRefuses, WithTheReason) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  hub.clock.Advance(absl::Seconds(1));
  v1::Hello hello = box.Hello(hub);
  GetParam().breakage(&hello);
  ExpectRefused(Say(box, hello), GetParam().code, GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, GreetingRefuses,
    ::testing::ValuesIn(std::vector<HelloCase>{
        {"TooNew", [](v1::Hello* hello) { hello->set_protocol(2); },
         v1::REFUSAL_CODE_TOO_NEW, "speaks protocol 2, this hub at most 1"},
        {"NoProtocol", [](v1::Hello* hello) { hello->set_protocol(0); },
         v1::REFUSAL_CODE_PROTOCOL, "protocol 0"},
        {"AnotherBranch", [](v1::Hello* hello) { hello->set_branch("S002"); },
         v1::REFUSAL_CODE_WRONG_IDENTITY, "greets as branch S002"},
        {"ShortHash",
         [](v1::Hello* hello) { hello->mutable_head()->set_hash("short"); },
         v1::REFUSAL_CODE_PROTOCOL, "its head"},
        {"HeadInALaterEpoch",
         [](v1::Hello* hello) { hello->mutable_head()->set_epoch(2); },
         v1::REFUSAL_CODE_PROTOCOL, "its certificate is for epoch 1"},
        {"ForeignSecret",
         [](v1::Hello* hello) {
           hello->set_session_secret(std::string(40, 's'));
         },
         v1::REFUSAL_CODE_CLONE, "a session secret that this hub never gave"},
        {"NoSecretAnyMore",
         [](v1::Hello* hello) { hello->clear_session_secret(); },
         v1::REFUSAL_CODE_CLONE, "has session secret 0 of S001"},
    }),
    [](const auto& info) { return std::string(info.param.name); });

// --- A hub that was restored from an older image ---

TEST_F(GreetingTest, ARestoredHubTakesTheRecordsAgain) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  const MemoryStore::DiskImage image = hub.disk.Image();
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  box.Append(SaleOf("S001", kDay, 1, "PEN", 1'000, 199));
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  hub.disk.Restore(image);
  hub.Restart();
  // Its secret is later than any that the hub remembers: no clone.
  const auto greeting = box.Greet(&hub);
  ASSERT_TRUE(IsWelcome(greeting));
  const Cursor cursor = FromProto(std::get<v1::Welcome>(greeting).cursor());
  EXPECT_EQ(cursor.seq, 2u);
  EXPECT_THAT(Incident(), HasSubstr("restored from an older image"));
  box.pushed = cursor.seq;
  ASSERT_THAT(box.PushTo(&hub), IsOk());
  EXPECT_EQ((*hub.store->ReadCursors({"edge:S001"}))[0], box.head);
}

TEST_F(GreetingTest, ARestoredHubIsGivenBackWhatItWrote) {
  const MemoryStore::DiskImage image = hub.disk.Image();
  hub.AddBranch("S002");
  const Cursor chain = (*hub.store->ReadCursors({"chain"}))[0];
  const auto frames = hub.node->ReadStream(box.peer(), "chain", {}, 1 << 20);
  ASSERT_THAT(frames, IsOk());
  ASSERT_EQ(frames->size(), 1u);
  v1::ReturnedRecords returned;
  returned.set_stream("chain");
  *returned.mutable_records() = frames->at(0).records().records();
  *returned.mutable_checkpoint() = frames->at(0).records().checkpoint();
  returned.set_end(true);

  hub.disk.Restore(image);
  hub.Restart();
  v1::Hello hello = box.Hello(hub);
  v1::StreamCursor* pulled = hello.add_pulled();
  pulled->set_stream("chain");
  *pulled->mutable_at() = ToProto(chain);
  ASSERT_TRUE(IsWelcome(*Say(box, hello)));

  // It decides nothing of its own until then.
  v1::RetireBranchRequest retire;
  retire.set_code("S001");
  EXPECT_THAT(
      hub.admin->RetireBranch(retire),
      StatusIs(absl::StatusCode::kUnavailable,
               AllOf(HasSubstr("restored from an older image"),
                     HasSubstr("S001 has chain to epoch 1, record 3"))));
  // Only what it signed itself is taken.
  v1::ReturnedRecords forged = returned;
  forged.mutable_checkpoint()->set_signature(std::string(64, 'x'));
  EXPECT_THAT(hub.node->TakeBack(box.peer(), forged),
              StatusIs(absl::StatusCode::kUnauthenticated,
                       HasSubstr("not this hub's own")));
  forged = returned;
  forged.mutable_checkpoint()->set_seq(2);
  EXPECT_THAT(hub.node->TakeBack(box.peer(), forged),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the checkpoint with them is for")));
  forged = returned;
  forged.set_records(2, "\xff");
  EXPECT_THAT(hub.node->TakeBack(box.peer(), forged),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("cannot be read")));
  forged = returned;
  forged.set_stream("branch:S002");
  EXPECT_THAT(hub.node->TakeBack(box.peer(), forged),
              StatusIs(absl::StatusCode::kPermissionDenied,
                       HasSubstr("does not follow")));
  ASSERT_THAT(hub.node->TakeBack(box.peer(), returned), IsOk());
  EXPECT_EQ((*hub.store->ReadCursors({"chain"}))[0], chain);
  EXPECT_TRUE(hub.store->ReadBranch("S002")->has_value());
  EXPECT_THAT(hub.admin->RetireBranch(retire), IsOk());
}

TEST_F(GreetingTest, AHubThatDecidedSomethingElseAfterARestoreSaysSo) {
  const MemoryStore::DiskImage image = hub.disk.Image();
  hub.AddBranch("S002");
  const Cursor chain = (*hub.store->ReadCursors({"chain"}))[0];
  hub.disk.Restore(image);
  hub.Restart();
  hub.AddBranch("S003");
  v1::Hello hello = box.Hello(hub);
  v1::StreamCursor* pulled = hello.add_pulled();
  pulled->set_stream("chain");
  *pulled->mutable_at() = ToProto(chain);
  // The branch's sales are still taken.
  ASSERT_TRUE(IsWelcome(*Say(box, hello)));
  EXPECT_THAT(Incident(), HasSubstr("decided something else there"));
}

TEST_F(GreetingTest, AHubOlderThanTheBoxDoesNotDisownIt) {
  MemoryStore empty;
  hub.disk.Restore(empty.Image());
  hub.Restart();
  EXPECT_THAT(Say(box, box.Hello(hub)),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("restored from an image older")));
  // Without our ack it is nobody.
  box.ack.Clear();
  ExpectRefused(Say(box, box.Hello(hub)), v1::REFUSAL_CODE_UNKNOWN_BRANCH,
                "no branch S001");
}

TEST_F(GreetingTest, PresenceIsStoredNowAndThen) {
  ASSERT_TRUE(IsWelcome(box.Greet(&hub)));
  const auto heard = [&] {
    return hub.store->ReadBox("S001")->value().last_heard_unix_micros();
  };
  const int64_t first = heard();
  for (int i = 0; i < 11; ++i) {
    hub.node->OnHeard(box.peer());
    hub.clock.Advance(absl::Seconds(5));
  }
  EXPECT_EQ(heard(), first);
  EXPECT_TRUE(hub.node->presence().Of("S001").online);
  hub.clock.Advance(absl::Seconds(5));
  hub.node->OnHeard(box.peer());
  EXPECT_EQ(heard(), first + 60'000'000);
  hub.clock.Advance(absl::Seconds(5));
  hub.node->OnHeard(box.peer());
  hub.node->OnLineDown(box.peer());
  EXPECT_EQ(heard(), first + 65'000'000);
  EXPECT_FALSE(hub.node->presence().Of("S001").online);
}

}  // namespace
}  // namespace branchline
