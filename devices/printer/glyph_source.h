#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "devices/printer/bitmap.h"

namespace branchline {

// Pictures of characters: for what a printer has no character for, and for the
// emulated printer. Not thread-safe; the device's thread owns one.
class GlyphSource {
 public:
  virtual ~GlyphSource() = default;

  // `character` drawn into a cell of `width` x `height` dots (a wide character
  // is asked for with twice the width), or nullptr if there is no picture of
  // it. Valid until the next call.
  virtual const Bitmap* Glyph(char32_t character, int width, int height) = 0;
};

// Fonts by FreeType; the first of `font_files` that has a character draws it.
// Files that are not there are passed over.
//
//   NOT_FOUND  none of them can be read; the message names them and the Debian
//              packages they come in
absl::StatusOr<std::unique_ptr<GlyphSource>> OpenFonts(
    const std::vector<std::string>& font_files);

// Where Debian keeps the fonts of docs/DEPENDENCIES.md.
std::vector<std::string> DefaultFontFiles();

}  // namespace branchline
