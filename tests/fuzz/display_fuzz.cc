// Whatever a text holds, the display shows two lines of 20 columns of it and
// obeys nothing in it; and after any noise the next text is shown whole.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "devices/display/cd5220.h"
#include "sync/base/check.h"

namespace {

using branchline::Cd5220Emulator;
using branchline::Cd5220Encoder;
using branchline::kDisplayColumns;

bool IsPlain(const std::string& line) {
  for (const char c : line) {
    if (static_cast<unsigned char>(c) < 0x20) return false;
  }
  return line.size() == static_cast<size_t>(kDisplayColumns);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* page : {"", "CP858", "GB18030"}) {
    auto encoder = Cd5220Encoder::Make(page, std::nullopt);
    BL_CHECK(encoder.ok(), "a page that there is");
    const std::string bytes =
        encoder->Encode({text, branchline::DisplayLine(text, "12.34")});
    Cd5220Emulator display;
    display.Accept(encoder->Start());
    display.Accept(bytes);
    BL_CHECK(IsPlain(display.lines()[0]) && IsPlain(display.lines()[1]),
             "two lines of 20, without a command in them");
    Cd5220Emulator split;
    for (const char c : encoder->Start() + bytes) {
      split.Accept(absl::string_view(&c, 1));
    }
    BL_CHECK(split.lines() == display.lines(), "splitting changed the text");
    // Noise, then a text: the second time at the latest it is there.
    display.Accept(text);
    const std::string hello = encoder->Encode({"HELLO", "12.34"});
    display.Accept(hello);
    display.Accept(hello);
    BL_CHECK(display.lines()[0].substr(0, 5) == "HELLO",
             "a text is shown after noise");
  }
  return 0;
}
