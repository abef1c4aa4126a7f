#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace branchline {

// Turns the key events of a scanner that plays keyboard into characters. Codes
// and records are those of linux/input-event-codes.h and linux/input.h; the
// layout is the US one, which scanners send whatever the machine's own is.
//
//   - Enter, on either side, is CR
//   - Ctrl+] is FNC1, as scanners send it that can send it at all
//   - keys that write nothing write nothing; a key held down writes once
//   - when the kernel had to drop events, a byte of 00 says so, which makes a
//     LineFramer drop that scan
//
// Records may be split anywhere. Not thread-safe.
class WedgeDecoder {
 public:
  // The characters that `bytes` of struct input_event write.
  std::string Feed(absl::string_view bytes);

  // Drops half a record and held keys: after a reconnect.
  void Reset();

 private:
  void Key(int code, int value, std::string* out);

  std::string pending_;
  int shifts_ = 0;  // bits: left, right
  int ctrls_ = 0;
  bool caps_ = false;
};

}  // namespace branchline
