// What a ZVT terminal wants printed.

#include "absl/strings/string_view.h"
#include "devices/terminal/zvt_apdu.h"
#include "devices/text/charset.h"
#include "devices/text/utf8.h"

namespace branchline {
namespace {

constexpr size_t kLinesMax = 500;
constexpr uint8_t kTextBlock = 0x25;
constexpr uint8_t kTextLine = 0x07;

std::string TextOf(absl::string_view bytes) {
  absl::StatusOr<Charset> charset = Charset::Open("CP437");
  if (!charset.ok()) return "";
  std::string text;
  for (const char32_t c : charset->Decode(bytes)) AppendUtf8(&text, c);
  return text;
}

// Takes one TLV object off `*in`: a tag of one byte (or more, if its low five
// bits are set), a length, a value.
bool TakeTlv(absl::string_view* in, uint8_t* tag, absl::string_view* value) {
  if (in->empty()) return false;
  *tag = static_cast<uint8_t>((*in)[0]);
  in->remove_prefix(1);
  if ((*tag & 0x1F) == 0x1F) {
    bool more = true;
    while (more) {
      if (in->empty()) return false;
      more = (static_cast<uint8_t>((*in)[0]) & 0x80) != 0;
      in->remove_prefix(1);
    }
  }
  if (in->empty()) return false;
  size_t size = static_cast<uint8_t>((*in)[0]);
  in->remove_prefix(1);
  if (size >= 0x80) {
    const size_t bytes = size - 0x80;
    if (bytes < 1 || bytes > 2 || in->size() < bytes) return false;
    size = 0;
    for (size_t i = 0; i < bytes; ++i) {
      size = size << 8 | static_cast<uint8_t>((*in)[i]);
    }
    in->remove_prefix(bytes);
  }
  if (in->size() < size) return false;
  *value = in->substr(0, size);
  in->remove_prefix(size);
  return true;
}

void TakeLines(absl::string_view in, std::vector<std::string>* lines) {
  uint8_t tag = 0;
  absl::string_view value;
  while (lines->size() < kLinesMax && TakeTlv(&in, &tag, &value)) {
    if (tag == kTextBlock) TakeLines(value, lines);
    if (tag == kTextLine) lines->push_back(TextOf(value));
  }
}

}  // namespace

std::vector<std::string> ZvtPrintLines(const ZvtApdu& apdu) {
  std::vector<std::string> lines;
  if (apdu.command() == 0x06D1 && !apdu.data.empty()) {
    lines.push_back(TextOf(absl::string_view(apdu.data).substr(1)));
  }
  if (apdu.command() == 0x06D3) {
    const absl::StatusOr<ZvtFields> fields = ParseZvtFields(apdu.data);
    if (fields.ok() && fields->count(0x06) > 0) {
      TakeLines(fields->at(0x06), &lines);
    }
  }
  return lines;
}

}  // namespace branchline
