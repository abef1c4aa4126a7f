#include "devices/printer/printer_text.h"

#include <optional>

#include "devices/text/utf8.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr char32_t kYen = U'\u00A5';
constexpr char32_t kYenWide = U'\uFFE5';

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

}  // namespace

absl::StatusOr<PrinterText> PrinterText::Make(const PrinterProfile& profile,
                                              GlyphSource* glyphs) {
  PrinterText text(profile, glyphs);
  for (const auto& [number, name] : profile.code_pages) {
    BL_ASSIGN_OR_RETURN(Charset page, Charset::Open(name));
    text.pages_.emplace_back(number, std::move(page));
  }
  if (!profile.double_byte.empty()) {
    BL_ASSIGN_OR_RETURN(Charset set, Charset::Open(profile.double_byte));
    text.double_byte_.push_back(std::move(set));
  }
  return text;
}

bool PrinterText::TryPages(char32_t character, PrinterCell* cell) {
  for (auto& [number, page] : pages_) {
    const std::optional<std::string>& bytes = page.Encode(character);
    if (!bytes.has_value() || bytes->size() != 1) continue;
    cell->kind = PrinterCell::Kind::kPage;
    cell->page = number;
    cell->bytes[0] = static_cast<unsigned char>((*bytes)[0]);
    return cell->bytes[0] >= 0x80;
  }
  return false;
}

// Only pairs: one byte above 0x7F would start a pair on the printer, and the
// four-byte characters of GB18030 are known to few models.
bool PrinterText::TryDouble(char32_t character, PrinterCell* cell) {
  for (Charset& set : double_byte_) {
    const std::optional<std::string>& bytes = set.Encode(character);
    if (!bytes.has_value() || bytes->size() != 2) continue;
    cell->kind = PrinterCell::Kind::kDouble;
    cell->columns = 2;
    cell->bytes[0] = static_cast<unsigned char>((*bytes)[0]);
    cell->bytes[1] = static_cast<unsigned char>((*bytes)[1]);
    return true;
  }
  return false;
}

PrinterCell PrinterText::CellOf(char32_t character) {
  PrinterCell cell;
  if (character == U'\t') character = U' ';
  cell.character = character;
  cell.columns = ColumnsOf(character);
  if (cell.columns == 0) return cell;
  if (character >= 0x20 && character < 0x7F) {
    cell.bytes[0] = static_cast<unsigned char>(character);
    return cell;
  }
  if (!IsControl(character)) {
    if (TryPages(character, &cell) || TryDouble(character, &cell)) return cell;
    if (character == kYen && TryDouble(kYenWide, &cell)) {
      cell.character = kYenWide;
      return cell;
    }
    if (glyphs_ != nullptr && profile_.raster &&
        glyphs_->Glyph(character, profile_.cell_width * cell.columns,
                       profile_.cell_height) != nullptr) {
      cell.kind = PrinterCell::Kind::kPicture;
      return cell;
    }
  }
  cell.kind = PrinterCell::Kind::kReplaced;
  return cell;
}

std::vector<PrinterCell> PrinterText::Cells(absl::string_view utf8) {
  std::vector<PrinterCell> cells;
  for (const char32_t character : CodePoints(utf8)) {
    const PrinterCell cell = CellOf(character);
    if (cell.columns > 0) cells.push_back(cell);
  }
  return cells;
}

}  // namespace branchline
