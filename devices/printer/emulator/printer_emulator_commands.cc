// What the emulated printer does for each command: the other half of
// printer_emulator.cc.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/printer/emulator/barcode_picture.h"
#include "devices/printer/emulator/printer_emulator.h"
#include "devices/printer/escpos_bytes.h"
#include "devices/printer/qr_picture.h"

namespace branchline {
namespace {

// No real head is wider; a stream of noise may say so.
constexpr int kPictureSideMax = 8'192;  // dots

int WordAt(const EscposCommand& command, size_t i) {
  return command.At(i) | command.At(i + 1) << 8;
}

std::string PictureNote(int width) {
  return absl::StrCat("[picture ", width, " dots wide]");
}

// `rows` rows of whole bytes from `at` on.
Bitmap RowsOf(const EscposCommand& command, size_t at, int width, int rows) {
  if (width > kPictureSideMax || rows > kPictureSideMax) return Bitmap();
  Bitmap picture(width, rows);
  const size_t size = picture.bits().size();
  if (at + size <= command.bytes.size()) {
    picture.mutable_bits() = command.bytes.substr(at, size);
  }
  return picture;
}

}  // namespace

// Dots of paper that the command is going to use, at least.
int PrinterEmulator::FeedOf(const EscposCommand& command) const {
  if (command.kind == EscposCommand::Kind::kControl) {
    return command.At(0) == '\n' ? modes_.line_spacing : 0;
  }
  if (command.Is(kEsc, 'd')) return command.At(2) * modes_.line_spacing;
  if (command.Is(kEsc, 'J')) return command.At(2);
  if (command.Is(kGs, 'v')) return WordAt(command, 6);
  if (command.Is(kGs, 'k')) return modes_.barcode_height;
  return 0;
}

bool PrinterEmulator::Execute(const EscposCommand& command) {
  if (paper_left_.has_value() && FeedOf(command) > *paper_left_) {
    paper_out_ = true;
    StatusChanged();
    return false;
  }
  switch (command.kind) {
    case EscposCommand::Kind::kText:
      TextCharacter(command);
      return true;
    case EscposCommand::Kind::kControl:
      if (command.At(0) == '\n') EndLine(modes_.line_spacing);
      if (command.At(0) == '\t') {
        // At most eight: of wide characters a line has fewer.
        for (int i = 0; i < 8; ++i) {
          Put(U' ', 1);
          if (line_.size() % 8 == 0) break;
        }
      }
      return true;
    case EscposCommand::Kind::kUnknown:
      ++unknown_commands_;
      return true;
    case EscposCommand::Kind::kCommand:
      break;
  }
  switch (command.At(0)) {
    case kEsc:
      ExecuteEsc(command);
      break;
    case kGs:
      ExecuteGs(command);
      break;
    case kFs:
      ExecuteFs(command);
      break;
    default:
      break;  // DLE: obeyed when it came in
  }
  return true;
}

void PrinterEmulator::ExecuteEsc(const EscposCommand& command) {
  const int n = command.At(2);
  switch (command.At(1)) {
    case '@':
      line_.clear();
      line_end_ = 0;
      modes_ = Modes();
      modes_.double_byte = options_.profile.double_byte_at_power_on;
      break;
    case '!':
      modes_.font_b = (n & 0x01) != 0;
      modes_.bold = (n & 0x08) != 0;
      modes_.height_times = (n & 0x10) != 0 ? 2 : 1;
      modes_.width_times = (n & 0x20) != 0 ? 2 : 1;
      modes_.underline = (n & 0x80) != 0;
      break;
    case 'E':
    case 'G':
      modes_.bold = (n & 1) != 0;
      break;
    case '-':
      modes_.underline = n != 0 && n != '0';
      break;
    case 'M':
      modes_.font_b = n == 1 || n == '1';
      break;
    case 'a':
      modes_.align = n & 3;
      break;
    case 'd':
      EndLine(modes_.line_spacing * std::max(n, 1));
      break;
    case 'J':
      EndLine(n);
      break;
    case '2':
      modes_.line_spacing = 30;
      break;
    case '3':
      modes_.line_spacing = n;
      break;
    case 't':
      modes_.page = n;
      break;
    case 'p':
      Pulse(n & 1);
      break;
    case '$':
      line_end_ = std::min(WordAt(command, 2), options_.profile.dots());
      break;
    case '*':
      ColumnImage(command);
      break;
    case 'i':
    case 'm':
      Cut();
      break;
    default:
      break;
  }
}

void PrinterEmulator::ExecuteFs(const EscposCommand& command) {
  switch (command.At(1)) {
    case '&':
      modes_.double_byte = !double_byte_.empty();
      break;
    case '.':
      modes_.double_byte = false;
      break;
    case '!':
      modes_.width_times = (command.At(2) & 0x04) != 0 ? 2 : 1;
      modes_.height_times = (command.At(2) & 0x08) != 0 ? 2 : 1;
      break;
    default:
      break;
  }
}

void PrinterEmulator::ExecuteGs(const EscposCommand& command) {
  const int n = command.At(2);
  switch (command.At(1)) {
    case '!':
      modes_.height_times = (n & 0x0F) % 8 + 1;
      modes_.width_times = (n >> 4) % 8 + 1;
      break;
    case 'B':
      modes_.inverse = (n & 1) != 0;
      break;
    case 'L':
      modes_.left_margin =
          std::min(WordAt(command, 2), options_.profile.dots() / 2);
      break;
    case 'h':
      modes_.barcode_height = std::max(n, 1);
      break;
    case 'w':
      modes_.barcode_module = std::clamp(n, 1, 6);
      break;
    case 'H':
      modes_.barcode_text = n;
      break;
    case 'V':
      Cut();
      break;
    case 'a':
      status_back_ = n;
      if (n != 0) Say(StatusBack());
      break;
    case 'r':
      if (options_.profile.proof == PrintProof::kStatus) break;
      Say(std::string(1,
                      static_cast<char>(n == 2 || n == '2' ? (pin_high_ ? 1 : 0)
                                        : paper_low_       ? 0x03
                                                           : 0)));
      break;
    case 'I':
      Say(absl::string_view("_emulated\0", 10));
      break;
    case 'v':
      Raster(command);
      break;
    case 'k':
      Barcode(command);
      break;
    case '8':
      Graphics(command, 7);
      break;
    case '(':
      if (n == 'k') QrFunction(command);
      if (n == 'L') Graphics(command, 5);
      if (n == 'H' && command.At(5) == '0' && command.bytes.size() >= 11 &&
          options_.profile.proof == PrintProof::kProcessId) {
        Say(absl::StrCat("\x37\x22", command.bytes.substr(7, 4),
                         std::string(1, '\0')));
      }
      break;
    default:
      break;
  }
}

void PrinterEmulator::Raster(const EscposCommand& command) {
  const int width = WordAt(command, 4) * 8;
  PictureAligned(RowsOf(command, 8, width, WordAt(command, 6)),
                 PictureNote(width));
}

// GS ( L and GS 8 L; `at` is where m begins.
void PrinterEmulator::Graphics(const EscposCommand& command, size_t at) {
  const int function = command.At(at + 1) % 48;
  if (function == 112 % 48 && command.bytes.size() > at + 10) {
    modes_.stored = RowsOf(command, at + 10, WordAt(command, at + 6),
                           WordAt(command, at + 8));
  } else if (function == 2) {
    PictureAligned(modes_.stored, PictureNote(modes_.stored.width()));
  }
}

void PrinterEmulator::ColumnImage(const EscposCommand& command) {
  const bool is_24 = command.At(2) >= 32;
  const int columns = WordAt(command, 3);
  if (columns > kPictureSideMax) return;
  const int column_bytes = is_24 ? 3 : 1;
  Bitmap picture(columns, column_bytes * 8);
  for (int x = 0; x < columns; ++x) {
    for (int y = 0; y < picture.height(); ++y) {
      const int byte =
          command.At(5 + static_cast<size_t>(x) * column_bytes + y / 8);
      if ((byte & 0x80 >> y % 8) != 0) picture.Set(x, y);
    }
  }
  PictureAligned(picture, PictureNote(columns));
}

void PrinterEmulator::Barcode(const EscposCommand& command) {
  int m = command.At(2);
  std::string data;
  if (m >= 65) {
    data = command.bytes.substr(4);
  } else {
    m += 65;
    data = command.bytes.substr(3, command.bytes.size() - 4);
  }
  const std::string text = BarcodeText(m, data);
  PictureAligned(
      BarcodePicture(m, data, modes_.barcode_module, modes_.barcode_height),
      absl::StrCat("[barcode ", text, "]"));
  if ((modes_.barcode_text & 2) == 0) return;
  const int align = std::exchange(modes_.align, 1);
  const Modes modes = modes_;
  modes_.bold = modes_.inverse = modes_.underline = false;
  modes_.width_times = modes_.height_times = 1;
  for (const char c : text) Put(static_cast<unsigned char>(c), 1);
  EndLine(0);
  modes_ = modes;
  modes_.align = align;
}

void PrinterEmulator::QrFunction(const EscposCommand& command) {
  if (command.At(5) != '1') return;  // PDF417 and others
  switch (command.At(6)) {
    case 'C':
      modes_.qr_module = std::clamp(command.At(7), 1, 16);
      break;
    case 'E':
      modes_.qr_level = static_cast<char>(std::clamp(command.At(7), 48, 51));
      break;
    case 'P':
      modes_.qr_data = command.bytes.size() > 8 ? command.bytes.substr(8) : "";
      break;
    case 'Q': {
      QrBlock qr;
      qr.data = modes_.qr_data;
      qr.module_dots = modes_.qr_module;
      qr.correction = static_cast<QrCorrection>(modes_.qr_level - '0');
      const auto picture = QrPicture(qr);
      if (picture.ok()) {
        PictureAligned(*picture, absl::StrCat("[QR ", modes_.qr_data, "]"));
      }
      break;
    }
    default:
      break;
  }
}

void PrinterEmulator::Cut() {
  paper_.AddFeed(options_.profile.cell_height);
  Bitmap dashes(options_.profile.dots(), 1);
  for (int x = 0; x < dashes.width(); ++x) {
    if (x % 12 < 6) dashes.Set(x, 0);
  }
  paper_.AddPicture(dashes, 0, "[cut]");
}

}  // namespace branchline
