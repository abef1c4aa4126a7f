// Splitting a scanner's stream changes no scan, and after any noise the scan
// that follows a terminator is read.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "devices/scanner/line_framer.h"
#include "sync/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  const absl::Duration now = absl::Seconds(1);
  std::vector<std::string> whole;
  std::vector<std::string> split;
  branchline::LineFramer framer_whole;
  branchline::LineFramer framer_split;
  const auto keep = [](std::vector<std::string>* scans) {
    return [scans](absl::string_view scan) {
      scans->push_back(std::string(scan));
    };
  };
  framer_whole.Feed(bytes, now, keep(&whole));
  for (size_t i = 0; i < size; ++i) {
    framer_split.Feed(bytes.substr(i, 1), now, keep(&split));
  }
  BL_CHECK(whole == split, "splitting the stream changed the scans");
  framer_whole.Feed("\r4006381333931\r", now, keep(&whole));
  BL_CHECK(whole.back() == "4006381333931", "a scan is read after noise");
  return 0;
}
