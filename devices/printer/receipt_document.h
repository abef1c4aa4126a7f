#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "devices/printer/bitmap.h"

namespace branchline {

// What a slip of paper says, whatever prints it. Text is UTF-8; where it breaks
// into lines and how a character becomes bytes is the printer profile's affair.

enum class Align { kLeft, kCentre, kRight };

struct TextStyle {
  bool bold = false;
  bool underline = false;
  bool inverse = false;  // white on black
  int width_times = 1;   // 1..8
  int height_times = 1;  // 1..8

  bool operator==(const TextStyle&) const = default;
};

struct TextSpan {
  std::string text;
  TextStyle style;
};

// A paragraph: breaks at blanks where it is longer than the paper is wide, and
// at newlines.
struct TextBlock {
  std::vector<TextSpan> spans;
  Align align = Align::kLeft;
};

// Cells beside each other, each broken into lines of its own: "2 x Tea   3.98".
// `width` is in columns; the cells with width 0 share what is left.
struct RowCell {
  std::string text;
  int width = 0;
  Align align = Align::kLeft;
};
struct RowBlock {
  std::vector<RowCell> cells;
  TextStyle style = {};
};

// A line across the paper of this character.
struct RuleBlock {
  char fill = '-';
};

enum class Symbology {
  kUpcA,
  kUpcE,
  kEan13,
  kEan8,
  kCode39,
  kItf,
  kCodabar,
  kCode93,
  kCode128,
};

// Digits, with or without their check digit as the symbology has it; for
// kCode128 any ASCII.
struct BarcodeBlock {
  Symbology symbology = Symbology::kEan13;
  std::string data;
  int height_dots = 80;  // 1..255
  int module_dots = 2;   // 2..6
  bool text_below = true;
};

enum class QrCorrection { kLow, kMedium, kQuartile, kHigh };

struct QrBlock {
  std::string data;     // UTF-8, at most kQrDataSizeMax bytes
  int module_dots = 6;  // 1..16
  QrCorrection correction = QrCorrection::kMedium;
};

struct ImageBlock {
  Bitmap bitmap;  // wider than the paper: refused
  Align align = Align::kCentre;
};

struct FeedBlock {
  int lines = 1;  // 0..255
};

// Ends the slip: feeds it to the knife and cuts, where there is a knife.
struct CutBlock {};

// Opens the cash drawer at this place of the slip. Left out of every copy.
struct DrawerBlock {
  int pin = 2;       // of the printer's drawer socket: 2 or 5
  int on_ms = 50;    // 2..510
  int off_ms = 500;  // 2..510
};

using ReceiptBlock =
    std::variant<TextBlock, RowBlock, RuleBlock, BarcodeBlock, QrBlock,
                 ImageBlock, FeedBlock, CutBlock, DrawerBlock>;

struct ReceiptDocument {
  std::vector<ReceiptBlock> blocks;
};

inline constexpr size_t kReceiptBlocksMax = 2'000;
inline constexpr size_t kReceiptTextSizeMax = 4'096;  // bytes, one span
inline constexpr size_t kReceiptBytesMax = 1 << 20;   // as printed
inline constexpr int kReceiptImageHeightMax = 2'400;  // dots: 30 cm
inline constexpr size_t kQrDataSizeMax = 1'024;       // bytes
inline constexpr size_t kBarcodeDataSizeMax = 80;     // bytes

}  // namespace branchline
