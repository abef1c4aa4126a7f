#include "devices/scale/scale_emulator.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace branchline {

std::string ScaleEmulator::ToledoAnswer() const {
  using State = ScaleReading::State;
  const char* status = "@";
  switch (reading_.state) {
    case State::kStable:
      if (pounds_) return absl::StrFormat("\x02%02d.%02d\r", 2, 75);
      return absl::StrFormat("\x02%02d.%03d%s\r", reading_.weight_grams / 1'000,
                             reading_.weight_grams % 1'000,
                             reading_.is_net ? "N" : "");
    case State::kMotion:
      status = "A";
      break;
    case State::kOver:
      status = "B";
      break;
    case State::kUnder:
      status = "D";
      break;
    case State::kZero:
      status = "P";
      break;
    case State::kOutOfRange:
      status = "H";
      break;
    case State::kNotReady:
      break;
  }
  return absl::StrCat("\x02?", status, "\r");
}

std::string ScaleEmulator::CasAnswer() const {
  using State = ScaleReading::State;
  const char* const sta = reading_.state == State::kMotion ? "U" : "S";
  const char* const sign = reading_.state == State::kOver    ? "F"
                           : reading_.state == State::kUnder ? "-"
                                                             : " ";
  const int64_t grams =
      reading_.state == State::kUnder ? 20 : reading_.weight_grams;
  const std::string body =
      absl::StrFormat("%s%s%2d.%03d%s", sta, sign, grams / 1'000, grams % 1'000,
                      pounds_ ? "lb" : "kg");
  char bcc = bad_checksum_ ? 1 : 0;
  for (const char c : body) bcc = static_cast<char>(bcc ^ c);
  return absl::StrCat("\x01\x02", body, std::string(1, bcc), "\x03\x04");
}

std::string ScaleEmulator::Answer(absl::string_view bytes) {
  std::string answer;
  for (const char c : bytes) {
    if (mute_) continue;
    if (kind_ == Kind::kToledo8217) {
      if (c == 'W') answer += ToledoAnswer();
      if (c == 'Z') {
        reading_ = {ScaleReading::State::kZero, 0, false};
        answer += ToledoAnswer();
      }
    } else {
      if (c == 0x05) answer.push_back(0x06);
      if (c == 0x11) answer += CasAnswer();
    }
  }
  return answer;
}

}  // namespace branchline
