#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "devices/printer/bitmap.h"
#include "devices/printer/glyph_source.h"

namespace branchline {

// One printed character and where it stands, in dots from the left.
struct PrintedCharacter {
  char32_t character = U' ';
  int x = 0;
  int cell_width = 12;
  int cell_height = 24;
  int width_times = 1;
  int height_times = 1;
  bool bold = false;
  bool underline = false;
  bool inverse = false;

  int width() const { return cell_width * width_times; }
  int height() const { return cell_height * height_times; }
};

// What came out of a printer, as a picture and as lines of text. Pictures,
// codes and cuts stand in the text as "[...]". Keeps the first kHeightMax dots.
class PaperRoll {
 public:
  static constexpr int kHeightMax = 60'000;  // dots: 7.5 m

  // `column_width`: dots of a column of the text form. `glyphs` may be null:
  // then characters are boxes. It outlives the roll.
  PaperRoll(int width_dots, int column_width, GlyphSource* glyphs)
      : picture_(width_dots, 0), column_width_(column_width), glyphs_(glyphs) {}

  // A line of `characters`, `feed` dots high at least.
  void AddLine(const std::vector<PrintedCharacter>& characters, int feed);
  // A picture, `x` dots from the left, said in the text as `what`. The bands
  // of a picture, said alike one after the other, are one in the text.
  void AddPicture(const Bitmap& picture, int x, const std::string& what);
  void AddFeed(int dots);
  // A note in the text alone: "[cut]".
  void AddNote(const std::string& note);

  const Bitmap& picture() const { return picture_; }
  const std::vector<std::string>& lines() const { return lines_; }
  // All lines, each with its newline.
  std::string Text() const;

 private:
  int Grow(int dots);  // where the new rows begin

  Bitmap picture_;
  const int column_width_;
  GlyphSource* const glyphs_;
  std::vector<std::string> lines_;
};

}  // namespace branchline
