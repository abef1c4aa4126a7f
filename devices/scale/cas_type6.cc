// CAS type 6:
//
//   host ENQ -> scale ACK
//   host DC1 -> scale SOH STX STA SIGN W5 W4 W3 W2 W1 W0 UN1 UN0 BCC ETX EOT
//
// STA: S stable, U unstable. SIGN: blank, - negative, F overload. W: six
// characters with their point. UN: "kg" or "lb". BCC: STA to UN0, exclusive or.

#include <utility>

#include "devices/scale/scale_protocol.h"

namespace branchline {
namespace {

constexpr char kSoh = 0x01;
constexpr char kEtx = 0x03;
constexpr char kEot = 0x04;
constexpr char kEnq = 0x05;
constexpr char kAck = 0x06;
constexpr char kDc1 = 0x11;

constexpr size_t kFrameSize = 15;
constexpr size_t kBodyAt = 2;     // STA
constexpr size_t kBodySize = 10;  // STA to UN0
constexpr size_t kWeightAt = 4;
constexpr size_t kWeightSize = 6;

class CasType6 final : public ScaleProtocol {
 public:
  std::string Ask() override {
    frame_.clear();
    asked_ = true;
    return std::string(1, kEnq);
  }
  std::string Zero() override { return ""; }

  std::string Feed(
      absl::string_view bytes,
      absl::FunctionRef<void(const ScaleReading&)> on_reading) override {
    std::string send;
    for (const char c : bytes) {
      if (frame_.empty()) {
        if (c == kAck && asked_) {
          asked_ = false;
          send.push_back(kDc1);
        } else if (c == kSoh) {
          frame_.push_back(c);
        }
        continue;
      }
      // A frame has one length, so what is in it is not looked for SOH: a
      // checksum may be one.
      frame_.push_back(c);
      if (frame_.size() == 2 && c != kStx) Refuse(c);
      if (frame_.size() == kFrameSize) Whole(on_reading);
    }
    return send;
  }

  int64_t refused_count() const override { return refused_count_; }

 private:
  void Refuse(char last) {
    ++refused_count_;
    frame_.clear();
    if (last == kSoh) frame_.push_back(last);
  }

  void Whole(absl::FunctionRef<void(const ScaleReading&)> on_reading) {
    const std::string frame = std::exchange(frame_, "");
    char bcc = 0;
    for (size_t i = kBodyAt; i < kBodyAt + kBodySize; ++i) {
      bcc = static_cast<char>(bcc ^ frame[i]);
    }
    ScaleReading reading;
    if (frame[kFrameSize - 3] != bcc || frame[kFrameSize - 2] != kEtx ||
        frame[kFrameSize - 1] != kEot || !ReadBody(frame, &reading)) {
      ++refused_count_;
      return Resume(frame, on_reading);
    }
    on_reading(reading);
  }

  // A frame that was cut off, with the next one behind it: reads that one.
  void Resume(const std::string& frame,
              absl::FunctionRef<void(const ScaleReading&)> on_reading) {
    const size_t next = frame.find(kSoh, 1);
    if (next == std::string::npos) return;
    (void)Feed(absl::string_view(frame).substr(next), on_reading);
  }

  static bool ReadBody(const std::string& frame, ScaleReading* reading) {
    if (frame[10] != 'k' || frame[11] != 'g') return false;
    const char sta = frame[2];
    const char sign = frame[3];
    if ((sta != 'S' && sta != 'U') ||
        (sign != ' ' && sign != '-' && sign != 'F')) {
      return false;
    }
    if (sign == 'F') {
      reading->state = ScaleReading::State::kOver;
      return true;
    }
    int64_t grams = 0;
    if (!ReadWeight(absl::string_view(frame).substr(kWeightAt, kWeightSize),
                    &grams)) {
      return false;
    }
    reading->state = sta == 'U'    ? ScaleReading::State::kMotion
                     : grams == 0  ? ScaleReading::State::kZero
                     : sign == '-' ? ScaleReading::State::kUnder
                                   : ScaleReading::State::kStable;
    if (reading->state == ScaleReading::State::kStable) {
      reading->weight_grams = grams;
    }
    return true;
  }

  // Blanks, digits, a point, digits: at most three of those.
  static bool ReadWeight(absl::string_view text, int64_t* grams) {
    int decimals = -1;  // no point yet
    bool has_digit = false;
    for (const char c : text) {
      if (c == ' ' && !has_digit && decimals < 0) continue;
      if (c == '.' && decimals < 0 && has_digit) {
        decimals = 0;
        continue;
      }
      if (c < '0' || c > '9' || decimals >= 3) return false;
      has_digit = true;
      *grams = *grams * 10 + (c - '0');
      if (decimals >= 0) ++decimals;
    }
    if (decimals < 1) return false;  // grams, or nothing at all
    for (; decimals < 3; ++decimals) *grams *= 10;
    return true;
  }

  std::string frame_;  // from SOH on; empty: none has begun
  bool asked_ = false;
  int64_t refused_count_ = 0;
};

}  // namespace

std::unique_ptr<ScaleProtocol> MakeCasType6() {
  return std::make_unique<CasType6>();
}

}  // namespace branchline
