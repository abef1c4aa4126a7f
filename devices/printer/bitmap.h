#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

#include "sync/base/check.h"

namespace branchline {

// Black dots on white, in the printers' own layout: rows from the top, each of
// whole bytes, the most significant bit leftmost.
class Bitmap {
 public:
  Bitmap() = default;
  // All white. Sizes in dots, not negative.
  Bitmap(int width, int height) : width_(width), height_(height) {
    BL_CHECK(width >= 0, "a bitmap is not narrower than nothing");
    BL_CHECK(height >= 0, "a bitmap is not lower than nothing");
    bits_.assign(static_cast<size_t>(row_bytes()) * height, '\0');
  }

  int width() const { return width_; }
  int height() const { return height_; }
  int row_bytes() const { return (width_ + 7) / 8; }
  // row_bytes() * height() bytes.
  const std::string& bits() const { return bits_; }
  std::string& mutable_bits() { return bits_; }

  // Outside it everything is white, and setting does nothing.
  bool Get(int x, int y) const {
    return Inside(x, y) && (bits_[Index(x, y)] & Mask(x)) != 0;
  }
  void Set(int x, int y) {
    if (Inside(x, y)) bits_[Index(x, y)] |= static_cast<char>(Mask(x));
  }
  void Flip(int x, int y) {
    if (Inside(x, y)) bits_[Index(x, y)] ^= static_cast<char>(Mask(x));
  }

  // Blackens what is black in `other` (each dot `times_x` by `times_y`) with
  // its top left corner at x, y.
  void Draw(const Bitmap& other, int x, int y, int times_x = 1,
            int times_y = 1) {
    if (times_x == 1 && times_y == 1) return DrawPlain(other, x, y);
    for (int row = 0; row < other.height() * times_y; ++row) {
      for (int column = 0; column < other.width() * times_x; ++column) {
        if (other.Get(column / times_x, row / times_y)) {
          Set(x + column, y + row);
        }
      }
    }
  }

  // Adds `rows` white rows at the foot.
  void Extend(int rows) {
    height_ += rows;
    bits_.resize(static_cast<size_t>(row_bytes()) * height_, '\0');
  }

  bool operator==(const Bitmap&) const = default;

 private:
  // As Draw(), a byte at a time: most of what is drawn is characters, and most
  // of a receipt may be.
  void DrawPlain(const Bitmap& other, int x, int y) {
    if (x < 0 || y < 0 || other.width_ == 0) {
      return DrawDots(other, x, y);
    }
    const int shift = x % 8;
    const int first = x / 8;
    const int rows = std::min(other.height_, height_ - y);
    // Dots right of the edge must stay white: whole bytes count only where
    // both have them.
    if (x + other.width_ > width_) return DrawDots(other, x, y);
    for (int row = 0; row < rows; ++row) {
      const char* from =
          other.bits_.data() + static_cast<size_t>(row) * other.row_bytes();
      char* to = &bits_[static_cast<size_t>(y + row) * row_bytes() + first];
      const int space = row_bytes() - first;
      for (int i = 0; i < other.row_bytes(); ++i) {
        auto byte = static_cast<unsigned char>(from[i]);
        if (i + 1 == other.row_bytes()) byte &= other.LastByteMask();
        to[i] |= static_cast<char>(byte >> shift);
        if (shift != 0 && i + 1 < space) {
          to[i + 1] |= static_cast<char>(byte << (8 - shift));
        }
      }
    }
  }
  void DrawDots(const Bitmap& other, int x, int y) {
    for (int row = 0; row < other.height_; ++row) {
      for (int column = 0; column < other.width_; ++column) {
        if (other.Get(column, row)) Set(x + column, y + row);
      }
    }
  }

  // Of a row's last byte, the dots that are inside.
  unsigned char LastByteMask() const {
    return static_cast<unsigned char>(0xFF << ((8 - width_ % 8) % 8));
  }

  bool Inside(int x, int y) const {
    return x >= 0 && y >= 0 && x < width_ && y < height_;
  }
  size_t Index(int x, int y) const {
    return static_cast<size_t>(y) * row_bytes() + x / 8;
  }
  static int Mask(int x) { return 0x80 >> (x % 8); }

  int width_ = 0;
  int height_ = 0;
  std::string bits_;
};

}  // namespace branchline
