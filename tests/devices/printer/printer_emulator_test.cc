#include "devices/printer/emulator/printer_emulator.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "devices/emulator/emulator_port.h"
#include "devices/printer/emulator/png_file.h"
#include "devices/printer/emulator/printer_emulator_server.h"
#include "devices/printer/file_print_job_store.h"
#include "devices/printer/printer_driver.h"
#include "devices/printer/receipt_encoder.h"
#include "devices/transport/device_address.h"
#include "sync/base/random.h"
#include "tests/devices/printer/sample_receipt.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

PrinterEmulator Make(const char* profile, GlyphSource* glyphs = nullptr) {
  return *PrinterEmulator::Make({*FindProfile(profile)}, glyphs);
}

TEST(PrinterEmulatorTest, AnswersByteForByte) {
  PrinterEmulator printer = Make("epson-80mm");
  const auto ask = [&printer](const std::string& bytes) {
    printer.Accept(bytes);
    return printer.TakeReplies();
  };
  const std::string all = "\x10\4\1\x10\4\2\x10\4\3\x10\4\4";
  EXPECT_EQ(ask(all), "\x12\x12\x12\x12");
  EXPECT_EQ(ask("\x1Dr1"), "\0"s);
  EXPECT_EQ(ask("\x1D(H\6\0\x30\x30"
                "abcd"s),
            "\x37\x22"
            "abcd\0"s);
  EXPECT_EQ(ask("\x1DI\x43"), "_emulated\0"s);
  printer.SetPaperLow(true);
  EXPECT_EQ(ask(all), "\x12\x12\x12\x1E");
  printer.SetPaperLeft(0);
  EXPECT_EQ(ask(all), "\x1A\x32\x12\x7E");
  // Out of paper: what is buffered waits, real time does not.
  EXPECT_EQ(ask("\x1Dr1"), "");
  EXPECT_EQ(ask("\x10\x14\1\0\1"s), "");
  EXPECT_EQ(printer.pulse_count(), 1);
}

TEST(PrinterEmulatorTest, SaysByItselfWhatChanges) {
  PrinterEmulator printer = Make("epson-80mm");
  printer.SetPaperLow(true);
  EXPECT_EQ(printer.TakeReplies(), "");
  printer.Accept(
      "\x1D"
      "a\x0F");
  EXPECT_EQ(printer.TakeReplies(), "\x10\0\3\0"s);
  printer.SetCoverOpen(true);
  EXPECT_EQ(printer.TakeReplies(), "\x38\0\3\0"s);
}

// The trap that the driver is built around: what follows a picture that was cut
// off by the power comes out as letters.
TEST(PrinterEmulatorTest, APictureCutByThePowerBecomesLetters) {
  PrinterEmulator printer = Make("generic-80mm");
  printer.Accept("\x1Dv0\0\2\0\2\0ab"s);
  printer.SetPower(false);
  printer.SetPower(true);
  printer.Accept("cd\n");
  EXPECT_THAT(printer.paper().lines(), ElementsAre("cd"));
}

// Found by escpos_fuzz: a tab among characters of which a line has fewer than
// eight never ended.
TEST(PrinterEmulatorTest, ATabOfWideBlanksEnds) {
  PrinterEmulator printer = Make("china-58mm");
  printer.Accept("\x1D!\x77\tx\n");
  EXPECT_THAT(printer.paper().Text(), HasSubstr("x"));
}

// All styles and kinds of a slip, to be looked at: the path is printed.
TEST(PrinterEmulatorTest, RendersAReceiptToAPicture) {
  auto fonts = OpenFonts(DefaultFontFiles());
  ASSERT_THAT(fonts, IsOk());
  for (const char* const profile : {"epson-80mm", "china-80mm"}) {
    auto encoder = ReceiptEncoder::Make(*FindProfile(profile), fonts->get());
    PrinterEmulator printer = Make(profile, fonts->get());
    printer.Accept(*encoder->Encode(SampleReceipt()));
    const std::string path =
        absl::StrCat(::testing::TempDir(), "receipt_", profile, ".png");
    ASSERT_THAT(WritePng(path, printer.paper().picture()), IsOk());
    std::cout << path << "\n";
    std::ifstream file(path, std::ios::binary);
    EXPECT_EQ(file.get(), 0x89);
    EXPECT_EQ(printer.unknown_commands(), 0);
    const std::string text = printer.paper().Text();
    EXPECT_THAT(text, HasSubstr("TOTAL"));
    EXPECT_THAT(text, HasSubstr("[barcode 4006381333931]"));
    EXPECT_THAT(text, HasSubstr("[QR https://example.com/r/S001-17]"));
    EXPECT_THAT(text, HasSubstr("[drawer, pin 2]\n[cut]\n"));
  }
  EXPECT_THAT(WritePng("/nowhere/x.png", Bitmap(8, 8)),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("/nowhere")));
  EXPECT_THAT(WritePng("/tmp/x.png", Bitmap()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("empty")));
}

// The first bars of EAN-13 4006381333931 (set A 0, 0, ...): the guard, then.
TEST(PrinterEmulatorTest, DrawsBarsThatAScannerReads) {
  PrinterEmulator printer = Make("generic-80mm");
  printer.Accept(
      "\x1Dw\1\x1Dh\x0A\x1DkC\x0D"
      "4006381333931"s);
  const Bitmap& picture = printer.paper().picture();
  std::string modules;
  for (int x = 0; x < 95; ++x) modules += picture.Get(x, 0) ? '1' : '0';
  EXPECT_EQ(modules,
            "101"
            "0001101"
            "0100111"
            "0101111"
            "0111101"
            "0001001"
            "0110011"
            "01010"
            "1000010"
            "1000010"
            "1000010"
            "1110100"
            "1000010"
            "1100110"
            "101");
}

