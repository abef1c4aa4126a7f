#include "devices/display/cd5220.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "devices/text/utf8.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr char kEsc = 0x1B;
constexpr char kClear = 0x0C;
constexpr size_t kPendingMax = 64;  // bytes of a command

int WidthOf(const std::u32string& text) {
  int columns = 0;
  for (const char32_t c : text) columns += ColumnsOf(c);
  return columns;
}

}  // namespace

std::string DisplayLine(absl::string_view left, absl::string_view right) {
  std::u32string name = CodePoints(left);
  const int room = std::max(kDisplayColumns - WidthOf(CodePoints(right)), 0);
  // One blank between the two.
  while (!name.empty() && WidthOf(name) > room - (right.empty() ? 0 : 1)) {
    name.pop_back();
  }
  std::string line;
  for (const char32_t c : name) AppendUtf8(&line, c);
  return absl::StrCat(
      line, std::string(static_cast<size_t>(room - WidthOf(name)), ' '), right);
}

absl::StatusOr<Cd5220Encoder> Cd5220Encoder::Make(
    absl::string_view code_page, std::optional<int> page_number) {
  Cd5220Encoder encoder;
  encoder.page_number_ = page_number;
  if (!code_page.empty()) {
    BL_ASSIGN_OR_RETURN(encoder.charset_, Charset::Open(code_page));
  }
  return encoder;
}

std::string Cd5220Encoder::Start() const {
  std::string bytes = {kEsc, '@'};
  if (page_number_.has_value()) {
    bytes += {kEsc, 't', static_cast<char>(*page_number_)};
  }
  bytes.push_back(kClear);
  return bytes;
}

std::string Cd5220Encoder::Line(absl::string_view utf8) {
  std::string line;
  int columns = 0;
  for (const char32_t character : CodePoints(utf8)) {
    const int width = ColumnsOf(character);
    if (columns + width > kDisplayColumns) break;
    columns += width;
    if (width == 0) continue;
    if (character >= 0x20 && character < 0x7F) {
      line.push_back(static_cast<char>(character));
      continue;
    }
    std::optional<std::string> bytes;
    if (charset_.has_value() && character >= 0xA0) {
      bytes = charset_->Encode(character);
    }
    if (bytes.has_value() && bytes->size() == static_cast<size_t>(width)) {
      line += *bytes;
      continue;
    }
    const char32_t base = BaseLetter(character);
    line.append(static_cast<size_t>(width),
                base >= 0x20 && base < 0x7F ? static_cast<char>(base) : '?');
  }
  return line.append(static_cast<size_t>(kDisplayColumns - columns), ' ');
}

std::string Cd5220Encoder::Encode(const DisplayText& text) {
  return absl::StrCat("\x1BQA", Line(text.upper), "\r\x1BQB", Line(text.lower),
                      "\r");
}

void Cd5220Emulator::Accept(absl::string_view bytes) {
  for (const char c : bytes) {
    pending_.push_back(c);
    if (pending_[0] != kEsc) {
      if (c == kClear) {
        for (std::string& line : lines_) line.assign(kDisplayColumns, ' ');
      }
      pending_.clear();
    } else if (pending_.size() >= 2 && pending_[1] == 'Q') {
      if (c != '\r' && pending_.size() < kPendingMax) continue;
      if (c == '\r' && pending_.size() > 3 &&
          (pending_[2] == 'A' || pending_[2] == 'B')) {
        std::string text = pending_.substr(3, pending_.size() - 4);
        text.resize(kDisplayColumns, ' ');
        lines_[pending_[2] == 'A' ? 0 : 1] = text;
      }
      pending_.clear();
    } else if (pending_.size() >= (pending_[1] == '@' ? 2u : 3u)) {
      pending_.clear();  // ESC @, ESC t n, ESC * n, ...
    }
  }
}

}  // namespace branchline
