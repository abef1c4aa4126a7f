#include "devices/printer/receipt_encoder.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "devices/printer/block_rules.h"
#include "devices/printer/escpos_writer.h"
#include "devices/printer/qr_picture.h"
#include "sync/base/status_macros.h"

namespace branchline {

absl::StatusOr<ReceiptEncoder> ReceiptEncoder::Make(
    const PrinterProfile& profile, GlyphSource* glyphs) {
  if (profile.columns < 16 || profile.columns > 96 || profile.cell_width < 6 ||
      profile.cell_width > 32 || profile.cell_height < 8 ||
      profile.cell_height > 64) {
    return absl::InvalidArgumentError(absl::StrCat(
        "printer profile '", profile.name, "': ", profile.columns,
        " columns of ", profile.cell_width, " x ", profile.cell_height,
        " dots, want 16 to 96 columns of 6 to 32 x 8 to 64"));
  }
  BL_ASSIGN_OR_RETURN(PrinterText text, PrinterText::Make(profile, glyphs));
  return ReceiptEncoder(profile, glyphs, std::move(text));
}

// Writes one block after the other; a std::visit visitor.
class ReceiptEncoder::BlockEncoder {
 public:
  BlockEncoder(ReceiptEncoder* owner, bool is_copy)
      : owner_(*owner), is_copy_(is_copy), writer_(owner->profile_) {}

  absl::Status operator()(const TextBlock& block) {
    for (const TextSpan& span : block.spans) {
      BL_RETURN_IF_ERROR(CheckText(span.text));
      BL_RETURN_IF_ERROR(CheckStyle(span.style));
    }
    Lines(LayOut(block, owner_.profile_.columns, &owner_.text_));
    return absl::OkStatus();
  }
  absl::Status operator()(const RowBlock& block) {
    for (const RowCell& cell : block.cells) {
      BL_RETURN_IF_ERROR(CheckText(cell.text));
    }
    BL_RETURN_IF_ERROR(CheckStyle(block.style));
    Lines(LayOut(block, owner_.profile_.columns, &owner_.text_));
    return absl::OkStatus();
  }
  absl::Status operator()(const RuleBlock& block) {
    if (block.fill < 0x20 || block.fill > 0x7E) {
      return absl::InvalidArgumentError("a rule is of a character of ASCII");
    }
    return (*this)(TextBlock{
        {{std::string(static_cast<size_t>(owner_.profile_.columns), block.fill),
          {}}}});
  }
  absl::Status operator()(const BarcodeBlock& block) {
    BL_RETURN_IF_ERROR(CheckBarcode(block));
    writer_.Barcode(block);
    return absl::OkStatus();
  }
  absl::Status operator()(const QrBlock& block) {
    BL_RETURN_IF_ERROR(CheckQr(block));
    if (owner_.profile_.qr_command) {
      writer_.Qr(block);
      return absl::OkStatus();
    }
    if (!owner_.profile_.raster) {
      return (*this)(TextBlock{{{block.data, {}}}});
    }
    BL_ASSIGN_OR_RETURN(const Bitmap picture, QrPicture(block));
    return (*this)(ImageBlock{picture, Align::kCentre});
  }
  absl::Status operator()(const ImageBlock& block) {
    BL_RETURN_IF_ERROR(CheckImage(block, owner_.profile_.dots()));
    // A printer without pictures prints a receipt without its logo.
    if (owner_.profile_.raster) writer_.Picture(block.bitmap, block.align);
    return absl::OkStatus();
  }
  absl::Status operator()(const FeedBlock& block) {
    if (block.lines < 0 || block.lines > 255) {
      return absl::InvalidArgumentError(
          absl::StrCat("feed ", block.lines, " lines, want 0 to 255"));
    }
    writer_.Feed(block.lines);
    return absl::OkStatus();
  }
  absl::Status operator()(const CutBlock&) {
    writer_.Cut();
    return absl::OkStatus();
  }
  absl::Status operator()(const DrawerBlock& block) {
    BL_RETURN_IF_ERROR(CheckDrawer(block));
    if (!is_copy_) writer_.Pulse(block);
    return absl::OkStatus();
  }

  const std::string& bytes() const { return writer_.bytes(); }

