#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "devices/printer/glyph_source.h"
#include "devices/printer/printer_profile.h"
#include "devices/text/charset.h"

namespace branchline {

// One character as one printer can print it.
struct PrinterCell {
  enum class Kind {
    kAscii,     // one byte, the same everywhere
    kPage,      // one byte of code page `page`
    kDouble,    // two bytes of the double-byte set
    kPicture,   // the printer lacks it: the line is drawn
    kReplaced,  // no picture either: a question mark per column
  };

  char32_t character = U' ';
  Kind kind = Kind::kAscii;
  int page = 0;  // ESC t number
  int columns = 1;
  unsigned char bytes[2] = {' ', 0};
};

// How the characters of Unicode reach one printer: ASCII, then its code pages,
// then its double-byte set, then a picture, then a question mark. Whichever it
// is, the number of columns is known before anything is sent.
//
//   - U+00A5 becomes U+FFE5 (the full-width yen sign) where the printer has
//     only that one
//   - a tab is a blank; other control characters are replaced
//   - marks that do not compose with their letter are left out
//
// Not thread-safe.
class PrinterText {
 public:
  // `glyphs` may be null (nothing is drawn) and outlives the object.
  //
  //   INVALID_ARGUMENT  the profile names a character set that does not exist
  static absl::StatusOr<PrinterText> Make(const PrinterProfile& profile,
                                          GlyphSource* glyphs);

  // The cells of `utf8`, which has no newline. Each takes columns.
  std::vector<PrinterCell> Cells(absl::string_view utf8);

 private:
  PrinterText(const PrinterProfile& profile, GlyphSource* glyphs)
      : profile_(profile), glyphs_(glyphs) {}

  PrinterCell CellOf(char32_t character);
  bool TryPages(char32_t character, PrinterCell* cell);
  bool TryDouble(char32_t character, PrinterCell* cell);

  PrinterProfile profile_;
  GlyphSource* glyphs_;
  std::vector<std::pair<int, Charset>> pages_;
  std::vector<Charset> double_byte_;  // none or one
};

}  // namespace branchline
