#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "devices/display/cd5220.h"
#include "devices/display/display_driver.h"
#include "devices/emulator/emulator_port.h"
#include "devices/transport/device_address.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct LineCase {
  const char* name;
  const char* code_page;
  std::string text;
  std::string bytes;  // 20 of them
};
class DisplayLineTest : public ::testing::TestWithParam<LineCase> {};

TEST_P(DisplayLineTest, TakesTwentyColumns) {
  auto encoder = Cd5220Encoder::Make(GetParam().code_page, std::nullopt);
  ASSERT_THAT(encoder, IsOk());
  const std::string bytes = encoder->Encode({GetParam().text, ""});
  EXPECT_EQ(absl::CHexEscape(bytes),
            absl::CHexEscape("\x1BQA" + GetParam().bytes + "\r\x1BQB" +
                             std::string(20, ' ') + "\r"));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, DisplayLineTest,
    ::testing::ValuesIn(std::vector<LineCase>{
        {"Short", "", "Tea", "Tea                 "},
        {"Long", "", "A tea of a very long name", "A tea of a very long"},
        {"Accent", "", "Caf\u00E9", "Cafe                "},
        {"CodePage", "CP850", "Caf\u00E9", "Caf\x82                "},
        {"Lacking", "", "\u20AC 1", "? 1                 "},
        {"Wide", "", "\u8336 1", "?? 1                "},
        {"WideAtTheEdge", "", "1234567890123456789\u8336",
         "1234567890123456789 "},
        {"WideByItsPage", "GB18030", "\u8336 1", "\xB2\xE8 1                "},
        // No text can leave its line or clear the glass.
        {"Commands", "",
         "a\x1B@\r\x0C"
         "b",
         "a?@??b              "},
        {"CommandsByAPage", "CP437", "a\x1B", "a?                  "},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(DisplayLineTest, TheAmountIsWhole) {
  EXPECT_EQ(DisplayLine("Tea", "3.98"), "Tea             3.98");
  EXPECT_EQ(DisplayLine("A tea of a long name", "12.50"),
            "A tea of a lon 12.50");
  EXPECT_EQ(
      DisplayLine("\u9F99\u4E95\u7EFF\u8336\u9F99\u4E95\u7EFF\u8336", "12.50"),
      "\u9F99\u4E95\u7EFF\u8336\u9F99\u4E95\u7EFF 12.50");
  EXPECT_EQ(DisplayLine("", ""), std::string(20, ' '));
}

TEST(Cd5220Test, StartsAndKnowsItsPages) {
  EXPECT_EQ(Cd5220Encoder::Make("CP858", 19)->Start(), "\x1B@\x1Bt\x13\x0C");
  EXPECT_THAT(Cd5220Encoder::Make("CP999", 1),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("CP999")));
}

TEST(Cd5220EmulatorTest, ShowsWhatItIsTold) {
  auto encoder = Cd5220Encoder::Make("", std::nullopt);
  Cd5220Emulator display;
  for (const char c : encoder->Start() + encoder->Encode({"Tea", "3.98"})) {
    display.Accept(absl::string_view(&c, 1));
  }
  EXPECT_THAT(display.lines(),
              ElementsAre("Tea                 ", "3.98                "));
  display.Accept("\x0C");
  EXPECT_EQ(display.lines()[0], std::string(20, ' '));
  display.Accept("\x1BQX" + std::string(1'000, 'z'));  // noise ends
  display.Accept("\r" + encoder->Encode({"Tea", ""}));
  EXPECT_EQ(display.lines()[0], "Tea                 ");
}

TEST(DisplayDriverTest, ShowsAgainWhatStoodThereAfterAnUnplug) {
  auto port =
      OpenPtyPort(absl::StrCat(::testing::TempDir(), "display_", getpid()));
  ASSERT_THAT(port, IsOk());
  DisplayDriver driver(*Cd5220Encoder::Make("", std::nullopt),
                       MakeTransport(*ParseDeviceAddress((*port)->address())),
                       &SystemClock(), &SystemRandom());
  const auto shown = [&] {
    Cd5220Emulator display;
    char buffer[256];
    for (int i = 0; i < 20 && display.lines()[0][0] != 'T'; ++i) {
      driver.Step(absl::Milliseconds(100));
      const auto count =
          (*port)->Read(buffer, sizeof(buffer), absl::Milliseconds(20));
      if (count.ok()) display.Accept(absl::string_view(buffer, *count));
    }
    return display.lines()[0];
  };
  driver.Show({"Tea", "3.98"});
  EXPECT_EQ(shown(), "Tea                 ");
  (*port)->HangUp();
  driver.Show({"Tea", "4.98"});  // the write that finds out
  EXPECT_EQ(shown(), "Tea                 ");
  EXPECT_EQ(driver.status().opened_count, 2);
}

}  // namespace
}  // namespace branchline
