#include "edge/receipt/lay_out_label.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "edge/receipt/receipt_words.h"
#include "edge/receipt/slip_words.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr int kBarsColumnsMin = 40;  // columns below which long bars do not fit
constexpr size_t kEan13Digits = 13;
constexpr int kBarsHeightDots = 100;

ReceiptBlock BarsOf(const std::string& code, int columns) {
  if (code.size() == kEan13Digits) {
    return BarcodeBlock{Symbology::kEan13, code, kBarsHeightDots, 3};
  }
  if (columns < kBarsColumnsMin) return QrBlock{.data = code};
  return BarcodeBlock{Symbology::kCode128, code, kBarsHeightDots, 2};
}

}  // namespace

absl::StatusOr<ReceiptDocument> LayOutLabel(const v1::LabelsPrinted& label,
                                            const std::string& name,
                                            absl::string_view language,
                                            int columns) {
  BL_ASSIGN_OR_RETURN(const int digits, MinorDigits(label.currency()));
  const auto price = [&](absl::string_view word, int64_t minor) {
    return absl::Substitute(
        std::string(SlipWord(word, language)),
        absl::StrCat(GroupedMinor(minor, digits), " ", label.currency()));
  };
  const auto centred = [](std::string text, TextStyle style) {
    return TextBlock{{{std::move(text), style}}, Align::kCentre};
  };
  ReceiptDocument document;
  for (uint32_t i = 0; i < label.count(); ++i) {
    document.blocks.push_back(
        centred(std::string(SlipWord("REDUCED", language)),
                {.bold = true, .inverse = true, .height_times = 2}));
    document.blocks.push_back(centred(name, {.bold = true, .height_times = 2}));
    document.blocks.push_back(
        centred(price("Was $0", label.old_price_minor()), {}));
    document.blocks.push_back(
        centred(price("Now $0", label.price_minor()),
                {.bold = true, .width_times = 2, .height_times = 2}));
    document.blocks.push_back(BarsOf(label.code(), columns));
    document.blocks.push_back(CutBlock{});
  }
  return document;
}

absl::StatusOr<DrawnPaper> LabelPaper(const v1::LabelsPrinted& label,
                                      const std::string& name,
                                      const std::string& language) {
  BL_RETURN_IF_ERROR(MinorDigits(label.currency()).status());
  return DrawnPaper{[label, name, language](int columns) {
                      const auto document =
                          LayOutLabel(label, name, language, columns);
                      return document.ok() ? *document : ReceiptDocument();
                    },
                    absl::StrCat("*** ", WordsOf(language).copy, " ***")};
}

}  // namespace branchline
