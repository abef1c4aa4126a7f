#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline {

enum class Parity { kNone, kEven, kOdd };
enum class FlowControl { kNone, kXonXoff, kRtsCts };

// How a serial line is spoken. The defaults are what most scanners and receipt
// printers come with; a Toledo scale wants 9600 7E1.
struct SerialSettings {
  int baud = 9600;
  int data_bits = 8;  // 7 or 8
  Parity parity = Parity::kNone;
  int stop_bits = 1;  // 1 or 2
  FlowControl flow = FlowControl::kNone;

  bool operator==(const SerialSettings&) const = default;
};

// "9600 7E1", "115200 8N1 rtscts": baud, then bits, parity (N, E, O) and stop
// bits, then optionally none, xonxoff or rtscts.
//
//   INVALID_ARGUMENT  anything else; the message says what was wanted
absl::StatusOr<SerialSettings> ParseSerialSettings(absl::string_view text);

// The same form again.
std::string ToText(const SerialSettings& settings);

}  // namespace branchline
