#include "edge/receipt/receipt_text.h"

#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "devices/printer/bitmap.h"
#include "devices/printer/glyph_source.h"
#include "devices/printer/printer_text.h"
#include "devices/printer/text_layout.h"
#include "devices/text/utf8.h"
#include "sync/base/check.h"

namespace branchline {
namespace {

// A screen has every character: nothing is replaced.
class AnyGlyph final : public GlyphSource {
 public:
  const Bitmap* Glyph(char32_t, int, int) override { return &dot_; }

 private:
  const Bitmap dot_{1, 1};
};

class TextRenderer {
 public:
  explicit TextRenderer(int columns) : columns_(columns), text_(MakeText()) {}

  void operator()(const TextBlock& block) {
    Lines(LayOut(block, columns_, &text_));
  }
  void operator()(const RowBlock& block) {
    Lines(LayOut(block, columns_, &text_));
  }
  void operator()(const RuleBlock& block) {
    absl::StrAppend(
        &out_, std::string(static_cast<size_t>(columns_), block.fill), "\n");
  }
  void operator()(const BarcodeBlock& block) {
    Centred(absl::StrCat("[", block.data, "]"));
  }
  void operator()(const QrBlock& block) {
    Centred(absl::StrCat("[QR ", block.data, "]"));
  }
  void operator()(const ImageBlock&) { Centred("[picture]"); }
  void operator()(const FeedBlock& block) {
    out_.append(static_cast<size_t>(block.lines), '\n');
  }
  void operator()(const CutBlock&) {}
  void operator()(const DrawerBlock&) {}

  std::string Take() { return std::move(out_); }

 private:
  PrinterText MakeText() {
    PrinterProfile screen;
    screen.columns = columns_;
    absl::StatusOr<PrinterText> text = PrinterText::Make(screen, &glyphs_);
    BL_CHECK(text.ok(), "a profile without code pages opens none");
    return *std::move(text);
  }

  void Centred(const std::string& text) {
    (*this)(TextBlock{{{text, {}}}, Align::kCentre});
  }

  void Lines(const std::vector<TextLine>& lines) {
    for (const TextLine& line : lines) {
      std::string row;
      for (const StyledCell& cell : line) {
        AppendUtf8(&row, cell.cell.character);
      }
      row.erase(row.find_last_not_of(' ') + 1);
      absl::StrAppend(&out_, row, "\n");
    }
  }

  const int columns_;
  AnyGlyph glyphs_;
  PrinterText text_;
  std::string out_;
};

}  // namespace

std::string ReceiptAsText(const ReceiptDocument& document, int columns) {
  TextRenderer renderer(columns);
  for (const ReceiptBlock& block : document.blocks) {
    std::visit(renderer, block);
  }
  return renderer.Take();
}

}  // namespace branchline
