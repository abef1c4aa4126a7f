#include "devices/printer/emulator/paper_roll.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "devices/text/utf8.h"

namespace branchline {

int PaperRoll::Grow(int dots) {
  const int top = picture_.height();
  picture_.Extend(std::clamp(dots, 0, kHeightMax - top));
  return top;
}

void PaperRoll::AddFeed(int dots) { Grow(dots); }

void PaperRoll::AddNote(const std::string& note) { lines_.push_back(note); }

void PaperRoll::AddLine(const std::vector<PrintedCharacter>& characters,
                        int feed) {
  int height = 0;
  std::string text;
  int end = 0;  // of the last character, in dots
  for (const PrintedCharacter& printed : characters) {
    height = std::max(height, printed.height());
    for (; end + column_width_ <= printed.x; end += column_width_) {
      text.push_back(' ');
    }
    AppendUtf8(&text, printed.character);
    // Two columns for a character that is narrow elsewhere: of a double-byte
    // set, Cyrillic for one.
    if (printed.cell_width >= 2 * column_width_ &&
        ColumnsOf(printed.character) == 1) {
      text.push_back(' ');
    }
    end = printed.x + printed.width();
  }
  text.erase(text.find_last_not_of(' ') + 1);
  lines_.push_back(text);

  const int top = Grow(std::max(height, feed));
  for (const PrintedCharacter& printed : characters) {
    const int y = top + height - printed.height();
    const Bitmap* const glyph =
        glyphs_ == nullptr
            ? nullptr
            : glyphs_->Glyph(printed.character, printed.cell_width,
                             printed.cell_height);
    for (int bold = 0; glyph != nullptr && bold <= (printed.bold ? 1 : 0);
         ++bold) {
      picture_.Draw(*glyph, printed.x + bold, y, printed.width_times,
                    printed.height_times);
    }
    for (int x = printed.x; x < printed.x + printed.width(); ++x) {
      for (int row = y; row < y + printed.height(); ++row) {
        const bool is_edge = x == printed.x || row == y;
        if (glyph == nullptr && printed.character != U' ' && is_edge) {
          picture_.Set(x, row);
        }
        if (printed.inverse) picture_.Flip(x, row);
      }
      if (printed.underline) picture_.Set(x, y + printed.height() - 1);
    }
  }
}

void PaperRoll::AddPicture(const Bitmap& picture, int x,
                           const std::string& what) {
  picture_.Draw(picture, x, Grow(picture.height()));
  if (lines_.empty() || lines_.back() != what) lines_.push_back(what);
}

std::string PaperRoll::Text() const {
  std::string text;
  for (const std::string& line : lines_) absl::StrAppend(&text, line, "\n");
  return text;
}

}  // namespace branchline
