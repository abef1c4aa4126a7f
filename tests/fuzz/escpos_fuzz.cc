// An emulated printer puts the same on its paper and gives the same answers
// whether a stream comes whole or byte by byte, and no stream of this size
// makes it print more than its roll.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "devices/printer/emulator/printer_emulator.h"
#include "sync/base/check.h"

namespace {

branchline::PrinterEmulator MakePrinter() {
  auto printer = branchline::PrinterEmulator::Make(
      {*branchline::FindProfile("china-58mm")}, nullptr);
  BL_CHECK(printer.ok(), "a built-in profile works");
  return *std::move(printer);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  branchline::PrinterEmulator whole = MakePrinter();
  whole.Accept(bytes);
  branchline::PrinterEmulator split = MakePrinter();
  for (size_t i = 0; i < size; ++i) {
    split.Accept(bytes.substr(i, 1));
  }
  BL_CHECK(whole.paper().Text() == split.paper().Text(),
           "splitting the stream changed the text");
  BL_CHECK(whole.paper().picture() == split.paper().picture(),
           "splitting the stream changed the picture");
  BL_CHECK(whole.pulse_count() == split.pulse_count(),
           "splitting the stream changed the drawer");
  BL_CHECK(
      whole.paper().picture().height() <= branchline::PaperRoll::kHeightMax,
      "the roll has an end");
  return 0;
}
