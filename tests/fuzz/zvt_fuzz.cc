// A stream of ZVT messages is cut the same however it is split, every message
// that is written again is read as it was, and reading its fields ends.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "devices/terminal/zvt_apdu.h"
#include "sync/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  using branchline::ZvtApdu;
  branchline::ZvtFramer whole;
  branchline::ZvtFramer split;
  std::vector<ZvtApdu> whole_apdus;
  std::vector<ZvtApdu> split_apdus;
  const bool whole_ok =
      whole.Feed(bytes, [&](const ZvtApdu& a) { whole_apdus.push_back(a); })
          .ok();
  bool split_ok = true;
  for (size_t i = 0; i < size && split_ok; ++i) {
    split_ok = split
                   .Feed(bytes.substr(i, 1),
                         [&](const ZvtApdu& a) { split_apdus.push_back(a); })
                   .ok();
  }
  BL_CHECK(whole_ok == split_ok, "splitting changed whether it can be read");
  BL_CHECK(whole_apdus == split_apdus, "splitting changed the messages");
  for (const ZvtApdu& apdu : whole_apdus) {
    branchline::ZvtFramer again;
    int count = 0;
    const bool ok = again
                        .Feed(branchline::EncodeZvt(apdu),
                              [&](const ZvtApdu& a) {
                                ++count;
                                BL_CHECK(a == apdu, "written and read again");
                              })
                        .ok();
    BL_CHECK(ok, "what was written can be read");
    BL_CHECK(count == 1, "one message is one");
    (void)branchline::ParseZvtStatus(apdu.data);
  }
  return 0;
}
