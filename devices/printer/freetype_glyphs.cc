#include <ft2build.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include FT_FREETYPE_H

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "devices/printer/bitmap.h"
#include "devices/printer/glyph_source.h"

namespace branchline {
namespace {

// Characters kept drawn: a receipt uses a hundred.
constexpr size_t kGlyphsKeptMax = 4'096;
constexpr int kCellMax = 256;  // dots

class FreetypeGlyphs final : public GlyphSource {
 public:
  FreetypeGlyphs(FT_Library library, std::vector<FT_Face> faces)
      : library_(library), faces_(std::move(faces)) {}
  ~FreetypeGlyphs() override {
    for (FT_Face face : faces_) FT_Done_Face(face);
    FT_Done_FreeType(library_);
  }

  const Bitmap* Glyph(char32_t character, int width, int height) override {
    if (width < 1 || height < 1 || width > kCellMax || height > kCellMax) {
      return nullptr;
    }
    if (kept_.size() >= kGlyphsKeptMax) kept_.clear();
    const auto [it, is_new] = kept_.try_emplace({character, width, height});
    if (is_new) it->second = DrawFirst(character, width, height);
    return it->second.get();
  }

 private:
  std::unique_ptr<Bitmap> DrawFirst(char32_t character, int width, int height) {
    for (FT_Face face : faces_) {
      const FT_UInt index = FT_Get_Char_Index(face, character);
      if (index == 0) continue;
      std::unique_ptr<Bitmap> drawn = Draw(face, index, width, height);
      if (drawn != nullptr) return drawn;
    }
    return nullptr;
  }

  // The base line is five sixths down; Latin is set so that its advance fills a
  // cell of half its height, wide characters fill the cell.
  static std::unique_ptr<Bitmap> Draw(FT_Face face, FT_UInt index, int width,
                                      int height) {
    const bool is_wide = width * 6 > height * 5;
    const int size = is_wide ? height * 23 / 24 : height * 5 / 6;
    if (FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(size)) != 0 ||
        FT_Load_Glyph(face, index,
                      FT_LOAD_RENDER | FT_LOAD_NO_BITMAP | FT_LOAD_MONOCHROME |
                          FT_LOAD_TARGET_MONO) != 0) {
      return nullptr;
    }
    const FT_GlyphSlot slot = face->glyph;
    const FT_Bitmap& source = slot->bitmap;
    auto cell = std::make_unique<Bitmap>(width, height);
    // Centred by its advance, which also keeps narrow fonts' columns.
    const int advance = static_cast<int>(slot->advance.x >> 6);
    const int left = slot->bitmap_left + (width - advance) / 2;
    const int top = height * 5 / 6 - slot->bitmap_top;
    for (int y = 0; y < static_cast<int>(source.rows); ++y) {
      for (int x = 0; x < static_cast<int>(source.width); ++x) {
        const uint8_t byte = source.buffer[y * source.pitch + x / 8];
        if ((byte & (0x80 >> (x % 8))) != 0) cell->Set(left + x, top + y);
      }
    }
    return cell;
  }

  const FT_Library library_;
  const std::vector<FT_Face> faces_;
  std::map<std::tuple<char32_t, int, int>, std::unique_ptr<Bitmap>> kept_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<GlyphSource>> OpenFonts(
    const std::vector<std::string>& font_files) {
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) {
    return absl::InternalError("start FreeType: it fails");
  }
  std::vector<FT_Face> faces;
  for (const std::string& file : font_files) {
    FT_Face face = nullptr;
    if (FT_New_Face(library, file.c_str(), 0, &face) == 0) {
      faces.push_back(face);
    }
  }
  if (faces.empty()) {
    FT_Done_FreeType(library);
    return absl::NotFoundError(absl::StrCat(
        "open fonts: none of ", absl::StrJoin(font_files, ", "),
        " can be read; install fonts-dejavu-core and fonts-wqy-zenhei"));
  }
  return std::make_unique<FreetypeGlyphs>(library, std::move(faces));
}

std::vector<std::string> DefaultFontFiles() {
  return {"/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
          "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"};
}

}  // namespace branchline
