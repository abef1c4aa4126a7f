#include "devices/transport/serial_settings.h"

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace branchline {
namespace {

constexpr int kBaudMin = 300;
constexpr int kBaudMax = 4'000'000;

absl::Status WrongSettings(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "serial settings '", text,
      "': want for example '9600 8N1' or '9600 7E1 xonxoff' (baud, bits with "
      "parity N, E or O and stop bits, then none, xonxoff or rtscts)"));
}

}  // namespace

absl::StatusOr<SerialSettings> ParseSerialSettings(absl::string_view text) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, ' ', absl::SkipEmpty());
  if (words.size() < 2 || words.size() > 3) return WrongSettings(text);
  SerialSettings settings;
  if (!absl::SimpleAtoi(words[0], &settings.baud) || settings.baud < kBaudMin ||
      settings.baud > kBaudMax) {
    return WrongSettings(text);
  }
  const absl::string_view frame = words[1];
  if (frame.size() != 3) return WrongSettings(text);
  if (frame[0] != '7' && frame[0] != '8') return WrongSettings(text);
  settings.data_bits = frame[0] - '0';
  switch (frame[1]) {
    case 'N':
      settings.parity = Parity::kNone;
      break;
    case 'E':
      settings.parity = Parity::kEven;
      break;
    case 'O':
      settings.parity = Parity::kOdd;
      break;
    default:
      return WrongSettings(text);
  }
  if (frame[2] != '1' && frame[2] != '2') return WrongSettings(text);
  settings.stop_bits = frame[2] - '0';
  if (words.size() == 3) {
    if (words[2] == "xonxoff") {
      settings.flow = FlowControl::kXonXoff;
    } else if (words[2] == "rtscts") {
      settings.flow = FlowControl::kRtsCts;
    } else if (words[2] != "none") {
      return WrongSettings(text);
    }
  }
  return settings;
}

std::string ToText(const SerialSettings& settings) {
  const char parity = settings.parity == Parity::kNone   ? 'N'
                      : settings.parity == Parity::kEven ? 'E'
                                                         : 'O';
  std::string text = absl::StrCat(settings.baud, " ", settings.data_bits,
                                  std::string(1, parity), settings.stop_bits);
  if (settings.flow == FlowControl::kXonXoff)
    absl::StrAppend(&text, " xonxoff");
  if (settings.flow == FlowControl::kRtsCts) absl::StrAppend(&text, " rtscts");
  return text;
}

}  // namespace branchline
