#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"

namespace branchline {

// One thing an ESC/POS printer is told: a command with all its bytes, or one
// byte of text.
struct EscposCommand {
  enum class Kind {
    kText,     // one byte of text, or the bytes of one double-byte character
    kControl,  // one control character: LF, CR, HT, FF, CAN, NUL, ...
    kCommand,  // ESC, FS, GS or DLE and what belongs to it
    kUnknown,  // ESC, FS, GS or DLE and a byte that no command begins with
  };
  Kind kind = Kind::kText;
  std::string bytes;  // whole

  // The byte at `i`, 0 past the end.
  int At(size_t i) const {
    return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
  }
  // Whether it begins with these two bytes.
  bool Is(int first, int second) const {
    return kind == Kind::kCommand && At(0) == first && At(1) == second;
  }
};

// Cuts a byte stream into commands, as a printer does. The lengths of commands
// are from Epson's command reference. A command of more than kCommandSizeMax
// bytes is taken apart as text: no printer has such a buffer.
//
// Not thread-safe.
class EscposParser {
 public:
  static constexpr size_t kCommandSizeMax = 1 << 20;

  // Adds bytes to what is to be parsed.
  void Append(absl::string_view bytes);

  // The next command, if it is whole. `double_byte` says whether a byte from
  // 81h on starts a pair just now, which commands change: so one at a time.
  std::optional<EscposCommand> Next(bool double_byte);

  size_t pending_size() const { return bytes_.size() - at_; }
  // The power went.
  void Clear();

 private:
  std::string bytes_;
  size_t at_ = 0;  // parsed before here
};

}  // namespace branchline
