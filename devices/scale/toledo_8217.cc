// METTLER TOLEDO 8217:
//
//   W -> STX WW.WWW CR        stable, kilograms; N before CR: net
//        STX ? S CR           no weight; S has one bit for each reason
//   Z -> STX ? S CR
//
// S: bit 0 motion, 1 over capacity, 2 under zero, 3 outside the range that zero
// can be set in, 4 centre of zero, 5 net weight, 6 always 1.

#include <cctype>
#include <utility>

#include "devices/scale/scale_protocol.h"

namespace branchline {
namespace {

constexpr char kCr = 0x0D;
constexpr size_t kWeightTextSize = 6;  // "WW.WWW"

class Toledo8217 final : public ScaleProtocol {
 public:
  std::string Ask() override {
    answer_.clear();
    return "W";
  }
  std::string Zero() override { return "Z"; }

  std::string Feed(
      absl::string_view bytes,
      absl::FunctionRef<void(const ScaleReading&)> on_reading) override {
    for (const char raw : bytes) {
      const char c = static_cast<char>(raw & 0x7F);
      if (c == kStx) {
        // The one before was cut off.
        if (!answer_.empty()) ++refused_count_;
        answer_.assign(1, c);
      } else if (answer_.empty()) {
        continue;  // noise
      } else if (c == kCr) {
        Whole(on_reading);
      } else if (answer_.size() >= kReplySizeMax) {
        answer_.clear();
        ++refused_count_;
      } else {
        answer_.push_back(c);
      }
    }
    return "";
  }

  int64_t refused_count() const override { return refused_count_; }

 private:
  void Whole(absl::FunctionRef<void(const ScaleReading&)> on_reading) {
    const std::string answer = std::exchange(answer_, "");
    const absl::string_view body = absl::string_view(answer).substr(1);
    ScaleReading reading;
    if (body.size() == 2 && body[0] == '?' && (body[1] & 0x40) != 0) {
      reading.state = StateOf(body[1]);
      return on_reading(reading);
    }
    if (!ReadWeight(body, &reading)) {
      ++refused_count_;
      return;
    }
    on_reading(reading);
  }

  static ScaleReading::State StateOf(char status) {
    const auto bit = [status](int n) { return (status >> n & 1) != 0; };
    if (bit(1)) return ScaleReading::State::kOver;
    if (bit(2)) return ScaleReading::State::kUnder;
    if (bit(0)) return ScaleReading::State::kMotion;
    if (bit(4)) return ScaleReading::State::kZero;
    if (bit(3)) return ScaleReading::State::kOutOfRange;
    return ScaleReading::State::kNotReady;
  }

  // Kilograms have their point after two digits; pounds, "WW.WW", are too
  // short, and so refused.
  static bool ReadWeight(absl::string_view body, ScaleReading* reading) {
    if (!body.empty() && body.back() == 'N') {
      reading->is_net = true;
      body.remove_suffix(1);
    }
    if (body.size() != kWeightTextSize || body[2] != '.') return false;
    int64_t grams = 0;
    for (size_t i = 0; i < body.size(); ++i) {
      if (i == 2) continue;
      // Blanks may stand for leading zeros.
      const char c = body[i] == ' ' && i == 0 ? '0' : body[i];
      if (c < '0' || c > '9') return false;
      grams = grams * 10 + (c - '0');
    }
    reading->weight_grams = grams;
    reading->state =
        grams == 0 ? ScaleReading::State::kZero : ScaleReading::State::kStable;
    return true;
  }

  std::string answer_;  // from STX on; empty: none has begun
  int64_t refused_count_ = 0;
};

}  // namespace

std::unique_ptr<ScaleProtocol> MakeToledo8217() {
  return std::make_unique<Toledo8217>();
}

}  // namespace branchline
