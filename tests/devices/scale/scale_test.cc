#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "devices/scale/scale_driver.h"
#include "devices/scale/scale_emulator.h"
#include "devices/scale/scale_protocol.h"
#include "devices/scale/weigh_gate.h"
#include "sync/base/random.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

struct AnswerCase {
  const char* name;
  bool is_cas;
  std::string bytes;
  std::vector<std::string> readings;
  int64_t refused;
};

// A CAS frame of its body, with a right checksum.
std::string Cas(const std::string& body) {
  char bcc = 0;
  for (const char c : body) bcc = static_cast<char>(bcc ^ c);
  return "\x01\x02" + body + std::string(1, bcc) + "\x03\x04";
}

class ScaleAnswer : public ::testing::TestWithParam<AnswerCase> {
 protected:
  void Check(bool split) {
    auto protocol = GetParam().is_cas ? MakeCasType6() : MakeToledo8217();
    std::vector<std::string> readings;
    const auto keep = [&](const ScaleReading& r) {
      readings.push_back(ToText(r));
    };
    const std::string& bytes = GetParam().bytes;
    for (size_t i = 0; split && i < bytes.size(); ++i) {
      (void)protocol->Feed(absl::string_view(bytes).substr(i, 1), keep);
    }
    if (!split) (void)protocol->Feed(bytes, keep);
    EXPECT_EQ(readings, GetParam().readings);
    EXPECT_EQ(protocol->refused_count(), GetParam().refused);
  }
};

TEST_P(ScaleAnswer, IsReadWhole) { Check(false); }
TEST_P(ScaleAnswer, IsReadByteByByte) { Check(true); }

INSTANTIATE_TEST_SUITE_P(
    Forms, ScaleAnswer,
    ::testing::ValuesIn(std::vector<AnswerCase>{
        // The answers of the manuals.
        {"Weight",
         false,
         "\x02"
         "01.250\r",
         {"1.250 kg"},
         0},
        {"Net",
         false,
         "\x02"
         "01.250N\r",
         {"1.250 kg net"},
         0},
        {"Heavy",
         false,
         "\x02"
         "14.995\r",
         {"14.995 kg"},
         0},
        {"NoWeight", false, "\x02?@\r", {"not ready"}, 0},
        {"Motion", false, "\x02?A\r", {"moving"}, 0},
        {"Over", false, "\x02?B\r", {"too heavy"}, 0},
        {"Under", false, "\x02?D\r", {"below zero"}, 0},
        {"NoZero", false, "\x02?H\r", {"cannot find its zero"}, 0},
        {"Zero", false, "\x02?P\r", {"empty"}, 0},
        {"ZeroMoving", false, "\x02?Q\r", {"moving"}, 0},
        {"ZeroWeight",
         false,
         "\x02"
         "00.000\r",
         {"empty"},
         0},
        {"ParityBit",
         false,
         "\x82"
         "01.250\x8D",
         {"1.250 kg"},
         0},
        {"Pounds",
         false,
         "\x02"
         "02.75\r",
         {},
         1},
        {"TooLong",
         false,
         "\x02"
         "001.250\r",
         {},
         1},
        {"PointElsewhere",
         false,
         "\x02"
         "012.50\r",
         {},
         1},
        {"Letters",
         false,
         "\x02"
         "0A.250\r",
         {},
         1},
        {"StatusWithoutItsBit", false, "\x02?!\r", {}, 1},
        {"Noise",
         false,
         "zz\r\x02"
         "01.250\r",
         {"1.250 kg"},
         0},
        {"CutOff",
         false,
         "\x02"
         "01.2\x02"
         "03.000\r",
         {"3.000 kg"},
         1},
        {"NoEnd",
         false,
         "\x02" + std::string(100, '1') + "\x02?P\r",
         {"empty"},
         1},
        {"CasWeight", true, Cas("S  1.250kg"), {"1.250 kg"}, 0},
        {"CasHeavy", true, Cas("S 14.995kg"), {"14.995 kg"}, 0},
        {"CasTwoDecimals", true, Cas("S   1.25kg"), {"1.250 kg"}, 0},
        {"CasMotion", true, Cas("U  1.250kg"), {"moving"}, 0},
        {"CasUnder", true, Cas("S- 0.020kg"), {"below zero"}, 0},
        {"CasOver", true, Cas("SF      kg"), {"too heavy"}, 0},
        {"CasZero", true, Cas("S  0.000kg"), {"empty"}, 0},
        {"CasPounds", true, Cas("S  2.750lb"), {}, 1},
        {"CasGrams", true, Cas("S   1250kg"), {}, 1},
        {"CasState", true, Cas("X  1.250kg"), {}, 1},
        {"CasNoDigits", true, Cas("S   .250kg"), {}, 1},
        {"CasChecksum", true, "\x01\x02S  1.250kg0\x03\x04", {}, 1},
        {"CasNoise", true, "\x06zz" + Cas("S  1.250kg"), {"1.250 kg"}, 0},
        {"CasCutOff",
         true,
         "\x01\x02S  1." + Cas("S  3.000kg"),
         {"3.000 kg"},
         1},
        {"CasSohAlone",
         true,
         "\x01\x01\x02S  1.250kg" + Cas("S  1.250kg").substr(12),
         {"1.250 kg"},
         1},
    }),
    [](const auto& param) { return std::string(param.param.name); });

