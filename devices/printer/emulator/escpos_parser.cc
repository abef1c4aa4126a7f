#include "devices/printer/emulator/escpos_parser.h"

#include <array>

#include "devices/printer/escpos_bytes.h"

namespace branchline {
namespace {

constexpr int kDle = 0x10;
constexpr size_t kUnknownSize = 2;

// Bytes that follow the first two, for commands of one length.
struct FixedSize {
  int first;
  char second;
  int parameters;
};
constexpr std::array<FixedSize, 57> kFixed = {{
    {kEsc, '@', 0},  {kEsc, '!', 1}, {kEsc, 'E', 1}, {kEsc, '-', 1},
    {kEsc, 'G', 1},  {kEsc, 'M', 1}, {kEsc, 'a', 1}, {kEsc, 'd', 1},
    {kEsc, 'e', 1},  {kEsc, 'J', 1}, {kEsc, 'K', 1}, {kEsc, '2', 0},
    {kEsc, '3', 1},  {kEsc, 't', 1}, {kEsc, 'R', 1}, {kEsc, '$', 2},
    {kEsc, '\\', 2}, {kEsc, 'p', 3}, {kEsc, '=', 1}, {kEsc, ' ', 1},
    {kEsc, 'V', 1},  {kEsc, '{', 1}, {kEsc, 'r', 1}, {kEsc, 'c', 2},
    {kEsc, 'i', 0},  {kEsc, 'm', 0}, {kEsc, 'L', 0}, {kEsc, 'S', 0},
    {kEsc, 'T', 1},  {kEsc, 'W', 8}, {kEsc, '%', 1}, {kEsc, '\f', 0},
    {kFs, '&', 0},   {kFs, '.', 0},  {kFs, '!', 1},  {kFs, '-', 1},
    {kFs, 'W', 1},   {kFs, 'S', 2},  {kFs, 'C', 1},  {kFs, 'p', 2},
    {kGs, '!', 1},   {kGs, 'B', 1},  {kGs, 'L', 2},  {kGs, 'W', 2},
    {kGs, 'H', 1},   {kGs, 'h', 1},  {kGs, 'w', 1},  {kGs, 'f', 1},
    {kGs, 'r', 1},   {kGs, 'a', 1},  {kGs, 'I', 1},  {kGs, 'P', 2},
    {kGs, 'b', 1},   {kGs, '/', 1},  {kGs, '$', 2},  {kGs, '\\', 2},
    {kGs, ':', 0},
}};

// 0: more bytes are needed to know the size.
size_t SizeUpToNul(absl::string_view in, size_t from) {
  const size_t end = in.find('\0', from);
  return end == absl::string_view::npos ? 0 : end + 1;
}

class SizeReader {
 public:
  explicit SizeReader(absl::string_view in) : in_(in) {}

  size_t Size() const {
    if (in_.size() < 2) return 0;
    const int first = At(0);
    if (first == kDle) return DleSize();
    for (const FixedSize& fixed : kFixed) {
      if (fixed.first == first && fixed.second == in_[1]) {
        return 2 + static_cast<size_t>(fixed.parameters);
      }
    }
    if (in_[1] == '(' && (first == kGs || first == kFs || first == kEsc)) {
      return Has(5) ? 5 + Word(3) : 0;  // ( X pL pH
    }
    if (first == kGs) return GsSize();
    if (first == kEsc) return EscSize();
    return kUnknownSize;
  }

 private:
  int At(size_t i) const { return static_cast<unsigned char>(in_[i]); }
  bool Has(size_t size) const { return in_.size() >= size; }
  size_t Word(size_t i) const {
    return static_cast<size_t>(At(i)) | static_cast<size_t>(At(i + 1)) << 8;
  }

  size_t DleSize() const {
    if (At(1) == 0x04 || At(1) == 0x05) return 3;  // DLE EOT n, DLE ENQ n
    if (At(1) != 0x14) return kUnknownSize;
    if (!Has(3)) return 0;
    return At(2) == 8 ? 10 : 5;  // DLE DC4
  }

  size_t EscSize() const {
    switch (in_[1]) {
      case '*': {  // ESC * m nL nH d
        if (!Has(5)) return 0;
        const size_t column_bytes = At(2) == 32 || At(2) == 33 ? 3 : 1;
        return 5 + Word(3) * column_bytes;
      }
      case 'D':  // ESC D n... NUL
        return SizeUpToNul(in_, 2);
      case '&': {  // ESC & y c1 c2 [x d...]...
        if (!Has(5)) return 0;
        size_t size = 5;
        for (int c = At(3); c <= At(4); ++c) {
          if (!Has(size + 1)) return 0;
          size += 1 + static_cast<size_t>(At(2)) * At(size);
        }
        return size;
      }
      default:
        return kUnknownSize;
    }
  }

  size_t GsSize() const {
    switch (in_[1]) {
      case 'V':  // GS V m [n]
        if (!Has(3)) return 0;
        return At(2) >= 65 ? 4 : 3;
      case 'k':  // GS k m d NUL, or GS k m n d
        if (!Has(3)) return 0;
        if (At(2) < 65) return SizeUpToNul(in_, 3);
        return Has(4) ? 4 + static_cast<size_t>(At(3)) : 0;
      case 'v':  // GS v 0 m xL xH yL yH d
        if (!Has(8)) return 0;
        return 8 + Word(4) * Word(6);
      case '8':  // GS 8 L p1 p2 p3 p4
        if (!Has(7)) return 0;
        return 7 + Word(3) + (Word(5) << 16);
      case '*':  // GS * x y d
        if (!Has(4)) return 0;
        return 4 + static_cast<size_t>(At(2)) * At(3) * 8;
      default:
        return kUnknownSize;
    }
  }

  const absl::string_view in_;
};

bool BeginsCommand(int byte) {
  return byte == kEsc || byte == kFs || byte == kGs || byte == kDle;
}

}  // namespace

void EscposParser::Append(absl::string_view bytes) {
  bytes_.erase(0, at_);
  at_ = 0;
  bytes_.append(bytes.data(), bytes.size());
}

void EscposParser::Clear() {
  bytes_.clear();
  at_ = 0;
}

std::optional<EscposCommand> EscposParser::Next(bool double_byte) {
  const absl::string_view in = absl::string_view(bytes_).substr(at_);
  if (in.empty()) return std::nullopt;
  EscposCommand command;
  size_t size = 1;
  const int byte = static_cast<unsigned char>(in[0]);
  if (BeginsCommand(byte)) {
    size = SizeReader(in).Size();
    command.kind = EscposCommand::Kind::kCommand;
    if (size > kCommandSizeMax) {
      size = 1;
      command.kind = EscposCommand::Kind::kText;
    } else if (size == 0 && in.size() > kCommandSizeMax) {
      size = 1;  // its end never comes
      command.kind = EscposCommand::Kind::kText;
    } else if (size == 0) {
      return std::nullopt;
    }
  } else if (byte < 0x20 || byte == 0x7F) {
    command.kind = EscposCommand::Kind::kControl;
  } else if (double_byte && byte >= 0x81) {
    size = 2;
  }
  if (size > in.size()) return std::nullopt;
  command.bytes = std::string(in.substr(0, size));
  if (command.kind == EscposCommand::Kind::kCommand && size == kUnknownSize &&
      byte != kDle) {
    bool known = false;
    for (const FixedSize& fixed : kFixed) {
      known |= fixed.first == byte && fixed.second == in[1];
    }
    if (!known) command.kind = EscposCommand::Kind::kUnknown;
  }
  at_ += size;
  return command;
}

}  // namespace branchline
