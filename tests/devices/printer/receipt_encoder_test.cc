#include "devices/printer/receipt_encoder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "devices/printer/emulator/printer_emulator.h"
#include "devices/printer/escpos_writer.h"
#include "devices/text/utf8.h"
#include "tests/devices/printer/sample_receipt.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// Fonts that every machine which builds the tree has.
GlyphSource* Fonts() {
  static GlyphSource* const fonts = [] {
    auto opened = OpenFonts(DefaultFontFiles());
    return opened.ok() ? opened->release() : nullptr;
  }();
  return fonts;
}

std::string Encode(const ReceiptDocument& document, const char* profile,
                   GlyphSource* glyphs = nullptr) {
  auto encoder = ReceiptEncoder::Make(*FindProfile(profile), glyphs);
  EXPECT_THAT(encoder, IsOk());
  auto bytes = encoder->Encode(document);
  EXPECT_THAT(bytes, IsOk());
  return bytes.ok() ? *bytes : "";
}

std::string EncodeText(const std::string& text, const char* profile,
                       TextStyle style = {}) {
  return Encode({{TextBlock{{{text, style}}}}}, profile);
}

// What an emulated printer of the same profile makes of it.
std::vector<std::string> Render(const std::string& bytes, const char* profile) {
  auto emulator = PrinterEmulator::Make({*FindProfile(profile)}, nullptr);
  EXPECT_THAT(emulator, IsOk());
  EXPECT_EQ(emulator->Accept(bytes), bytes.size());
  EXPECT_EQ(emulator->unknown_commands(), 0);
  return emulator->paper().lines();
}

int WidthOf(const std::string& line) {
  int columns = 0;
  for (const char32_t c : CodePoints(line)) columns += ColumnsOf(c);
  return columns;
}

struct BytesCase {
  const char* name;
  const char* profile;
  ReceiptBlock block;
  std::string bytes;  // after ESC @
};

TextBlock Words(std::string text, TextStyle style = {}) {
  return TextBlock{{{std::move(text), style}}};
}

class EncodedBytes : public ::testing::TestWithParam<BytesCase> {};

TEST_P(EncodedBytes, AreThoseOfTheManual) {
  const std::string bytes = Encode({{GetParam().block}}, GetParam().profile);
  EXPECT_EQ(absl::CHexEscape(bytes),
            absl::CHexEscape("\x1B@" + GetParam().bytes));
}

using namespace std::string_literals;  // bytes with NULs

