#include <gtest/gtest.h>
#include <linux/input.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "devices/scanner/line_framer.h"
#include "devices/scanner/scan_inbox.h"
#include "devices/scanner/scanner_driver.h"
#include "devices/scanner/scanner_emulator.h"
#include "devices/scanner/wedge_decoder.h"
#include "devices/transport/device_address.h"
#include "devices/transport/input_transport.h"
#include "sync/base/random.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kLong(LineFramer::kScanSizeMax, '7');

// A part of a stream and how long after the one before it comes.
struct Part {
  std::string bytes;
  absl::Duration pause = absl::ZeroDuration();
};

struct FramerCase {
  const char* name;
  std::vector<Part> parts;
  std::vector<std::string> scans;
  int64_t dropped;
};
class LineFramerTest : public ::testing::TestWithParam<FramerCase> {};

TEST_P(LineFramerTest, CutsScans) {
  LineFramer framer;
  std::vector<std::string> scans;
  absl::Duration now = absl::Seconds(10);
  for (const Part& part : GetParam().parts) {
    now += part.pause;
    framer.Feed(part.bytes, now, [&](absl::string_view scan) {
      scans.push_back(std::string(scan));
    });
  }
  EXPECT_EQ(scans, GetParam().scans);
  EXPECT_EQ(framer.dropped_count(), GetParam().dropped);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, LineFramerTest,
    ::testing::ValuesIn(std::vector<FramerCase>{
        {"OneScan", {{"4006381333931\r"}}, {"4006381333931"}, 0},
        {"CrLfEndsOnce", {{"1\r\n2\r\n"}}, {"1", "2"}, 0},
        {"EqualScansAreTwo", {{"1\r1\r"}}, {"1", "1"}, 0},
        {"SplitAnywhere", {{"40"}, {"06"}, {"\r"}}, {"4006"}, 0},
        {"APauseDoesNotEndIt",
         {{"40"}, {"06\r", absl::Seconds(1)}},
         {"4006"},
         0},
        {"WhatStandsStillIsDropped",
         {{"40"}, {"06\r", absl::Seconds(3)}},
         {"06"},
         1},
        {"NoTerminatorYet", {{"4006"}}, {}, 0},
        {"EmptyLines", {{"\r\n\r\n"}}, {}, 0},
        {"LongestAllowed", {{kLong}, {"\r"}}, {kLong}, 0},
        {"TooLongIsDroppedNextIsRead", {{kLong}, {"7\r"}, {"1\r"}}, {"1"}, 1},
        {"NoiseDropsItsScanOnly",
         {{"4\x01"
           "6\r1\r"}},
         {"1"},
         1},
        {"Fnc1IsKept",
         {{"10A\x1D"
           "21B\r"}},
         {"10A\x1D"
          "21B"},
         0},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(ScanInboxTest, DropsStaleScans) {
  ScanInbox inbox;
  inbox.Put("old", absl::Seconds(1));
  inbox.Put("new", absl::Seconds(4));
  const auto scan = inbox.Take(absl::Seconds(7));
  ASSERT_TRUE(scan.has_value());
  EXPECT_EQ(scan->text, "new");
  EXPECT_FALSE(inbox.Take(absl::Seconds(7)).has_value());
  EXPECT_EQ(inbox.dropped_count(), 1);
}

TEST(ScanInboxTest, EqualScansAreTwoUnlessAWindowIsSet) {
  ScanInbox plain;
  ScanInbox windowed(absl::Milliseconds(500));
  for (ScanInbox* const inbox : {&plain, &windowed}) {
    inbox->Put("1", absl::Seconds(1));
    inbox->Put("1", absl::Milliseconds(1'300));
    inbox->Put("1", absl::Seconds(2));
  }
  const auto count = [](ScanInbox* inbox) {
    int scans = 0;
    while (inbox->Take(absl::Seconds(2)).has_value()) ++scans;
    return scans;
  };
  EXPECT_EQ(count(&plain), 3);
  EXPECT_EQ(count(&windowed), 2);
}

TEST(ScanInboxTest, HoldsSoManyAndKeepsTheNewest) {
  ScanInbox inbox;
  for (size_t i = 0; i < ScanInbox::kScansMax + 1; ++i) {
    inbox.Put(absl::StrCat(i), absl::Seconds(1));
  }
  EXPECT_EQ(inbox.Take(absl::Seconds(1))->text, "1");
  EXPECT_EQ(inbox.dropped_count(), 1);
}

std::string Event(int type, int code, int value) {
  input_event event = {};
  event.type = static_cast<uint16_t>(type);
  event.code = static_cast<uint16_t>(code);
  event.value = value;
  std::string bytes(sizeof(event), '\0');
  std::memcpy(bytes.data(), &event, sizeof(event));
  return bytes;
}
std::string Down(int code) { return Event(EV_KEY, code, 1); }
std::string Up(int code) { return Event(EV_KEY, code, 0); }
std::string Press(int code) {
  return Down(code) + Event(EV_SYN, SYN_REPORT, 0) + Up(code);
}

TEST(WedgeDecoderTest, WritesWhatWasTyped) {
  WedgeDecoder decoder;
  EXPECT_EQ(
      decoder.Feed(Press(KEY_4) + Press(KEY_KP0) + Press(KEY_A) +
                   Down(KEY_LEFTSHIFT) + Press(KEY_A) + Press(KEY_MINUS) +
                   Up(KEY_LEFTSHIFT) + Press(KEY_SLASH) + Press(KEY_ENTER)),
      "40aA_/\r");
}

TEST(WedgeDecoderTest, KnowsFnc1CapsLockAndRepeats) {
  WedgeDecoder decoder;
  EXPECT_EQ(decoder.Feed(Down(KEY_LEFTCTRL) + Press(KEY_RIGHTBRACE) +
                         Press(KEY_C) + Up(KEY_LEFTCTRL)),
            "\x1D");
  EXPECT_EQ(decoder.Feed(Press(KEY_CAPSLOCK) + Press(KEY_A) + Press(KEY_1) +
                         Press(KEY_CAPSLOCK) + Press(KEY_A)),
            "A1a");
  EXPECT_EQ(decoder.Feed(Down(KEY_1) + Event(EV_KEY, KEY_1, 2) + Up(KEY_1)),
            "1");
  EXPECT_EQ(decoder.Feed(Press(KEY_F1)), "");
}

TEST(WedgeDecoderTest, RecordsMayBeSplitAnywhere) {
  WedgeDecoder decoder;
  std::string text;
  for (const char c : Press(KEY_4) + Press(KEY_2)) {
    text += decoder.Feed(absl::string_view(&c, 1));
  }
  EXPECT_EQ(text, "42");
}

TEST(WedgeDecoderTest, ALostEventDropsItsScan) {
  WedgeDecoder decoder;
  LineFramer framer;
  std::vector<std::string> scans;
  framer.Feed(
      decoder.Feed(Press(KEY_4) + Event(EV_SYN, SYN_DROPPED, 0) + Press(KEY_2) +
                   Press(KEY_ENTER) + Press(KEY_1) + Press(KEY_ENTER)),
      absl::Seconds(1),
      [&](absl::string_view scan) { scans.push_back(std::string(scan)); });
  EXPECT_THAT(scans, ElementsAre("1"));
}

TEST(InputTransportTest, RefusesWhatIsNoInputDevice) {
  InputTransport transport("/dev/null");
  EXPECT_THAT(transport.Open(), StatusIs(absl::StatusCode::kInvalidArgument,
                                         HasSubstr("/dev/input/by-path")));
  InputTransport gone("/dev/input/no_such_event");
  EXPECT_THAT(gone.Open(), StatusIs(absl::StatusCode::kUnavailable,
                                    HasSubstr("no_such_event")));
}

TEST(ScannerDriverTest, ReadsAcrossAnUnpluggedCable) {
  auto port =
      OpenPtyPort(absl::StrCat(::testing::TempDir(), "scanner_", getpid()));
  ASSERT_THAT(port, IsOk());
  ScannerEmulator scanner(*std::move(port));
  ScanInbox inbox;
  ScannerDriver driver(ScannerDriver::Kind::kSerial,
                       MakeTransport(*ParseDeviceAddress(scanner.address())),
                       &inbox, &SystemClock(), &SystemRandom());
  const auto next = [&]() -> std::string {
    const absl::Duration end = SystemClock().MonotonicNow() + absl::Seconds(9);
    while (SystemClock().MonotonicNow() < end) {
      driver.Step(absl::Milliseconds(50));
      const auto scan = inbox.Take(SystemClock().MonotonicNow());
      if (scan.has_value()) return scan->text;
    }
    return "nothing";
  };
  driver.Step(absl::ZeroDuration());
  scanner.Scan("]E0", "4006381333931");
  EXPECT_EQ(next(), "]E04006381333931");
  scanner.Send("]E0400");  // cut in the middle
  driver.Step(absl::Milliseconds(50));
  scanner.Unplug();
  while (driver.status().open) driver.Step(absl::Milliseconds(50));
  while (!driver.status().open) driver.Step(absl::Milliseconds(50));
  scanner.Scan("]E0", "96385074");
  EXPECT_EQ(next(), "]E096385074");
  EXPECT_EQ(driver.status().opened_count, 2);
}

}  // namespace
}  // namespace branchline
