#include "devices/printer/printer_reply.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "devices/printer/printer_status.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using namespace std::string_literals;

std::string Say(const PrinterReply& reply) {
  if (const auto* r = std::get_if<RealTimeReply>(&reply)) {
    return absl::StrCat("real-time ", absl::Hex(r->bits));
  }
  if (const auto* r = std::get_if<StatusBackReply>(&reply)) {
    return absl::StrCat("back: ", ToText(r->status));
  }
  if (const auto* r = std::get_if<BufferedReply>(&reply)) {
    return absl::StrCat("buffered ", absl::Hex(r->bits));
  }
  if (const auto* r = std::get_if<ProcessReply>(&reply)) {
    return absl::StrCat("printed ", r->token);
  }
  return absl::StrCat("info ", std::get<InfoReply>(reply).text);
}

struct StreamCase {
  const char* name;
  std::string bytes;
  std::vector<std::string> replies;
  int64_t dropped;
};

class ReplyStream : public ::testing::TestWithParam<StreamCase> {};

TEST_P(ReplyStream, IsCutWhole) {
  std::vector<std::string> replies;
  PrinterReplyParser parser;
  parser.Feed(GetParam().bytes,
              [&](const PrinterReply& r) { replies.push_back(Say(r)); });
  EXPECT_EQ(replies, GetParam().replies);
  EXPECT_EQ(parser.dropped_bytes(), GetParam().dropped);
}

TEST_P(ReplyStream, IsCutTheSameByteByByte) {
  std::vector<std::string> replies;
  PrinterReplyParser parser;
  for (const char c : GetParam().bytes) {
    parser.Feed(absl::string_view(&c, 1),
                [&](const PrinterReply& r) { replies.push_back(Say(r)); });
  }
  EXPECT_EQ(replies, GetParam().replies);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ReplyStream,
    ::testing::ValuesIn(std::vector<StreamCase>{
        {"Nothing", "", {}, 0},
        {"RealTime",
         "\x12\x32\x7E",
         {"real-time 12", "real-time 32", "real-time 7e"},
         0},
        {"Back", "\x10\0\0\0"s, {"back: ready"}, 0},
        {"BackTwice",
         "\x18\0\x0F\0\x10\0\3\0"s,
         {"back: paper out", "back: paper is low"},
         0},
        {"Buffered", "\x00\x0C"s, {"buffered 0", "buffered c"}, 0},
        {"Process",
         "\x37\x22"
         "abcd\0"s,
         {"printed abcd"},
         0},
        {"Info", "_TM-T88\0"s, {"info TM-T88"}, 0},
        {"FlowControl", "\x11\x13\x12", {"real-time 12"}, 0},
        {"Noise", "\xFF\x80\x12", {"real-time 12"}, 2},
        {"BackBrokenOff", "\x10\0\x12"s, {"real-time 12"}, 2},
        {"BackBrokenByAnother", "\x10\0\x10\0\0\0"s, {"back: ready"}, 2},
        {"ProcessBrokenOff",
         "\x37\x22"
         "ab\x12",
         {"real-time 12"},
         4},
        {"ProcessTooLong",
         "\x37\x22"
         "abcde\0"s,
         {},
         8},
        {"InfoTooLong",
         "_" + std::string(80, 'a') + "\x12",
         // What follows the eightieth byte is read afresh.
         {"real-time 12"},
         81},
    }),
    [](const auto& param) { return std::string(param.param.name); });

struct StatusCase {
  const char* name;
  std::vector<int> answers;  // to DLE EOT 1 to 4
  std::string text;
  bool can_print;
  bool pin_high;
};

class RealTimeStatusTest : public ::testing::TestWithParam<StatusCase> {};

TEST_P(RealTimeStatusTest, IsRead) {
  PrinterStatus status;
  for (int i = 0; i < 4; ++i) {
    ApplyRealTimeStatus(i + 1, static_cast<uint8_t>(GetParam().answers[i]),
                        &status);
  }
  EXPECT_EQ(ToText(status), GetParam().text);
  EXPECT_EQ(status.CanPrint(), GetParam().can_print);
  EXPECT_EQ(status.drawer_pin_high, GetParam().pin_high);
}

// Answers as printers give them (Epson's command reference, DLE EOT).
INSTANTIATE_TEST_SUITE_P(
    Golden, RealTimeStatusTest,
    ::testing::ValuesIn(std::vector<StatusCase>{
        {"Ready", {0x12, 0x12, 0x12, 0x12}, "ready", true, false},
        {"DrawerHigh", {0x16, 0x12, 0x12, 0x12}, "ready", true, true},
        {"OffLine", {0x1A, 0x12, 0x12, 0x12}, "off line", false, false},
        {"Cover", {0x1A, 0x16, 0x12, 0x12}, "cover open", false, false},
        {"PaperOut", {0x1A, 0x32, 0x12, 0x7E}, "paper out", false, false},
        {"PaperLow", {0x12, 0x12, 0x12, 0x1E}, "paper is low", true, false},
        {"Broken",
         {0x1A, 0x52, 0x32, 0x12},
         "broken: switch it off and on",
         false,
         false},
        {"Cutter", {0x1A, 0x52, 0x1A, 0x12}, "knife stuck", false, false},
        {"Error", {0x1A, 0x52, 0x12, 0x12}, "error", false, false},
        {"Hot", {0x1A, 0x52, 0x52, 0x12}, "error", false, false},
        {"FeedButton",
         {0x1A, 0x1A, 0x12, 0x12},
         "feed button held",
         false,
         false},
        {"Both",
         {0x1A, 0x36, 0x12, 0x7E},
         "paper out, cover open",
         false,
         false},
    }),
    [](const auto& param) { return std::string(param.param.name); });

}  // namespace
}  // namespace branchline
