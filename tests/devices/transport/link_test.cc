#include "devices/transport/link.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "sync/base/random.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

TEST(ReconnectTest, TriesAtOnceThenEverLessOftenForEver) {
  SeededRandom random(1);
  Reconnect reconnect(&random);
  absl::Duration now = absl::ZeroDuration();
  EXPECT_LE(reconnect.next_try_at(), now);
  absl::Duration least = Reconnect::kRetryMin;
  for (int i = 0; i < 100; ++i) {
    reconnect.OnLost(now);
    const absl::Duration wait = reconnect.next_try_at() - now;
    EXPECT_GE(wait, least);
    EXPECT_LE(wait, least * 5 / 4 + absl::Milliseconds(1));
    now += wait;
    least = std::min(least * 2, Reconnect::kRetryMax);
  }
}

TEST(ReconnectTest, OnlyAConnectionThatLastsStartsOver) {
  SeededRandom random(1);
  Reconnect reconnect(&random);
  absl::Duration now = absl::ZeroDuration();
  for (int i = 0; i < 10; ++i) {
    reconnect.OnOpened(now);
    now += absl::Seconds(1);  // drops every connection after a second
    reconnect.OnLost(now);
  }
  EXPECT_GE(reconnect.next_try_at() - now, Reconnect::kRetryMax);

  reconnect.OnOpened(now);
  now += Reconnect::kStableAfter;
  reconnect.OnLost(now);
  EXPECT_LE(reconnect.next_try_at() - now, Reconnect::kRetryMin * 5 / 4);
}

// A device that is there or not, and says what it is told to.
class FakeTransport final : public Transport {
 public:
  struct World {
    bool there = true;
    int opens = 0;
    absl::Status next_write;
  };
  explicit FakeTransport(World* world) : world_(world) {}

  absl::Status Open() override {
    ++world_->opens;
    if (!world_->there) return absl::UnavailableError("unplugged");
    open_ = true;
    return absl::OkStatus();
  }
  absl::StatusOr<size_t> Read(char* buffer, size_t, absl::Duration) override {
    if (!world_->there) return absl::UnavailableError("hung up");
    buffer[0] = 'x';
    return size_t{1};
  }
  using Transport::Write;
  absl::Status Write(absl::string_view bytes, absl::Duration,
                     size_t* written) override {
    *written = world_->next_write.ok() ? bytes.size() : 1;
    return world_->next_write;
  }
  void Close() override { open_ = false; }
  bool IsOpen() const override { return open_; }
  std::string name() const override { return "fake"; }

 private:
  World* const world_;
  bool open_ = false;
};

class LinkTest : public ::testing::Test {
 protected:
  FakeTransport::World world_;
  FakeClock clock_;
  SeededRandom random_{1};
  Link link_{std::make_unique<FakeTransport>(&world_), &clock_, &random_};
  char buffer_[8];
};

TEST_F(LinkTest, OpensWhenFirstUsed) {
  EXPECT_FALSE(link_.status().open);
  EXPECT_THAT(link_.Read(buffer_, 8, absl::Seconds(1)), IsOk());
  const LinkStatus status = link_.status();
  EXPECT_TRUE(status.open);
  EXPECT_EQ(status.name, "fake");
  EXPECT_EQ(status.opened_count, 1);
  EXPECT_EQ(status.read_bytes, 1);
  EXPECT_EQ(status.last_error, "");
}

TEST_F(LinkTest, DoesNotHammerADeviceThatIsNotThere) {
  world_.there = false;
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(link_.EnsureOpen(), StatusIs(absl::StatusCode::kUnavailable,
                                             HasSubstr("unplugged")));
  }
  EXPECT_EQ(world_.opens, 1);
  EXPECT_GT(link_.status().next_try_in, absl::ZeroDuration());
}

TEST_F(LinkTest, ComesBackByItselfHoweverLongItTook) {
  ASSERT_THAT(link_.EnsureOpen(), IsOk());
  world_.there = false;
  EXPECT_THAT(link_.Read(buffer_, 8, absl::Seconds(1)),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("hung up")));
  EXPECT_FALSE(link_.status().open);
  EXPECT_EQ(link_.status().last_error, "hung up");
  for (int i = 0; i < 24 * 60; ++i) {  // a night
    clock_.Advance(absl::Minutes(1));
    EXPECT_FALSE(link_.EnsureOpen().ok());
  }
  world_.there = true;
  clock_.Advance(Reconnect::kRetryMax * 5 / 4);
  EXPECT_THAT(link_.EnsureOpen(), IsOk());
  EXPECT_EQ(link_.status().opened_count, 2);
}

TEST_F(LinkTest, SomethingPluggedInIsTriedAtOnceAndOnce) {
  world_.there = false;
  EXPECT_FALSE(link_.EnsureOpen().ok());
  link_.RetryNow();
  EXPECT_FALSE(link_.EnsureOpen().ok());
  EXPECT_EQ(world_.opens, 2);
  EXPECT_FALSE(link_.EnsureOpen().ok());
  EXPECT_EQ(world_.opens, 2);
  world_.there = true;
  link_.RetryNow();
  EXPECT_THAT(link_.EnsureOpen(), IsOk());
}

TEST_F(LinkTest, ASlowDeviceIsNotLost) {
  world_.next_write = absl::DeadlineExceededError("paper out");
  size_t written = 0;
  EXPECT_FALSE(link_.Write("abc", absl::Seconds(1), &written).ok());
  EXPECT_EQ(written, 1u);
  EXPECT_TRUE(link_.status().open);
  EXPECT_EQ(link_.status().written_bytes, 1);
}

TEST_F(LinkTest, ADroppedDeviceWaitsItsTurn) {
  ASSERT_THAT(link_.EnsureOpen(), IsOk());
  link_.Drop("it answers nonsense");
  EXPECT_FALSE(link_.IsOpen());
  EXPECT_THAT(link_.EnsureOpen(), StatusIs(absl::StatusCode::kUnavailable,
                                           HasSubstr("answers nonsense")));
  EXPECT_EQ(world_.opens, 1);
}

}  // namespace
}  // namespace branchline
