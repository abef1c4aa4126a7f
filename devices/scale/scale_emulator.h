#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "devices/scale/scale_reading.h"

namespace branchline {

// A scale without the scale: set what lies on it, feed it what the driver
// sends, and send back what it answers. No port and no thread. Not thread-safe.
class ScaleEmulator {
 public:
  enum class Kind { kToledo8217, kCasType6 };

  explicit ScaleEmulator(Kind kind) : kind_(kind) {}

  void Set(const ScaleReading& reading) { reading_ = reading; }
  // Misbehaviour.
  void SetMute(bool mute) { mute_ = mute; }
  void SetPounds(bool pounds) { pounds_ = pounds; }
  void SetBadChecksum(bool bad) { bad_checksum_ = bad; }

  // What it answers to `bytes`.
  std::string Answer(absl::string_view bytes);

 private:
  std::string ToledoAnswer() const;
  std::string CasAnswer() const;

  const Kind kind_;
  ScaleReading reading_{ScaleReading::State::kZero, 0, false};
  bool mute_ = false;
  bool pounds_ = false;
  bool bad_checksum_ = false;
};

}  // namespace branchline
