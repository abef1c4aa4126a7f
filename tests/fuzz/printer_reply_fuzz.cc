// Replies of a printer are the same however the stream is split, and after any
// noise and at most one longest reply's worth of silence from it, a proof of
// printing is read again.

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "devices/printer/printer_reply.h"
#include "sync/base/check.h"

namespace {

using branchline::PrinterReply;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  branchline::PrinterReplyParser whole;
  branchline::PrinterReplyParser split;
  std::vector<size_t> whole_kinds;
  std::vector<size_t> split_kinds;
  whole.Feed(bytes, [&](const PrinterReply& reply) {
    whole_kinds.push_back(reply.index());
  });
  for (size_t i = 0; i < size; ++i) {
    split.Feed(bytes.substr(i, 1), [&](const PrinterReply& reply) {
      split_kinds.push_back(reply.index());
    });
  }
  BL_CHECK(whole_kinds == split_kinds, "splitting the stream changed replies");
  BL_CHECK(whole.dropped_bytes() == split.dropped_bytes(),
           "splitting the stream changed what was dropped");

  // A byte that fits nowhere ends whatever was half read.
  bool proven = false;
  whole.Feed(absl::string_view("\xFF\x37\x22"
                               "abcd\0",
                               8),
             [&](const PrinterReply& reply) {
               const auto* const proof =
                   std::get_if<branchline::ProcessReply>(&reply);
               proven |= proof != nullptr && proof->token == "abcd";
             });
  BL_CHECK(proven, "a proof is read after noise");
  return 0;
}