INSTANTIATE_TEST_SUITE_P(
    Commands, EncodedBytes,
    ::testing::ValuesIn(std::vector<BytesCase>{
        {"Ascii", "plain", Words("Tea"), "Tea\n"},
        {"Bold", "plain", Words("a", {.bold = true}),
         "\x1B"s
         "E\1a\x1B"s
         "E\0\n"s},
        {"Underline", "plain", Words("a", {.underline = true}),
         "\x1B-\1a\x1B-\0\n"s},
        {"Inverse", "plain", Words("a", {.inverse = true}),
         "\x1D"s
         "B\1a\x1D"s
         "B\0\n"s},
        {"Size", "plain", Words("a", {.width_times = 2, .height_times = 3}),
         "\x1D!\x12"s
         "a\x1D!\0\n"s},
        {"CodePage", "generic-80mm", Words("\u00E9"), "\x1Bt\0\x82\n"s},
        {"NextCodePage", "generic-80mm", Words("\u20AC"), "\x1Bt\x10\x80\n"s},
        // Off at once: what it powers up with is the maker's choice.
        {"DoubleByteOffFirst", "china-80mm", Words("Tea"), "\x1C.Tea\n"s},
        {"DoubleByte", "china-80mm", Words("\u8336"), "\x1C.\x1C&\xB2\xE8\n"s},
        {"YenBecomesWide", "china-80mm", Words("\u00A5"),
         "\x1C.\x1C&\xA3\xA4\n"s},
        {"DoubleByteSize", "china-80mm", Words("\u8336", {.width_times = 2}),
         "\x1C.\x1D!\x10\x1C!\x04\x1C&\xB2\xE8\x1D!\0\x1C!\0\n"s},
        {"Replaced", "plain", Words("\u8336 \u00E9"), "?? ?\n"},
        {"Feed", "plain", FeedBlock{3},
         "\x1B"s
         "d\3"},
        {"NoKnife", "plain", CutBlock{},
         "\x1B"s
         "d\4"},
        {"Cut", "generic-80mm", CutBlock{}, "\x1DVB\0"s},
        {"Drawer", "plain", DrawerBlock{2, 50, 500}, "\x1Bp\0\x19\xFA"s},
        {"DrawerPin5", "plain", DrawerBlock{5, 100, 100}, "\x1Bp\1\x32\x32"s},
        {"Ean13", "plain", BarcodeBlock{Symbology::kEan13, "4006381333931"},
         "\x1B"s
         "a\1\x1Dh\x50\x1Dw\2\x1DH\2\x1DkC\x0D"s
         "4006381333931"},
        {"Code128", "plain",
         BarcodeBlock{Symbology::kCode128, "A{1", 9, 3, false},
         "\x1B"s
         "a\1\x1Dh\x09\x1Dw\3\x1DH\0\x1DkI\x06{BA{{1"s},
        {"Qr", "generic-80mm", QrBlock{"hi", 5, QrCorrection::kHigh},
         "\x1B"s
         "a\1\x1D(k\4\0\x31\x41\x32\0\x1D(k\3\0\x31\x43\5"s
         "\x1D(k\3\0\x31\x45\x33\x1D(k\5\0\x31\x50\x30hi\x1D(k\3\0\x31\x51\x30"s},
        {"QrOnAPlainPrinterIsText", "plain", QrBlock{"hi"}, "hi\n"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(ReceiptEncoderTest, APictureGoesInBandsThatAPrinterCanDropOutOf) {
  Bitmap picture(384, 100);
  for (int i = 0; i < 100; ++i) picture.Set(i, i);
  const std::string bytes =
      Encode({{ImageBlock{picture, Align::kLeft}}}, "generic-58mm");
  // 48 bytes a row: 42 rows a band.
  EXPECT_EQ(bytes.substr(2, 8), "\x1Dv0\0\x30\0\x2A\0"s);
  EXPECT_EQ(bytes.size(), 2 + 3 * 8 + 48u * 100);
  EXPECT_EQ(Render(bytes, "generic-58mm"),
            std::vector<std::string>{"[picture 384 dots wide]"});
}

TEST(ReceiptEncoderTest, APictureNeverSpeaksToThePrinterInRealTime) {
  std::string bits = "\x10\x04\1a\x10\x14\1\0\1\x10\x05\2\x10\x10\x04"s;
  BreakRealTimeCommands(&bits);
  EXPECT_EQ(bits, "\x10\x0C\1a\x10\x1C\1\0\1\x10\x0D\2\x10\x10\x0C"s);
}

// The columns of amounts stand in line on every printer, whichever way the
// characters reach it.
class EveryProfile : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryProfile, ColumnsAddUp) {
  const char* const name = GetParam().c_str();
  const PrinterProfile profile = *FindProfile(name);
  std::vector<ReceiptBlock> rows;
  for (const char* const text :
       {"Tea", "Caf\u00E9 \u20AC", "\u9F99\u4E95\u7EFF\u8336", "\u8336 \u00A5",
        "\u0416\u0443\u043A", "\U0001F375 tea", "\u0E0A\u0E32"}) {
    rows.push_back(RowBlock{{{text, 0}, {"1.99", 8, Align::kRight}}});
  }
  int amounts = 0;
  for (const std::string& line : Render(Encode({rows}, name, nullptr), name)) {
    if (!absl::EndsWith(line, "1.99")) continue;
    ++amounts;
    EXPECT_EQ(WidthOf(line), profile.columns) << line;
  }
  EXPECT_EQ(amounts, 7);
}

TEST_P(EveryProfile, NothingIsWiderThanThePaper) {
  const char* const name = GetParam().c_str();
  for (GlyphSource* const fonts :
       {static_cast<GlyphSource*>(nullptr), Fonts()}) {
    const std::string bytes = Encode(SampleReceipt(), name, fonts);
    for (const std::string& line : Render(bytes, name)) {
      if (absl::StartsWith(line, "[")) continue;
      EXPECT_LE(WidthOf(line), FindProfile(name)->columns) << line;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, EveryProfile, ::testing::ValuesIn([] {
                           std::vector<std::string> names;
                           for (const PrinterProfile& p : Profiles()) {
                             names.push_back(p.name);
                           }
                           return names;
                         }()),
                         [](const auto& param) {
                           std::string name = param.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

TEST(ReceiptEncoderTest, WhatAPrinterLacksIsDrawnInItsColumns) {
  ASSERT_NE(Fonts(), nullptr) << "install fonts-dejavu-core, fonts-wqy-zenhei";
  const std::string bytes =
      Encode({{RowBlock{{{"\u8336", 0}, {"1.99", 8, Align::kRight}}}}},
             "generic-80mm", Fonts());
  auto emulator =
      PrinterEmulator::Make({*FindProfile("generic-80mm")}, nullptr);
  emulator->Accept(bytes);
  const Bitmap& picture = emulator->paper().picture();
  ASSERT_THAT(emulator->paper().lines(),
              ElementsAre("[picture 576 dots wide]"));
  const auto has_ink = [&picture](int from_column, int to_column) {
    for (int x = from_column * 12; x < to_column * 12; ++x) {
      for (int y = 0; y < picture.height(); ++y) {
        if (picture.Get(x, y)) return true;
      }
    }
    return false;
  };
  EXPECT_TRUE(has_ink(0, 2));    // the character
  EXPECT_FALSE(has_ink(2, 44));  // blanks
  EXPECT_TRUE(has_ink(44, 45));  // each digit in its own column
  EXPECT_TRUE(has_ink(47, 48));
}

TEST(ReceiptEncoderTest, LinesBreakAtBlanksAndBesideWideCharacters) {
  const auto lines = [](const std::string& text) {
    return Render(EncodeText(text, "china-58mm"), "china-58mm");
  };
  EXPECT_THAT(lines("one two three four five six seven eight"),
              ElementsAre("one two three four five six", "seven eight"));
  std::string chinese;
  for (int i = 0; i < 20; ++i) chinese += "\u8336";
  EXPECT_THAT(lines(chinese),
              ElementsAre(chinese.substr(0, 48), chinese.substr(48)));
  EXPECT_THAT(lines(std::string(40, 'x')),
              ElementsAre(std::string(32, 'x'), std::string(8, 'x')));
  EXPECT_THAT(lines("a\n\nb"), ElementsAre("a", "", "b"));
  EXPECT_THAT(lines(""), ElementsAre(""));
}

TEST(ReceiptEncoderTest, ACopySaysSoAndOpensNoDrawer) {
  auto encoder = ReceiptEncoder::Make(*FindProfile("generic-80mm"), nullptr);
  const auto copy = encoder->EncodeCopy(SampleReceipt(), "* COPY *");
  ASSERT_THAT(copy, IsOk());
  auto emulator =
      PrinterEmulator::Make({*FindProfile("generic-80mm")}, nullptr);
  emulator->Accept(*copy);
  EXPECT_EQ(emulator->pulse_count(), 0);
  const std::vector<std::string>& lines = emulator->paper().lines();
  ASSERT_GT(lines.size(), 3u);
  EXPECT_THAT(lines.front(), HasSubstr("* COPY *"));
  EXPECT_THAT(lines[lines.size() - 2], HasSubstr("* COPY *"));
  EXPECT_EQ(lines.back(), "[cut]");

  const auto original = encoder->Encode(SampleReceipt());
  auto other = PrinterEmulator::Make({*FindProfile("generic-80mm")}, nullptr);
  other->Accept(*original);
  EXPECT_EQ(other->pulse_count(), 1);
  EXPECT_THAT(other->paper().Text(), Not(HasSubstr("COPY")));
}

struct RefusedCase {
  const char* name;
  ReceiptBlock block;
  const char* message;
};

class RefusedBlock : public ::testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedBlock, SaysWhatIsWanted) {
  auto encoder = ReceiptEncoder::Make(*FindProfile("generic-80mm"), nullptr);
  EXPECT_THAT(
      encoder->Encode({{FeedBlock{1}, GetParam().block}}),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("block 2"), HasSubstr(GetParam().message))));
}

INSTANTIATE_TEST_SUITE_P(
    Rules, RefusedBlock,
    ::testing::ValuesIn(std::vector<RefusedCase>{
        {"LongText", Words(std::string(4'097, 'a')), "at most 4096"},
        {"TextSize", Words("a", {.width_times = 9}), "want 1 to 8"},
        {"TextSizeNone", Words("a", {.height_times = 0}), "want 1 to 8"},
        {"CheckDigit", BarcodeBlock{Symbology::kEan13, "4006381333932"},
         "12 digits, or 13 with their check digit"},
        {"Ean8Letters", BarcodeBlock{Symbology::kEan8, "96385O7"}, "7 digits"},
        {"UpcALength", BarcodeBlock{Symbology::kUpcA, "123"}, "11 digits"},
        {"UpcESystem", BarcodeBlock{Symbology::kUpcE, "2345678"}, "0 or 1"},
        {"ItfOdd", BarcodeBlock{Symbology::kItf, "123"}, "even"},
        {"Code39Lower", BarcodeBlock{Symbology::kCode39, "abc"}, "capitals"},
        {"Codabar", BarcodeBlock{Symbology::kCodabar, "A1Z"}, "A to D"},
        {"Code128Control", BarcodeBlock{Symbology::kCode128, "a\x10\x04\1"},
         "printable ASCII"},
        {"EmptyBarcode", BarcodeBlock{Symbology::kCode128, ""}, "1 to 80"},
        {"LongBarcode", BarcodeBlock{Symbology::kCode128, std::string(81, 'a')},
         "1 to 80"},
        {"BarcodeSize", BarcodeBlock{Symbology::kCode128, "a", 80, 7},
         "2 to 6"},
        {"EmptyQr", QrBlock{""}, "1 to 1024"},
        {"LongQr", QrBlock{std::string(1'025, 'a')}, "1 to 1024"},
        {"QrControl", QrBlock{"a\x10\x04\1"}, "control character 16"},
        {"QrModule", QrBlock{"a", 17}, "1 to 16"},
        {"WideImage", ImageBlock{Bitmap(577, 8)}, "at most 576 x"},
        {"HighImage", ImageBlock{Bitmap(8, 2'401)}, "x 2400"},
        {"EmptyImage", ImageBlock{}, "0 x 0"},
        {"Feed", FeedBlock{256}, "0 to 255"},
        {"Pin", DrawerBlock{3}, "pin 2 or 5"},
        {"PulseTime", DrawerBlock{2, 50, 600}, "2 to 510"},
        {"Rule", RuleBlock{'\n'}, "ASCII"},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(ReceiptEncoderTest, RefusesTooMuchOnOneSlip) {
  auto encoder = ReceiptEncoder::Make(*FindProfile("generic-80mm"), nullptr);
  ReceiptDocument many;
  many.blocks.assign(kReceiptBlocksMax + 1, FeedBlock{1});
  EXPECT_THAT(
      encoder->Encode(many),
      StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("2001 blocks")));
  ReceiptDocument big;
  big.blocks.assign(10, ImageBlock{Bitmap(576, 2'400)});
  EXPECT_THAT(
      encoder->Encode(big),
      StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("print less")));
}

TEST(ReceiptEncoderTest, RefusesAProfileThatMakesNoSense) {
  PrinterProfile profile = *FindProfile("plain");
  profile.columns = 4;
  EXPECT_THAT(
      ReceiptEncoder::Make(profile, nullptr),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("16 to 96")));
  EXPECT_THAT(FindProfile("laser"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("epson-80mm")));
}

// Golden bytes of a whole receipt, one file per profile, as hex. A change of
// what printers get is seen here; BRANCHLINE_REWRITE=1 accepts it.
TEST_P(EveryProfile, PrintsWhatItPrintedBefore) {
  const std::string path =
      absl::StrCat(DEVICES_TESTDATA, "/receipt_", GetParam(), ".hex");
  std::string got;
  const std::string hex =
      absl::BytesToHexString(Encode(SampleReceipt(), GetParam().c_str()));
  for (size_t i = 0; i < hex.size(); i += 78) {
    absl::StrAppend(&got, hex.substr(i, 78), "\n");
  }
  if (std::getenv("BRANCHLINE_REWRITE") != nullptr) {
    std::ofstream(path) << got;
  }
  std::stringstream want;
  want << std::ifstream(path).rdbuf();
  EXPECT_EQ(got, want.str()) << path;
}

// Pictures of characters are drawn a byte at a time; that must be what drawing
// dot by dot gives, at every place, cut off at every edge.
TEST(BitmapTest, DrawsTheSameByBytesAsByDots) {
  for (const int width : {1, 7, 8, 12, 24}) {
    Bitmap glyph(width, 5);
    for (int i = 0; i < width * 5; i += 3) glyph.Set(i % width, i / width);
    // Beyond its width a row may hold anything.
    Bitmap dirty = glyph;
    for (int y = 0; y < 5 && width % 8 != 0; ++y) {
      dirty
          .mutable_bits()[static_cast<size_t>(y + 1) * dirty.row_bytes() - 1] |=
          1;
    }
    for (int x = -3; x < 44; ++x) {
      for (int y = -2; y < 9; ++y) {
        Bitmap drawn(41, 8);
        drawn.Set(0, 0);
        Bitmap expected = drawn;
        drawn.Draw(dirty, x, y);
        for (int i = 0; i < width * 5; ++i) {
          if (glyph.Get(i % width, i / width)) {
            expected.Set(x + i % width, y + i / width);
          }
        }
        ASSERT_EQ(drawn, expected) << width << " at " << x << ", " << y;
      }
    }
  }
}

}  // namespace
}  // namespace branchline
