#include "tools/drill/demo_voice.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace branchline::drill {
namespace {

constexpr absl::string_view kBold = "1";
constexpr absl::string_view kRed = "31";
constexpr absl::string_view kGreen = "32";
constexpr absl::string_view kCyan = "36";

}  // namespace

std::string DemoVoice::Painted(absl::string_view code,
                               absl::string_view text) const {
  return colours_ ? absl::StrCat("\033[", code, "m", text, "\033[0m")
                  : std::string(text);
}

void DemoVoice::Title(absl::string_view text) {
  out_ << "\n" << Painted(kBold, text) << "\n" << std::flush;
}

void DemoVoice::Event(absl::string_view time, Mood mood,
                      absl::string_view text) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string line =
        absl::StrCat(i == 0 ? time : "     ", "  ", lines[i]);
    out_ << (mood == Mood::kBad    ? Painted(kRed, line)
             : mood == Mood::kGood ? Painted(kGreen, line)
                                   : line)
         << "\n";
  }
  out_ << std::flush;
}

void DemoVoice::Line(absl::string_view text) {
  out_ << text << "\n" << std::flush;
}

void DemoVoice::Command(absl::string_view text) {
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    out_ << "  " << Painted(kCyan, line) << "\n";
  }
  out_ << std::flush;
}

}  // namespace branchline::drill