 private:
  void Lines(const std::vector<TextLine>& lines) {
    for (const TextLine& line : lines) {
      const bool is_drawn =
          std::any_of(line.begin(), line.end(), [](const StyledCell& cell) {
            return cell.cell.kind == PrinterCell::Kind::kPicture;
          });
      if (is_drawn) {
        writer_.Picture(owner_.DrawLine(line), Align::kLeft);
      } else {
        writer_.Line(line);
      }
    }
  }

  ReceiptEncoder& owner_;
  const bool is_copy_;
  EscposWriter writer_;
};

// The whole line as a picture: within a line, text and pictures do not mix on
// every model, and columns must add up.
Bitmap ReceiptEncoder::DrawLine(const TextLine& line) {
  const int cell_width = profile_.cell_width;
  const int cell_height = profile_.cell_height;
  int height_times = 1;
  for (const StyledCell& cell : line) {
    height_times = std::max(height_times, cell.style.height_times);
  }
  const int height = cell_height * height_times;
  // As far from the next line as printers set lines of text.
  Bitmap picture(profile_.dots(), height + cell_height / 4);
  int x = 0;
  for (const StyledCell& styled : line) {
    const TextStyle& style = styled.style;
    const bool is_replaced = styled.cell.kind == PrinterCell::Kind::kReplaced;
    const int parts = is_replaced ? styled.cell.columns : 1;
    const int part_width = cell_width * styled.cell.columns / parts;
    const int top = cell_height * (height_times - style.height_times);
    for (int part = 0; part < parts; ++part) {
      const Bitmap* const glyph = glyphs_->Glyph(
          is_replaced ? U'?' : styled.cell.character, part_width, cell_height);
      const int left = x + part * part_width * style.width_times;
      if (glyph != nullptr) {
        for (int bold = 0; bold <= (style.bold ? 1 : 0); ++bold) {
          picture.Draw(*glyph, left + bold, top, style.width_times,
                       style.height_times);
        }
      }
    }
    const int right = x + styled.columns() * cell_width;
    for (int column = x; column < right; ++column) {
      if (style.underline) picture.Set(column, height - 1);
      for (int row = top; style.inverse && row < height; ++row) {
        picture.Flip(column, row);
      }
    }
    x = right;
  }
  return picture;
}

absl::StatusOr<std::string> ReceiptEncoder::EncodeBlocks(
    const ReceiptDocument& document, bool is_copy) {
  if (document.blocks.size() > kReceiptBlocksMax) {
    return absl::ResourceExhaustedError(
        absl::StrCat("encode a receipt of ", document.blocks.size(),
                     " blocks, at most ", kReceiptBlocksMax));
  }
  BlockEncoder encoder(this, is_copy);
  for (size_t i = 0; i < document.blocks.size(); ++i) {
    BL_RETURN_IF_ERROR(
        Annotate(std::visit(encoder, document.blocks[i]),
                 absl::StrCat("encode block ", i + 1, " of a receipt")));
    if (encoder.bytes().size() > kReceiptBytesMax) {
      return absl::ResourceExhaustedError(
          absl::StrCat("encode a receipt: block ", i + 1, " takes it over ",
                       kReceiptBytesMax, " bytes; print less on one slip"));
    }
  }
  return encoder.bytes();
}

absl::StatusOr<std::string> ReceiptEncoder::Encode(
    const ReceiptDocument& document) {
  return EncodeBlocks(document, /*is_copy=*/false);
}

absl::StatusOr<std::string> ReceiptEncoder::EncodeCopy(
    const ReceiptDocument& document, const std::string& mark) {
  const TextBlock marked = {
      {{mark, {.bold = true, .width_times = 2, .height_times = 2}}},
      Align::kCentre};
  ReceiptDocument copy;
  copy.blocks.push_back(marked);
  copy.blocks.insert(copy.blocks.end(), document.blocks.begin(),
                     document.blocks.end());
  // Before the last cut, so that it is on the same slip.
  auto at = copy.blocks.end();
  while (at != copy.blocks.begin() + 1 &&
         (std::holds_alternative<CutBlock>(*(at - 1)) ||
          std::holds_alternative<DrawerBlock>(*(at - 1)))) {
    --at;
  }
  copy.blocks.insert(at, marked);
  return EncodeBlocks(copy, /*is_copy=*/true);
}

}  // namespace branchline
