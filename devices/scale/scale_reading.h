#pragma once

#include <cstdint>
#include <string>

namespace branchline {

// What a scale says at one moment.
struct ScaleReading {
  enum class State {
    kStable,      // `weight_grams` is a weight that may be sold by
    kMotion,      // still moving
    kOver,        // more than it can weigh
    kUnder,       // less than nothing: something was taken off after zeroing
    kZero,        // empty and stable
    kNotReady,    // no weight just now, and it does not say why
    kOutOfRange,  // it cannot be brought to zero: clean it, restart it
  };
  State state = State::kNotReady;
  int64_t weight_grams = 0;  // kStable only; positive
  bool is_net = false;       // a tare is taken off

  bool operator==(const ScaleReading&) const = default;
};

// For people: "1.250 kg", "1.250 kg net", "moving", "too heavy".
std::string ToText(const ScaleReading& reading);

}  // namespace branchline
