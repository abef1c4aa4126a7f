#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct UConverter;  // ICU's

namespace branchline {

// The characters that one code page or double-byte set of a device has. Names
// are those of printer manuals: "CP437", "CP1252", "GB18030", "GBK", "BIG5",
// "SHIFT_JIS". Exact: a character that is merely similar is not in it.
//
// Not thread-safe: it keeps what it has looked up.
class Charset {
 public:
  //   INVALID_ARGUMENT  no such set
  static absl::StatusOr<Charset> Open(absl::string_view name);

  // The bytes of `character`, or nothing if the set does not have it.
  const std::optional<std::string>& Encode(char32_t character);

  // The characters of `bytes`, U+FFFD for what is none.
  std::u32string Decode(absl::string_view bytes);

 private:
  struct Close {
    void operator()(UConverter* converter) const;
  };
  explicit Charset(UConverter* converter) : converter_(converter) {}

  std::unique_ptr<UConverter, Close> converter_;
  // Bounded by the characters there are.
  std::unordered_map<char32_t, std::optional<std::string>> known_;
};

}  // namespace branchline
