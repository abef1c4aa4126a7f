// A number that can be read is written as the very bytes it was read from, and
// a refusal takes nothing.

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::string_view rest(reinterpret_cast<const char*>(data), size);
  while (true) {
    const absl::string_view before = rest;
    __int128 value = 0;
    if (!branchline::TakeVarint128(&rest, &value)) {
      BL_CHECK(rest == before, "a refusal takes nothing");
      return 0;
    }
    std::string written;
    branchline::AppendVarint128(&written, value);
    BL_CHECK(written == before.substr(0, before.size() - rest.size()),
             "a number has one form");
  }
}
