#pragma once

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "devices/printer/bitmap.h"
#include "devices/printer/printer_profile.h"
#include "devices/printer/receipt_document.h"
#include "devices/printer/text_layout.h"

namespace branchline {

// No command of ours carries more binary data than this, so that a printer left
// in the middle of one takes at most as many bytes for a picture.
inline constexpr size_t kEscposDataSizeMax = 2'048;

// ESC/POS commands one after the other, remembering the printer's modes so that
// each is sent only when it changes. Bytes from Epson's command reference; the
// command's name stands beside each. Not thread-safe.
class EscposWriter {
 public:
  // Begins with ESC @ and sets the modes that models power up with differently.
  explicit EscposWriter(const PrinterProfile& profile);

  // One line of text and its line feed.
  void Line(const TextLine& line);
  // `bitmap` in bands of at most kEscposDataSizeMax bytes (GS v 0).
  void Picture(const Bitmap& bitmap, Align align);
  // The data must have been checked.
  void Barcode(const BarcodeBlock& barcode);
  void Qr(const QrBlock& qr);
  void Feed(int lines);
  void Cut();
  void Pulse(const DrawerBlock& pulse);

  const std::string& bytes() const { return bytes_; }

 private:
  void Put(std::initializer_list<int> bytes);
  void Style(const TextStyle& style, bool has_double_byte);
  void Cell(const PrinterCell& cell);
  void DoubleByteMode(bool on);
  void AlignMode(Align align);

  const PrinterProfile profile_;
  std::string bytes_;
  TextStyle style_;
  bool double_style_ = false;  // FS ! is not at its default
  bool double_byte_on_ = false;
  int page_ = -1;
  Align align_ = Align::kLeft;
};

// Pictures are data, and yet printers obey DLE EOT and DLE DC4 inside them.
// Blackens one dot wherever `bits` would say such a command.
void BreakRealTimeCommands(std::string* bits);

}  // namespace branchline
