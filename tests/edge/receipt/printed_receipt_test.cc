// A whole sale as bytes for a printer, and as the paper that comes out.
// BRANCHLINE_REWRITE=1 accepts new bytes; BRANCHLINE_PICTURE_DIR=DIR writes the
// paper as pictures to look at.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "devices/printer/emulator/png_file.h"
#include "devices/printer/emulator/printer_emulator.h"
#include "devices/printer/receipt_encoder.h"
#include "edge/receipt/build_receipt.h"
#include "edge/receipt/lay_out_receipt.h"
#include "edge/receipt/receipt_text.h"
#include "sync/base/bytes.h"
#include "tests/edge/receipt/sample_sale.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

struct Printed {
  const char* profile;
  const char* language;
};

class PrintedReceipt : public ::testing::TestWithParam<Printed> {
 protected:
  static GlyphSource* Fonts() {
    static GlyphSource* const fonts = [] {
      auto opened = OpenFonts(DefaultFontFiles());
      return opened.ok() ? opened->release() : nullptr;
    }();
    return fonts;
  }
};

// Characters and columns; codes and blanks at the end apart.
std::vector<std::string> TextLines(const std::string& text) {
  std::vector<std::string> lines;
  for (const absl::string_view part : absl::StrSplit(text, '\n')) {
    std::string line(part);
    line.erase(line.find_last_not_of(' ') + 1);
    if (absl::StrContains(line, "[")) break;  // the code, then the cut
    lines.push_back(std::move(line));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

TEST_P(PrintedReceipt, IsWhatTheModelSaysByteForByte) {
  const auto& [profile_name, language] = GetParam();
  const PrinterProfile profile = *FindProfile(profile_name);
  const v1::ReceiptText text = SampleReceiptText(language);
  const auto receipt =
      BuildReceipt(SampleSale(), {"High Street", absl::FixedTimeZone(8 * 3600),
                                  text, std::string(32, '\x5A'), SampleItem});
  ASSERT_THAT(receipt, IsOk());
  const ReceiptDocument document = LayOutReceipt(*receipt, profile.columns);
  // What the printer lacks is left a "?" here: bytes that no font decides.
  auto encoder = ReceiptEncoder::Make(profile, nullptr);
  ASSERT_THAT(encoder, IsOk());
  const auto bytes = encoder->Encode(document);
  ASSERT_THAT(bytes, IsOk());
  const std::string path = absl::StrCat(RECEIPT_TESTDATA, "/sale_",
                                        profile_name, "_", language, ".hex");
  if (std::getenv("BRANCHLINE_REWRITE") != nullptr) {
    std::ofstream(path) << Hex(*bytes) << "\n";
  }
  std::ostringstream golden;
  golden << std::ifstream(path).rdbuf();
  EXPECT_EQ(Hex(*bytes) + "\n", golden.str()) << path;

  auto emulator = PrinterEmulator::Make({profile, 1 << 20}, Fonts());
  ASSERT_THAT(emulator, IsOk());
  ASSERT_EQ(emulator->Accept(*bytes), bytes->size());
  EXPECT_EQ(emulator->unknown_commands(), 0);
  EXPECT_EQ(emulator->pulse_count(), 0);  // the drawer is no slip's affair
  EXPECT_EQ(TextLines(emulator->paper().Text()),
            TextLines(ReceiptAsText(document, profile.columns)));
  if (const char* dir = std::getenv("BRANCHLINE_PICTURE_DIR")) {
    EXPECT_THAT(WritePng(absl::StrCat(dir, "/receipt_", profile_name, "_",
                                      language, ".png"),
                         emulator->paper().picture()),
                IsOk());
  }
}

INSTANTIATE_TEST_SUITE_P(Printers, PrintedReceipt,
                         ::testing::Values(Printed{"epson-80mm", "en"},
                                           Printed{"generic-58mm", "en"},
                                           Printed{"china-80mm", "zh-CN"},
                                           Printed{"china-58mm", "zh-CN"}),
                         [](const auto& param) {
                           std::string name = absl::StrCat(
                               param.param.profile, param.param.language);
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace branchline
