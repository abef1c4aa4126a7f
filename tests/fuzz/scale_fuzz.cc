// Splitting a scale's bytes changes no reading, no weight is without sense, and
// after any noise the second whole answer at the latest is read.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "devices/scale/scale_emulator.h"
#include "devices/scale/scale_protocol.h"
#include "sync/base/check.h"

namespace {

using branchline::ScaleEmulator;
using branchline::ScaleProtocol;
using branchline::ScaleReading;

void Check(std::unique_ptr<ScaleProtocol> whole,
           std::unique_ptr<ScaleProtocol> split, absl::string_view bytes,
           absl::string_view answer) {
  std::vector<ScaleReading> whole_readings;
  std::vector<ScaleReading> split_readings;
  (void)whole->Feed(bytes, [&](const ScaleReading& reading) {
    whole_readings.push_back(reading);
  });
  for (size_t i = 0; i < bytes.size(); ++i) {
    (void)split->Feed(bytes.substr(i, 1), [&](const ScaleReading& reading) {
      split_readings.push_back(reading);
    });
  }
  BL_CHECK(whole_readings == split_readings, "splitting changed the readings");
  for (const ScaleReading& reading : whole_readings) {
    const bool is_stable = reading.state == ScaleReading::State::kStable;
    BL_CHECK(is_stable == (reading.weight_grams != 0),
             "a weight is there exactly when it may be sold by");
    BL_CHECK(reading.weight_grams >= 0, "a weight is positive");
  }
  bool is_read = false;
  for (int i = 0; i < 2; ++i) {
    (void)whole->Feed(answer, [&](const ScaleReading& reading) {
      is_read |= reading.weight_grams == 1'250;
    });
  }
  BL_CHECK(is_read, "a weight is read after noise");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  ScaleEmulator toledo(ScaleEmulator::Kind::kToledo8217);
  ScaleEmulator cas(ScaleEmulator::Kind::kCasType6);
  for (ScaleEmulator* const scale : {&toledo, &cas}) {
    scale->Set({ScaleReading::State::kStable, 1'250, false});
  }
  Check(branchline::MakeToledo8217(), branchline::MakeToledo8217(), bytes,
        toledo.Answer("W"));
  Check(branchline::MakeCasType6(), branchline::MakeCasType6(), bytes,
        cas.Answer("\x11"));
  return 0;
}
