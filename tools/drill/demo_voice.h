#pragma once

#include <ostream>
#include <string>

#include "absl/strings/string_view.h"

namespace branchline::drill {

// How the demo talks: plain words in 80 columns, colours on a terminal only.
// Not thread-safe.
class DemoVoice {
 public:
  DemoVoice(std::ostream& out, bool colours) : out_(out), colours_(colours) {}

  void Title(absl::string_view text);
  // Something that happens: "10:00  text". `text` may have several lines.
  enum class Mood { kPlain, kBad, kGood };
  void Event(absl::string_view time, Mood mood, absl::string_view text);
  // A line as it is.
  void Line(absl::string_view text = "");
  // A command for the reader to type.
  void Command(absl::string_view text);

 private:
  std::string Painted(absl::string_view code, absl::string_view text) const;

  std::ostream& out_;
  const bool colours_;
};

}  // namespace branchline::drill