// Streams that other projects' printer libraries made: set the variable to a
// folder of *.bin files.
TEST(PrinterEmulatorTest, RendersForeignStreams) {
  const char* const folder = std::getenv("BRANCHLINE_ESCPOS_SAMPLES");
  // Other projects' files are not in this tree.
  if (folder == nullptr) GTEST_SKIP() << "BRANCHLINE_ESCPOS_SAMPLES is not set";
  auto fonts = OpenFonts(DefaultFontFiles());
  int streams = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".bin") continue;
    ++streams;
    SCOPED_TRACE(entry.path().string());
    std::stringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    PrinterEmulator whole = Make("epson-80mm", fonts->get());
    whole.Accept(bytes.str());
    PrinterEmulator split = Make("epson-80mm", fonts->get());
    for (const char c : bytes.str()) split.Accept(absl::string_view(&c, 1));
    EXPECT_GT(whole.paper().picture().height(), 0);
    EXPECT_EQ(whole.unknown_commands(), 0);
    EXPECT_EQ(whole.paper().Text(), split.paper().Text());
    EXPECT_EQ(whole.paper().picture(), split.paper().picture());
    const std::string path = absl::StrCat(::testing::TempDir(), "sample_",
                                          entry.path().stem().string(), ".png");
    EXPECT_THAT(WritePng(path, whole.paper().picture()), IsOk());
  }
  EXPECT_GT(streams, 0);
}

// Over real wires, with threads: the whole stack.
class WiredPrinterTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string base =
        absl::StrCat(::testing::TempDir(), "wired_", getpid());
    auto port = GetParam() == "tcp" ? OpenTcpPort() : OpenPtyPort(base);
    ASSERT_THAT(port, IsOk());
    server_ = std::make_unique<PrinterEmulatorServer>(Make("epson-80mm"),
                                                      *std::move(port));
    dir_ = base + "_queue";
    std::filesystem::remove_all(dir_);
    auto store = FilePrintJobStore::Open(dir_);
    ASSERT_THAT(store, IsOk());
    store_ = std::make_unique<FilePrintJobStore>(*std::move(store));
    Start();
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  void Start() {
    auto driver = PrinterDriver::Make(
        *FindProfile("epson-80mm"),
        MakeTransport(*ParseDeviceAddress(server_->address())), store_.get(),
        &SystemClock(), &SystemRandom());
    ASSERT_THAT(driver, IsOk());
    driver_ = *std::move(driver);
  }

  absl::Status Print(const std::string& id) {
    auto encoder = ReceiptEncoder::Make(*FindProfile("epson-80mm"), nullptr);
    return driver_->Print(id, *encoder->Encode(SampleReceipt()),
                          *encoder->EncodeCopy(SampleReceipt(), "COPY"));
  }

  bool RunUntilDone() {
    const absl::Duration deadline =
        SystemClock().MonotonicNow() + absl::Seconds(30);
    while (SystemClock().MonotonicNow() < deadline) {
      driver_->Step(absl::Milliseconds(20));
      if (driver_->Report().waiting_jobs == 0) return true;
    }
    return false;
  }

  std::string Text() {
    std::string text;
    server_->With([&](PrinterEmulator& p) { text = p.paper().Text(); });
    return text;
  }

  std::unique_ptr<PrinterEmulatorServer> server_;
  std::string dir_;
  std::unique_ptr<FilePrintJobStore> store_;
  std::unique_ptr<PrinterDriver> driver_;
};

INSTANTIATE_TEST_SUITE_P(Wires, WiredPrinterTest,
                         ::testing::Values("tty", "tcp"),
                         [](const auto& param) { return param.param; });

TEST_P(WiredPrinterTest, PrintsAndRemembersAcrossARestart) {
  ASSERT_THAT(Print("a"), IsOk());
  ASSERT_TRUE(RunUntilDone());
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("TOTAL"));
  Start();
  ASSERT_THAT(Print("a"), IsOk());  // the same slip again
  ASSERT_TRUE(RunUntilDone());
  EXPECT_EQ(Text(), text);
}

TEST_P(WiredPrinterTest, ComesBackAfterAPowerCycle) {
  ASSERT_THAT(Print("a"), IsOk());
  ASSERT_TRUE(RunUntilDone());
  server_->PowerCycle();
  ASSERT_THAT(Print("b"), IsOk());
  ASSERT_TRUE(RunUntilDone());
  EXPECT_EQ(driver_->Jobs()[1].state, PrintState::kPrinted);
}

TEST_P(WiredPrinterTest, WaitsForPaper) {
  server_->With([](PrinterEmulator& p) { p.SetPaperLeft(0); });
  ASSERT_THAT(Print("a"), IsOk());
  for (int i = 0; i < 20; ++i) driver_->Step(absl::Milliseconds(20));
  EXPECT_EQ(ToText(*driver_->Report().status), "paper out");
  server_->With([](PrinterEmulator& p) { p.SetPaperLeft(std::nullopt); });
  ASSERT_TRUE(RunUntilDone());
  EXPECT_THAT(Text(), HasSubstr("TOTAL"));
}

}  // namespace
}  // namespace branchline
