#include "edge/devices/scan_feed.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/support/fake_clock.h"

namespace branchline {
namespace {

v1::ScanRead Code(const std::string& text) {
  v1::ScanRead scan;
  scan.set_text(text);
  return scan;
}

class ScanFeedTest : public ::testing::Test {
 protected:
  std::vector<std::string> Take(const char* till, uint64_t* after) {
    std::vector<std::string> texts;
    for (const v1::ScanRead& scan :
         feed_.Wait(till, *after, absl::ZeroDuration())) {
      EXPECT_GT(scan.number(), *after);
      *after = scan.number();
      texts.push_back(scan.text());
    }
    return texts;
  }

  FakeClock clock_;
  ScanFeed feed_{&clock_};
};

using Texts = std::vector<std::string>;

TEST_F(ScanFeedTest, TwoEqualScansAreTwoAndEachComesOnce) {
  uint64_t after = feed_.last();
  feed_.Put("T1", Code("4006381333931"), clock_.MonotonicNow());
  feed_.Put("T1", Code("4006381333931"), clock_.MonotonicNow());
  EXPECT_EQ(Take("T1", &after), (Texts{"4006381333931", "4006381333931"}));
  EXPECT_EQ(Take("T1", &after), Texts());
}

TEST_F(ScanFeedTest, ATillHearsItsOwnScannersAlone) {
  uint64_t one = feed_.last();
  uint64_t two = one;
  feed_.Put("T1", Code("a"), clock_.MonotonicNow());
  feed_.Put("T2", Code("b"), clock_.MonotonicNow());
  EXPECT_EQ(Take("T2", &two), Texts{"b"});
  EXPECT_EQ(Take("T1", &one), Texts{"a"});
}

TEST_F(ScanFeedTest, AScanThatWaitedTooLongIsDropped) {
  uint64_t after = feed_.last();
  feed_.Put("T1", Code("stale"), clock_.MonotonicNow());
  clock_.Advance(ScanFeed::kAgeMax + absl::Milliseconds(1));
  feed_.Put("T1", Code("fresh"), clock_.MonotonicNow());
  EXPECT_EQ(Take("T1", &after), Texts{"fresh"});
  EXPECT_EQ(feed_.dropped_count(), 1);
}

TEST_F(ScanFeedTest, ATillThatComesBackGetsWhatItMissedAndNothingTwice) {
  uint64_t after = feed_.last();
  feed_.Put("T1", Code("a"), clock_.MonotonicNow());
  EXPECT_EQ(Take("T1", &after), Texts{"a"});
  feed_.Put("T1", Code("b"), clock_.MonotonicNow());  // while it is away
  EXPECT_EQ(Take("T1", &after), Texts{"b"});
}

TEST_F(ScanFeedTest, NobodyListensForEver) {
  const uint64_t after = feed_.last();
  for (size_t i = 0; i < ScanFeed::kKeptMax + 10; ++i) {
    feed_.Put("T1", Code("x"), clock_.MonotonicNow());
  }
  EXPECT_EQ(feed_.Wait("T1", after, absl::ZeroDuration()).size(),
            ScanFeed::kKeptMax);
  EXPECT_EQ(feed_.dropped_count(), 10);
}

TEST_F(ScanFeedTest, WhoWaitsIsWokenByAScanAndByTheEnd) {
  ScanFeed feed(&SystemClock());
  size_t got = 0;
  std::thread till(
      [&] { got = feed.Wait("T1", 1, absl::InfiniteDuration()).size(); });
  feed.Put("T1", Code("x"), SystemClock().MonotonicNow());
  till.join();
  EXPECT_EQ(got, 1u);
  std::thread other(
      [&] { got = feed.Wait("T1", 99, absl::InfiniteDuration()).size(); });
  feed.Stop();
  other.join();
  EXPECT_EQ(got, 0u);
  EXPECT_TRUE(feed.stopped());
}

}  // namespace
}  // namespace branchline
