#include "devices/printer/escpos_writer.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "devices/printer/escpos_bytes.h"

namespace branchline {
namespace {

constexpr int kDle = 0x10;
int LowByte(size_t value) { return static_cast<int>(value & 0xFF); }
int HighByte(size_t value) { return static_cast<int>(value >> 8 & 0xFF); }

}  // namespace

void BreakRealTimeCommands(std::string* bits) {
  for (size_t i = 1; i < bits->size(); ++i) {
    const int byte = static_cast<unsigned char>((*bits)[i]);
    if ((*bits)[i - 1] != kDle) continue;
    // DLE EOT, DLE ENQ, DLE DC4.
    if (byte == 0x04 || byte == 0x05 || byte == 0x14) {
      (*bits)[i] = static_cast<char>(byte | 0x08);
    }
  }
}

EscposWriter::EscposWriter(const PrinterProfile& profile) : profile_(profile) {
  Put({kEsc, '@'});  // ESC @: initialise
  // FS . or FS &: models differ in what they power up with.
  double_byte_on_ = profile_.double_byte_at_power_on;
  if (!profile_.double_byte.empty()) {
    double_byte_on_ = true;
    DoubleByteMode(false);
  }
}

void EscposWriter::Put(std::initializer_list<int> bytes) {
  for (const int byte : bytes) bytes_.push_back(static_cast<char>(byte));
}

void EscposWriter::Style(const TextStyle& style, bool has_double_byte) {
  if (style.bold != style_.bold) Put({kEsc, 'E', style.bold});  // ESC E
  if (style.underline != style_.underline) {
    Put({kEsc, '-', style.underline});  // ESC -
    // FS -: the underline of double-byte characters is its own.
    if (!profile_.double_byte.empty()) Put({kFs, '-', style.underline});
  }
  if (style.inverse != style_.inverse) Put({kGs, 'B', style.inverse});  // GS B
  const int width = std::clamp(style.width_times, 1, 8) - 1;
  const int height = std::clamp(style.height_times, 1, 8) - 1;
  if (style.width_times != style_.width_times ||
      style.height_times != style_.height_times) {
    Put({kGs, '!', width << 4 | height});  // GS !
  }
  // FS !: some makers enlarge double-byte characters by this alone.
  const bool wants_double = has_double_byte && (width == 1 || height == 1);
  if (wants_double) {
    Put({kFs, '!', (width == 1 ? 0x04 : 0) | (height == 1 ? 0x08 : 0)});
    double_style_ = true;
  } else if (double_style_ && width == 0 && height == 0) {
    // Not between two words of one size: to some makers it is the size of all.
    Put({kFs, '!', 0});
    double_style_ = false;
  }
  style_ = style;
}

void EscposWriter::DoubleByteMode(bool on) {
  if (on == double_byte_on_) return;
  Put({kFs, on ? '&' : '.'});  // FS &, FS .
  double_byte_on_ = on;
}

void EscposWriter::Cell(const PrinterCell& cell) {
  switch (cell.kind) {
    case PrinterCell::Kind::kAscii:
      Put({cell.bytes[0]});
      return;
    case PrinterCell::Kind::kPage:
      DoubleByteMode(false);
      if (cell.page != page_) {
        Put({kEsc, 't', cell.page});  // ESC t
        page_ = cell.page;
      }
      Put({cell.bytes[0]});
      return;
    case PrinterCell::Kind::kDouble:
      DoubleByteMode(true);
      Put({cell.bytes[0], cell.bytes[1]});
      return;
    case PrinterCell::Kind::kPicture:
    case PrinterCell::Kind::kReplaced:
      bytes_.append(static_cast<size_t>(cell.columns), '?');
      return;
  }
}

void EscposWriter::AlignMode(Align align) {
  if (align == align_) return;
  const int n = align == Align::kLeft ? 0 : align == Align::kCentre ? 1 : 2;
  Put({kEsc, 'a', n});  // ESC a
  align_ = align;
}

void EscposWriter::Line(const TextLine& line) {
  AlignMode(Align::kLeft);
  for (const StyledCell& styled : line) {
    const bool is_double = styled.cell.kind == PrinterCell::Kind::kDouble;
    if (!(styled.style == style_) || is_double != double_style_) {
      Style(styled.style, is_double);
    }
    Cell(styled.cell);
  }
  // Back to plain, so that the next line's blanks are not inverse or wide.
  if (!(style_ == TextStyle()) || double_style_) Style({}, false);
  Put({'\n'});
}

void EscposWriter::Picture(const Bitmap& bitmap, Align align) {
  const size_t row_bytes = static_cast<size_t>(bitmap.row_bytes());
  if (row_bytes == 0 || row_bytes > kEscposDataSizeMax) return;
  AlignMode(align);
  const size_t band_rows =
      std::min<size_t>(kEscposDataSizeMax / row_bytes, 255);
  const size_t height = static_cast<size_t>(bitmap.height());
  for (size_t row = 0; row < height; row += band_rows) {
    const size_t rows = std::min(band_rows, height - row);
    std::string band = bitmap.bits().substr(row * row_bytes, rows * row_bytes);
    BreakRealTimeCommands(&band);
    // GS v 0 m xL xH yL yH
    Put({kGs, 'v', '0', 0, LowByte(row_bytes), HighByte(row_bytes),
         LowByte(rows), HighByte(rows)});
    bytes_ += band;
  }
}

void EscposWriter::Barcode(const BarcodeBlock& barcode) {
  AlignMode(Align::kCentre);
  Put({kGs, 'h', barcode.height_dots});         // GS h
  Put({kGs, 'w', barcode.module_dots});         // GS w
  Put({kGs, 'H', barcode.text_below ? 2 : 0});  // GS H
  std::string data;
  if (barcode.symbology == Symbology::kCode128) {
    // Code set B alone: C packs two digits into a byte, and such bytes can say
    // DLE EOT.
    data = "{B";
    for (const char c : barcode.data) {
      data.push_back(c);
      if (c == '{') data.push_back('{');
    }
  } else {
    data = barcode.data;
  }
  const int kind = 65 + static_cast<int>(barcode.symbology);
  Put({kGs, 'k', barcode.symbology == Symbology::kCode128 ? 73 : kind,
       static_cast<int>(data.size())});  // GS k, form B
  bytes_ += data;
}

void EscposWriter::Qr(const QrBlock& qr) {
  AlignMode(Align::kCentre);
  const int level = '0' + static_cast<int>(qr.correction);
  const size_t size = qr.data.size() + 3;
  Put({kGs, '(', 'k', 4, 0, '1', 'A', '2', 0});          // 165: model 2
  Put({kGs, '(', 'k', 3, 0, '1', 'C', qr.module_dots});  // 167: module
  Put({kGs, '(', 'k', 3, 0, '1', 'E', level});           // 169: correction
  Put({kGs, '(', 'k', LowByte(size), HighByte(size), '1', 'P', '0'});  // 180
  bytes_ += qr.data;
  Put({kGs, '(', 'k', 3, 0, '1', 'Q', '0'});  // 181: print
}

void EscposWriter::Feed(int lines) {
  if (lines > 0) Put({kEsc, 'd', std::min(lines, 255)});  // ESC d
}

void EscposWriter::Cut() {
  AlignMode(Align::kLeft);
  switch (profile_.cut) {
    case PaperCut::kNone:
      Feed(profile_.feed_to_knife_lines);
      return;
    case PaperCut::kFull:
      Put({kGs, 'V', 'A', 0});  // GS V: feeds to the knife, then cuts
      return;
    case PaperCut::kPartial:
      Put({kGs, 'V', 'B', 0});
      return;
  }
}

void EscposWriter::Pulse(const DrawerBlock& pulse) {
  // ESC p m t1 t2, times in units of 2 ms.
  Put({kEsc, 'p', pulse.pin == 5 ? 1 : 0, std::clamp(pulse.on_ms / 2, 1, 255),
       std::clamp(pulse.off_ms / 2, 1, 255)});
}

}  // namespace branchline