TEST(CasType6Test, ShakesHandsOnce) {
  auto protocol = MakeCasType6();
  EXPECT_EQ(protocol->Ask(), "\x05");
  const auto ignore = [](const ScaleReading&) {};
  EXPECT_EQ(protocol->Feed("\x06", ignore), "\x11");
  EXPECT_EQ(protocol->Feed("\x06", ignore), "");  // nobody asked
}

ScaleReading Stable(int64_t grams) {
  return {ScaleReading::State::kStable, grams, false};
}
ScaleReading Is(ScaleReading::State state) { return {state, 0, false}; }
using State = ScaleReading::State;

TEST(WeighGateTest, AWeightIsForOneItem) {
  WeighGate gate;
  const absl::Duration now = absl::Seconds(1);
  gate.OnReading(Stable(1'250), now);
  EXPECT_EQ(gate.Take(now)->weight_grams, 1'250);
  const auto taken = StatusIs(absl::StatusCode::kFailedPrecondition,
                              HasSubstr("take the goods off"));
  EXPECT_THAT(gate.Take(now), taken);
  gate.OnReading(Stable(1'250), now);
  EXPECT_THAT(gate.Take(now), taken);
  gate.OnReading(Stable(900), now);  // changed without motion: not believed
  EXPECT_THAT(gate.Take(now), taken);
  gate.OnReading(Is(State::kNotReady), now);
  EXPECT_THAT(gate.Take(now), taken);
  gate.OnReading(Is(State::kMotion), now);
  gate.OnReading(Stable(900), now);
  EXPECT_EQ(gate.Take(now)->weight_grams, 900);
  gate.OnReading(Is(State::kZero), now);
  gate.OnReading(Stable(900), now);
  EXPECT_EQ(gate.Take(now)->weight_grams, 900);
}

TEST(WeighGateTest, OnlyAStableWeightIsTaken) {
  WeighGate gate;
  const absl::Duration now = absl::Seconds(1);
  const std::vector<std::pair<State, const char*>> others = {
      {State::kMotion, "moving"},      {State::kOver, "too heavy"},
      {State::kUnder, "below zero"},   {State::kZero, "empty"},
      {State::kNotReady, "not ready"}, {State::kOutOfRange, "its zero"}};
  for (const auto& [state, words] : others) {
    gate.OnReading(Is(state), now);
    EXPECT_THAT(gate.Take(now),
                StatusIs(absl::StatusCode::kAborted, HasSubstr(words)));
  }
}

TEST(WeighGateTest, AnOldWeightIsNone) {
  WeighGate gate;
  const auto silent =
      StatusIs(absl::StatusCode::kUnavailable, HasSubstr("says nothing"));
  EXPECT_THAT(gate.Take(absl::Seconds(1)), silent);
  gate.OnReading(Stable(1'250), absl::Seconds(1));
  EXPECT_THAT(gate.Take(absl::Milliseconds(2'001)), silent);
  gate.OnReading(Stable(1'250), absl::Seconds(3));
  gate.OnLost();
  EXPECT_THAT(gate.Take(absl::Seconds(3)), silent);
}

// Some scales say a weight once, then "not ready" until the load changes.
TEST(WeighGateTest, AWeightSaidOnceStandsUntilItChanges) {
  WeighGate gate;
  gate.OnReading(Stable(1'250), absl::Seconds(1));
  gate.OnReading(Is(State::kNotReady), absl::Seconds(5));
  EXPECT_EQ(gate.Take(absl::Seconds(5))->weight_grams, 1'250);
}

// A wire to an emulated scale without threads.
class ScaleWire final : public Transport {
 public:
  ScaleWire(ScaleEmulator* scale, FakeClock* clock)
      : scale_(scale), clock_(clock) {}
  absl::Status Open() override {
    open_ = true;
    return absl::OkStatus();
  }
  absl::StatusOr<size_t> Read(char* buffer, size_t size,
                              absl::Duration timeout) override {
    const size_t count = pending_.copy(buffer, size);
    pending_.erase(0, count);
    if (count == 0) clock_->Advance(timeout);
    return count;
  }
  using Transport::Write;
  absl::Status Write(absl::string_view bytes, absl::Duration,
                     size_t* written) override {
    *written = bytes.size();
    pending_ += scale_->Answer(bytes);
    return absl::OkStatus();
  }
  void Close() override { open_ = false; }
  bool IsOpen() const override { return open_; }
  std::string name() const override { return "scale"; }

 private:
  ScaleEmulator* const scale_;
  FakeClock* const clock_;
  bool open_ = false;
  std::string pending_;
};

class ScaleDriverTest : public ::testing::TestWithParam<bool> {
 protected:
  bool is_cas() const { return GetParam(); }
  void Run(int steps) {
    for (int i = 0; i < steps; ++i) driver_.Step(absl::Milliseconds(100));
  }

  FakeClock clock_;
  SeededRandom random_{1};
  ScaleEmulator scale_{GetParam() ? ScaleEmulator::Kind::kCasType6
                                  : ScaleEmulator::Kind::kToledo8217};
  ScaleDriver driver_{GetParam() ? MakeCasType6() : MakeToledo8217(),
                      std::make_unique<ScaleWire>(&scale_, &clock_), &clock_,
                      &random_};
};

INSTANTIATE_TEST_SUITE_P(Protocols, ScaleDriverTest, ::testing::Bool(),
                         [](const auto& param) {
                           return param.param ? "cas" : "toledo";
                         });

TEST_P(ScaleDriverTest, WeighsOneItemAfterTheOther) {
  scale_.Set(Stable(1'250));
  Run(10);
  EXPECT_EQ(driver_.Take()->weight_grams, 1'250);
  Run(10);
  EXPECT_EQ(driver_.Take().status().code(),
            absl::StatusCode::kFailedPrecondition);
  scale_.Set(Is(State::kMotion));
  Run(10);
  EXPECT_EQ(driver_.Take().status().code(), absl::StatusCode::kAborted);
  scale_.Set(Stable(300));
  Run(10);
  EXPECT_EQ(driver_.Take()->weight_grams, 300);
}

TEST_P(ScaleDriverTest, RefusesPounds) {
  scale_.Set(Stable(1'250));
  scale_.SetPounds(true);
  Run(10);
  EXPECT_EQ(driver_.Take().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_GT(driver_.Report().refused_count, 0);
}

TEST_P(ScaleDriverTest, AScaleThatFallsSilentIsOpenedAnew) {
  scale_.Set(Stable(1'250));
  Run(10);
  scale_.SetMute(true);
  Run(60);
  EXPECT_EQ(driver_.Take().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(driver_.Report().link.last_error,
              HasSubstr("answers no question"));
  scale_.SetMute(false);
  clock_.Advance(absl::Seconds(20));
  Run(10);
  EXPECT_THAT(driver_.Take(), IsOk());
}

TEST_P(ScaleDriverTest, GoesToZeroWhereItCan) {
  scale_.Set(Stable(20));
  Run(10);
  if (is_cas()) {
    EXPECT_THAT(driver_.Zero(), StatusIs(absl::StatusCode::kUnimplemented,
                                         HasSubstr("its own key")));
    return;
  }
  ASSERT_THAT(driver_.Zero(), IsOk());
  Run(10);
  EXPECT_EQ(ToText(driver_.Report().last), "empty");
}

}  // namespace
}  // namespace branchline
