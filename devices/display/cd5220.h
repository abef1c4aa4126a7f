#pragma once

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "devices/text/charset.h"

namespace branchline {

inline constexpr int kDisplayLines = 2;
inline constexpr int kDisplayColumns = 20;

// What a customer display shows.
struct DisplayText {
  std::string upper;  // UTF-8
  std::string lower;

  bool operator==(const DisplayText&) const = default;
};

// A name to the left and an amount to the right of one line; the amount is
// whole, and the name gives way.
std::string DisplayLine(absl::string_view left, absl::string_view right);

// The bytes for a customer display of two lines of 20 that speaks CD5220, as
// nearly all pole displays can be set to: ESC Q A text CR and ESC Q B text CR,
// each of exactly 20 columns, so that nothing of the text before remains.
// Characters go by `code_page`, then without their accent, then as "?"; what
// takes two columns does so on the glass too. Nothing in a text can be taken
// for a command.
//
// Not thread-safe: it keeps what it has looked up.
class Cd5220Encoder {
 public:
  // `code_page` as of Charset, or empty: ASCII. `page_number`: of ESC t, if the
  // display needs it.
  //
  //   INVALID_ARGUMENT  no such code page
  static absl::StatusOr<Cd5220Encoder> Make(absl::string_view code_page,
                                            std::optional<int> page_number);

  // Once after the line was opened: ESC @, and the code page.
  std::string Start() const;
  std::string Encode(const DisplayText& text);

 private:
  std::string Line(absl::string_view utf8);

  std::optional<Charset> charset_;
  std::optional<int> page_number_;
};

// A display without the display: takes bytes, shows two lines. Not thread-safe.
class Cd5220Emulator {
 public:
  void Accept(absl::string_view bytes);
  // 20 bytes each.
  const std::array<std::string, kDisplayLines>& lines() const { return lines_; }

 private:
  std::array<std::string, kDisplayLines> lines_ = {
      std::string(kDisplayColumns, ' '), std::string(kDisplayColumns, ' ')};
  std::string pending_;
};

}  // namespace branchline
