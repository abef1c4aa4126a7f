#include "tools/drill/delay_line.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace branchline::drill {
namespace {

absl::Duration At(int64_t millis) { return absl::Milliseconds(millis); }

// All that has come out at `millis`.
std::string TakeAt(DelayLine* line, int64_t millis) {
  std::string taken;
  while (true) {
    const absl::string_view ready = line->Ready(At(millis));
    if (ready.empty()) return taken;
    taken.append(ready.data(), ready.size());
    line->Pop(ready.size());
  }
}

TEST(DelayLineTest, IsFastUnlessSlowed) {
  DelayLine line;
  EXPECT_EQ(line.NextAt(), std::nullopt);
  line.Push("hello", At(10));
  EXPECT_EQ(line.NextAt(), At(10));
  EXPECT_EQ(TakeAt(&line, 10), "hello");
  EXPECT_TRUE(line.Empty());
}

TEST(DelayLineTest, DelaysEachPieceByTheSame) {
  DelayLine line;
  line.SetPace({.delay = At(100)}, At(0));
  line.Push("a", At(0));
  line.Push("b", At(30));
  EXPECT_EQ(TakeAt(&line, 99), "");
  EXPECT_EQ(line.NextAt(), At(100));
  EXPECT_EQ(TakeAt(&line, 100), "a");
  EXPECT_EQ(TakeAt(&line, 130), "b");
}

TEST(DelayLineTest, LetsSoManyBytesThroughASecond) {
  DelayLine line;
  line.SetPace({.bytes_per_second = 1'000}, At(0));
  line.Push(std::string(1'000, 'x'), At(0));
  EXPECT_EQ(TakeAt(&line, 0).size(), 0u);
  EXPECT_EQ(TakeAt(&line, 500).size(), 500u);
  // What is pushed behind waits for what is before it.
  line.Push("tail", At(500));
  EXPECT_EQ(TakeAt(&line, 1'000).size(), 500u);
  EXPECT_EQ(TakeAt(&line, 1'003), "");
  EXPECT_EQ(TakeAt(&line, 1'004), "tail");
}

TEST(DelayLineTest, HandsOutPartOfWhatIsReady) {
  DelayLine line;
  line.Push("hello", At(0));
  line.Pop(2);
  EXPECT_EQ(line.Ready(At(0)), "llo");
  EXPECT_EQ(line.Room(), DelayLine::kSizeMax - 3);
}

TEST(DelayLineTest, HealingLetsOutWhatIsUnderWay) {
  DelayLine line;
  line.SetPace({.delay = At(60'000), .bytes_per_second = 1}, At(0));
  line.Push("hello", At(0));
  line.SetPace({}, At(5));
  EXPECT_EQ(TakeAt(&line, 5), "hello");
}

TEST(DelayLineTest, SlowingHoldsNothingBackThatWasUnderWay) {
  DelayLine line;
  line.SetPace({.delay = At(10)}, At(0));
  line.Push("hello", At(0));
  line.Pop(0);
  line.SetPace({.delay = At(60'000)}, At(5));
  EXPECT_EQ(TakeAt(&line, 10), "hello");
}

TEST(DelayLineTest, KeepsItsPlaceInAPieceWhenThePaceChanges) {
  DelayLine line;
  line.Push("hello", At(0));
  line.Pop(2);
  line.SetPace({}, At(1));
  EXPECT_EQ(TakeAt(&line, 1), "llo");
  EXPECT_TRUE(line.Empty());
}

TEST(DelayLineTest, HoldsNoMoreThanItsLimit) {
  DelayLine line;
  line.SetPace({.bytes_per_second = 1}, At(0));
  line.Push(std::string(DelayLine::kSizeMax, 'x'), At(0));
  EXPECT_EQ(line.Room(), 0u);
  EXPECT_DEATH(line.Push("x", At(0)), "beyond the line's room");
}

}  // namespace
}  // namespace branchline::drill
