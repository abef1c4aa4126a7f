// The emulated counter does what it is told, as real drivers see it.

#include "devices/counter/counter_emulator.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "devices/scale/scale_driver.h"
#include "devices/transport/device_address.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

class CounterTest : public ::testing::Test {
 protected:
  CounterTest() {
    std::string pattern = "/tmp/bl-counter-XXXXXX";
    dir_ = mkdtemp(pattern.data());
    auto counter = CounterEmulator::Open({.dir = dir_});
    EXPECT_THAT(counter, IsOk());
    counter_ = *std::move(counter);
  }
  ~CounterTest() override {
    counter_.reset();
    std::filesystem::remove_all(dir_);
  }

  std::string dir_;
  std::unique_ptr<CounterEmulator> counter_;
};

TEST_F(CounterTest, EveryCommandOfItsHelpIsOne) {
  for (const char* command : {"scan 4006381333931",
                              "scan ]C10112345678901231",
                              "weigh 1.250",
                              "weigh empty",
                              "weigh moving",
                              "weigh over",
                              "weigh under",
                              "paper out",
                              "paper low",
                              "paper ok",
                              "cover open",
                              "cover shut",
                              "printer mute",
                              "printer talk",
                              "printer cycle",
                              "drawer open",
                              "drawer shut",
                              "show",
                              "receipts",
                              "status",
                              "help",
                              ""}) {
    EXPECT_THAT(counter_->Do(command), IsOk()) << command;
  }
  EXPECT_THAT(counter_->Do("png " + dir_ + "/paper.png"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the picture is empty")));
  counter_->printer().With(
      [](PrinterEmulator& printer) { printer.Accept("Hello\n"); });
  EXPECT_THAT(counter_->Do("png " + dir_ + "/paper.png"), IsOk());
  EXPECT_GT(std::filesystem::file_size(dir_ + "/paper.png"), 50u);
}

TEST_F(CounterTest, WhatIsNoCommandSaysWhichThereAre) {
  EXPECT_THAT(
      counter_->Do("dance"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("weigh 1.250")));
  EXPECT_THAT(counter_->Do("paper green"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("'paper green' is no command")));
  for (const char* weight : {"weigh 31", "weigh -1", "weigh x", "weigh"}) {
    EXPECT_THAT(counter_->Do(weight),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("want kilograms from 0 to 30")));
  }
}

TEST_F(CounterTest, ItsScaleWeighs) {
  ASSERT_THAT(counter_->Do("weigh 1.250"), IsOk());
  ScaleDriver driver(
      MakeToledo8217(),
      MakeTransport(*ParseDeviceAddress(counter_->scale_address())),
      &SystemClock(), &SystemRandom());
  for (int i = 0; i < 50; ++i) {
    driver.Step(absl::Milliseconds(100));
    if (driver.Report().last.state == ScaleReading::State::kStable) break;
  }
  EXPECT_EQ(driver.Report().last.weight_grams, 1'250);
}

TEST_F(CounterTest, APulseOpensItsDrawerAndAHandShutsIt) {
  const auto is_open = [&] {
    bool high = false;
    counter_->printer().With([&](PrinterEmulator& printer) {
      printer.Accept(absl::string_view("\x10\x04\x01", 3));
      const std::string replies = printer.TakeReplies();
      high = !replies.empty() && (replies.back() & 0x04) != 0;
    });
    return high;
  };
  EXPECT_FALSE(is_open());
  counter_->printer().With([](PrinterEmulator& printer) {
    printer.Accept(absl::string_view("\x1Bp\0\x19\xFA", 5));
  });
  absl::Notification never;
  for (int i = 0; i < 1'000 && !is_open(); ++i) {
    never.WaitForNotificationWithTimeout(absl::Milliseconds(5));
  }
  EXPECT_TRUE(is_open());
  ASSERT_THAT(counter_->Do("drawer shut"), IsOk());
  EXPECT_FALSE(is_open());
}

}  // namespace
}  // namespace branchline
