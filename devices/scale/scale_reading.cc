#include "devices/scale/scale_reading.h"

#include "absl/strings/str_format.h"

namespace branchline {

std::string ToText(const ScaleReading& reading) {
  switch (reading.state) {
    case ScaleReading::State::kStable:
      return absl::StrFormat("%d.%03d kg%s", reading.weight_grams / 1'000,
                             reading.weight_grams % 1'000,
                             reading.is_net ? " net" : "");
    case ScaleReading::State::kMotion:
      return "moving";
    case ScaleReading::State::kOver:
      return "too heavy";
    case ScaleReading::State::kUnder:
      return "below zero";
    case ScaleReading::State::kZero:
      return "empty";
    case ScaleReading::State::kNotReady:
      return "not ready";
    case ScaleReading::State::kOutOfRange:
      return "cannot find its zero";
  }
  return "unknown";
}

}  // namespace branchline
