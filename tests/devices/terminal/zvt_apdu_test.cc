#include "devices/terminal/zvt_apdu.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

std::string Bytes(const char* hex) { return absl::HexStringToBytes(hex); }

// Registration, 110.00 EUR, status enquiry: messages that terminals were seen
// to take (with serial framing taken off).
TEST(ZvtApduTest, WritesWhatTerminalsTake) {
  EXPECT_EQ(EncodeZvt({0x06, 0x00, Bytes("123456BA0978")}),
            Bytes("060006123456BA0978"));
  EXPECT_EQ(EncodeZvt({0x06, 0x01,
                       "\x04" + ZvtBcd(11'000, 6) + "\x49" + ZvtBcd(978, 2)}),
            Bytes("06010A04000000011000490978"));
  EXPECT_EQ(EncodeZvt({0x05, 0x01, Bytes("123456")}), Bytes("050103123456"));
  EXPECT_EQ(EncodeZvt({0x80, 0x00, ""}), Bytes("800000"));
  EXPECT_EQ(EncodeZvt({0x06, 0xD3, std::string(255, 'x')}).substr(0, 5),
            Bytes("06D3FFFF00"));
}

TEST(ZvtFramerTest, CutsMessagesHoweverTheyAreSplit) {
  const std::vector<ZvtApdu> sent = {{0x80, 0x00, ""},
                                     {0x04, 0xFF, "\x0A"},
                                     {0x06, 0xD3, std::string(254, 'a')},
                                     {0x06, 0xD3, std::string(255, 'b')},
                                     {0x06, 0x0F, std::string(3'000, 'c')}};
  std::string stream;
  for (const ZvtApdu& apdu : sent) stream += EncodeZvt(apdu);
  for (const size_t step : {1u, 2u, 7u, 100'000u}) {
    ZvtFramer framer;
    std::vector<ZvtApdu> got;
    for (size_t i = 0; i < stream.size(); i += step) {
      ASSERT_THAT(framer.Feed(absl::string_view(stream).substr(i, step),
                              [&](const ZvtApdu& a) { got.push_back(a); }),
                  IsOk());
    }
    EXPECT_EQ(got, sent);
  }
}

TEST(ZvtFramerTest, AMessageThatIsTooLongEndsTheLine) {
  ZvtFramer framer;
  EXPECT_THAT(framer.Feed(Bytes("06D3FF0141"), [](const ZvtApdu&) {}),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("16641 bytes, at most 16384")));
}

TEST(ZvtFieldsTest, ReadsAStatus) {
  const auto status =
      ParseZvtStatus(Bytes("2700"
                           "04000000011000"
                           "490978"
                           "0B000123"
                           "870017"
                           "2912345678"
                           "22F0F8671234EEEEEE567F"
                           "8BF0F5476972300A"
                           "0604AABBCCDD"));
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->result, 0);
  EXPECT_EQ(status->amount_minor, 11'000);
  EXPECT_EQ(status->currency, "978");
  EXPECT_EQ(status->trace, 123);
  EXPECT_EQ(status->receipt, 17);
  EXPECT_EQ(status->terminal_id, "12345678");
  EXPECT_EQ(status->masked_pan, "671234******567");
  EXPECT_EQ(status->card_name, "Gir0\n");
}

TEST(ZvtFieldsTest, WhatIsNotSaidIsNotThere) {
  const auto status = ParseZvtStatus(Bytes("2705"));
  ASSERT_THAT(status, IsOk());
  EXPECT_EQ(status->result, 5);
  EXPECT_FALSE(status->amount_minor.has_value());
  EXPECT_EQ(ParseZvtStatus("")->result, -1);
}

TEST(ZvtFieldsTest, TlvLengthsHaveThreeForms) {
  EXPECT_THAT(*ParseZvtFields(Bytes("067F") + std::string(127, 'x')),
              ElementsAre(testing::Pair(0x06, SizeIs(127))));
  EXPECT_THAT(*ParseZvtFields(Bytes("068180") + std::string(128, 'x')),
              ElementsAre(testing::Pair(0x06, SizeIs(128))));
  EXPECT_THAT(*ParseZvtFields(Bytes("0682028A") + std::string(650, 'x')),
              ElementsAre(testing::Pair(0x06, SizeIs(650))));
}

struct BadCase {
  const char* hex;
  const char* message;
};
class BadZvtStatus : public ::testing::TestWithParam<BadCase> {};

TEST_P(BadZvtStatus, IsRefused) {
  EXPECT_THAT(ParseZvtStatus(Bytes(GetParam().hex)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, BadZvtStatus,
    ::testing::Values(BadCase{"27", "field 27: it is cut"},
                      BadCase{"0400", "field 04: it is cut"},
                      BadCase{"FE00", "field fe: not known"},
                      BadCase{"27002705", "field 27: it comes twice"},
                      BadCase{"22F0", "field 22: it is cut"},
                      BadCase{"2200F1AA", "field 22: it is cut"},
                      BadCase{"22F9F9AA", "field 22: it is cut"},
                      BadCase{"0683000001AA", "field 06: it is cut"},
                      BadCase{"068105AA", "field 06: it is cut"},
                      BadCase{"0400000001100A", "field 04: ZVT number"}));

TEST(ZvtBcdTest, IsWrittenAndRead) {
  for (const int64_t value : {0l, 7l, 99l, 978l, 11'000l, 999'999'999'999l}) {
    EXPECT_EQ(*FromZvtBcd(ZvtBcd(value, 6)), value);
  }
  EXPECT_EQ(FromZvtBcd(std::string(10, '\0')).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(ZvtResultTextTest, KnowsTheUsualOnes) {
  EXPECT_EQ(ZvtResultText(0x05), "declined");
  EXPECT_EQ(ZvtResultText(0x6C), "aborted, or nobody put a card in");
  EXPECT_EQ(ZvtResultText(0x7F), "code 7f");
}

}  // namespace
}  // namespace branchline
