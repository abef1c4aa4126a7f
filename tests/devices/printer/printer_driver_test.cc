// The printer's driver, queue and emulator together, without threads: what is
// on the paper when things go wrong.

#include "devices/printer/printer_driver.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "devices/printer/emulator/printer_emulator.h"
#include "devices/printer/receipt_encoder.h"
#include "sync/base/random.h"
#include "tests/devices/printer/emulator_transport.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace branchline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr absl::Duration kTick = absl::Milliseconds(100);

// A slip of one line, a picture and a cut, which opens the drawer.
ReceiptDocument Slip(const std::string& words) {
  Bitmap picture(380, 100);
  for (int i = 0; i < 100; ++i) picture.Set(i, i);
  return {{DrawerBlock{}, TextBlock{{{words, {}}}}, ImageBlock{picture},
           TextBlock{{{absl::StrCat("end of ", words), {}}}}, CutBlock{}}};
}

class PrinterDriverTest : public ::testing::Test {
 protected:
  explicit PrinterDriverTest(const std::string& profile = "")
      : profile_(*FindProfile(profile.empty() ? "epson-80mm" : profile)) {
    NewPrinter({profile_, 300});
    Start();
  }

  void NewPrinter(const PrinterEmulator::Options& options) {
    printer_ = std::make_unique<PrinterEmulator>(
        *PrinterEmulator::Make(options, nullptr));
    world_.printer = printer_.get();
  }

  // The edge starts, or starts again after it was killed.
  void Start() {
    world_.dead = false;
    world_.bytes_to_live.reset();
    driver_ = *PrinterDriver::Make(profile_,
                                   std::make_unique<EmulatorTransport>(&world_),
                                   &store_, &clock_, &random_);
  }

  absl::Status Print(const std::string& id) {
    auto encoder = ReceiptEncoder::Make(profile_, nullptr);
    return driver_->Print(id, *encoder->Encode(Slip(id)),
                          *encoder->EncodeCopy(Slip(id), "COPY"));
  }

  void Run(absl::Duration time) {
    for (absl::Duration past; past < time && !world_.dead; past += kTick) {
      driver_->Step(absl::ZeroDuration());
      clock_.Advance(kTick);
    }
  }

  std::string StateOf(const std::string& id) {
    for (const PrintJob& job : driver_->Jobs()) {
      if (job.id == id) return ToText(job.state);
    }
    return "unknown";
  }

  // Slips that came out whole, in order: "a", "copy of b".
  std::vector<std::string> WholeSlips() const {
    std::vector<std::string> slips;
    std::string begun;
    bool is_copy = false;
    for (const std::string& line : printer_->paper().lines()) {
      if (absl::StrContains(line, "COPY")) {
        is_copy = true;
      } else if (absl::StartsWith(line, "end of ")) {
        if (line == "end of " + begun) {
          slips.push_back((is_copy ? "copy of " : "") + begun);
        }
      } else if (line == "[cut]") {
        begun.clear();
        is_copy = false;
      } else if (!absl::StartsWith(line, "[") && begun.empty()) {
        begun = line;
      }
    }
    return slips;
  }

  const PrinterProfile profile_;
  std::unique_ptr<PrinterEmulator> printer_;
  PrinterWorld world_;
  MemoryPrintJobStore store_{&world_};
  FakeClock clock_;
  SeededRandom random_{1};
  std::unique_ptr<PrinterDriver> driver_;
};

TEST_F(PrinterDriverTest, PrintsOnceAndKnowsIt) {
  ASSERT_THAT(Print("a"), IsOk());
  ASSERT_THAT(Print("b"), IsOk());
  ASSERT_THAT(Print("a"), IsOk());  // the till asks twice
  Run(absl::Seconds(10));
  EXPECT_EQ(StateOf("a"), "printed");
  EXPECT_THAT(WholeSlips(), ElementsAre("a", "b"));
  EXPECT_EQ(printer_->pulse_count(), 2);
  EXPECT_EQ(driver_->Report().waiting_jobs, 0u);
  EXPECT_EQ(ToText(*driver_->Report().status), "ready");
}

TEST_F(PrinterDriverTest, WaitsForAPrinterThatIsOff) {
  printer_->SetPower(false);
  ASSERT_THAT(Print("a"), IsOk());
  Run(absl::Minutes(10));
  EXPECT_FALSE(driver_->Report().link.open);
  EXPECT_EQ(StateOf("a"), "waiting");
  printer_->SetPower(true);
  Run(absl::Seconds(30));
  EXPECT_THAT(WholeSlips(), ElementsAre("a"));
}

TEST_F(PrinterDriverTest, SendsNothingWhileThereIsNoPaper) {
  printer_->SetPaperLeft(0);
  ASSERT_THAT(Print("a"), IsOk());
  Run(absl::Minutes(10));
  EXPECT_EQ(StateOf("a"), "waiting");
  EXPECT_EQ(ToText(*driver_->Report().status), "paper out");
  printer_->SetPaperLeft(std::nullopt);
  Run(absl::Seconds(30));
  EXPECT_THAT(WholeSlips(), ElementsAre("a"));
}

// The printer has taken all of it, runs out, and is helped: it goes on by
// itself, so no copy is needed.
TEST_F(PrinterDriverTest, PaperOutAfterAllWasSentNeedsNoCopy) {
  NewPrinter({profile_, 4'096});  // room for all of it
  printer_->SetPaperLeft(40);     // the text fits, the picture does not
  ASSERT_THAT(Print("a"), IsOk());
  Run(absl::Minutes(5));
  EXPECT_EQ(StateOf("a"), "printing");
  EXPECT_EQ(ToText(*driver_->Report().status), "paper out");
  printer_->SetPaperLeft(std::nullopt);
  Run(absl::Seconds(10));
  EXPECT_EQ(StateOf("a"), "printed");
  EXPECT_THAT(WholeSlips(), ElementsAre("a"));
  EXPECT_EQ(printer_->pulse_count(), 1);
}

// The printer stops in the picture with its buffer full: what follows must not
// come out as letters, and the slip is printed again as a copy.
TEST_F(PrinterDriverTest, PaperOutInsideAPictureIsACopyWithoutGarbage) {
  ASSERT_THAT(Print("a"), IsOk());
  printer_->SetPaperLeft(40);
  Run(absl::Minutes(5));
  EXPECT_EQ(StateOf("a"), "not known to be printed");
  printer_->SetPaperLeft(std::nullopt);
  Run(absl::Seconds(30));
  EXPECT_EQ(StateOf("a"), "printed");
  EXPECT_THAT(WholeSlips(), ElementsAre("copy of a"));
  EXPECT_EQ(printer_->pulse_count(), 1);
  for (const std::string& line : printer_->paper().lines()) {
    EXPECT_TRUE(line.empty() || line == "a" || line == "end of a" ||
                absl::StrContains(line, "COPY") || absl::StartsWith(line, "["))
        << "garbage: " << line;
  }
}

TEST_F(PrinterDriverTest, ALostWordIsACopyAtMost) {
  ASSERT_THAT(Print("a"), IsOk());
  printer_->SetMute(true);  // it prints, and its word is lost
  Run(absl::Seconds(1));
  printer_->SetMute(false);
  driver_->Step(absl::ZeroDuration());
  ASSERT_THAT(Print("b"), IsOk());
  Run(absl::Minutes(2));
  // Whatever the first attempt did, only one slip is without a mark.
  EXPECT_EQ(StateOf("a"), "printed");
  int unmarked = 0;
  for (const std::string& slip : WholeSlips()) unmarked += slip == "a" ? 1 : 0;
  EXPECT_EQ(unmarked, 1);
}

// It prints and never says so: three times at most, two of them marked, then a
// person is asked; the next slip is not held up for ever.
TEST_F(PrinterDriverTest, APrinterWithoutAWordGetsNoEndlessCopies) {
  PrinterEmulator::Options options{profile_, 300};
  options.profile.proof = PrintProof::kStatus;  // ignores GS ( H
  NewPrinter(options);
  ASSERT_THAT(Print("a"), IsOk());
  Run(absl::Hours(1));
  EXPECT_EQ(StateOf("a"), "failed");
  EXPECT_THAT(WholeSlips(), ElementsAre("a", "copy of a", "copy of a"));
  EXPECT_EQ(printer_->pulse_count(), 1);
  EXPECT_EQ(driver_->Report().failed_jobs, 1u);
}

TEST_F(PrinterDriverTest, AReprintIsACopyAndOpensNoDrawer) {
  ASSERT_THAT(Print("a"), IsOk());
  EXPECT_THAT(driver_->Reprint("a"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("it is waiting")));
  Run(absl::Seconds(10));
  ASSERT_THAT(driver_->Reprint("a"), IsOk());
  Run(absl::Seconds(10));
  EXPECT_THAT(WholeSlips(), ElementsAre("a", "copy of a"));
  EXPECT_EQ(printer_->pulse_count(), 1);
  EXPECT_THAT(driver_->Reprint("z"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("'z'")));
}

TEST_F(PrinterDriverTest, GivesUpWhatHasNotBegun) {
  printer_->SetCoverOpen(true);
  ASSERT_THAT(Print("a"), IsOk());
  Run(absl::Seconds(2));
  ASSERT_THAT(driver_->GiveUp("a"), IsOk());
  printer_->SetCoverOpen(false);
  Run(absl::Seconds(10));
  EXPECT_THAT(WholeSlips(), ElementsAre());
  EXPECT_THAT(driver_->GiveUp("a"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("it is failed")));
}

TEST_F(PrinterDriverTest, SendsNothingThatIsNotOnDisk) {
  store_.next_save = absl::ResourceExhaustedError("disk full");
  EXPECT_THAT(Print("a"), StatusIs(absl::StatusCode::kResourceExhausted,
                                   HasSubstr("disk full")));
  EXPECT_EQ(StateOf("a"), "unknown");
  store_.next_save = absl::OkStatus();
  ASSERT_THAT(Print("b"), IsOk());
  store_.next_save = absl::ResourceExhaustedError("disk full");
  Run(absl::Minutes(1));
  EXPECT_THAT(WholeSlips(), ElementsAre());
  EXPECT_EQ(driver_->Report().last_trouble, "disk full");
  store_.next_save = absl::OkStatus();
  Run(absl::Seconds(10));
  EXPECT_THAT(WholeSlips(), ElementsAre("b"));
}

TEST_F(PrinterDriverTest, OpensTheDrawerWithoutPaper) {
  Run(absl::Seconds(1));
  ASSERT_THAT(driver_->OpenDrawer({}), IsOk());
  Run(kTick);
  EXPECT_EQ(printer_->pulse_count(), 1);
  printer_->SetPaperLeft(0);
  Run(absl::Seconds(1));
  ASSERT_THAT(driver_->OpenDrawer({5}), IsOk());
  Run(kTick);
  EXPECT_EQ(printer_->pulse_count(), 2);
  EXPECT_THAT(
      driver_->OpenDrawer({4}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("pin 2 or 5")));
}

TEST_F(PrinterDriverTest, ADrawerDoesNotSpringOpenLater) {
  EXPECT_THAT(driver_->OpenDrawer({}),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("its key")));
  Run(absl::Seconds(1));
  ASSERT_THAT(driver_->OpenDrawer({}), IsOk());
  clock_.Advance(PrinterDriver::kPulseMaxAge * 2);
  Run(absl::Seconds(5));
  EXPECT_EQ(printer_->pulse_count(), 0);
}

TEST_F(PrinterDriverTest, DropsALineThatNeverAnswers) {
  printer_->SetMute(true);
  Run(absl::Seconds(5));
  EXPECT_THAT(driver_->Report().link.last_error,
              HasSubstr("answers no question"));
}

// Every proof, the process killed at every byte that it sends and around every
// save: each slip comes out, once without a mark at most, and opens the drawer
// once at most.
class KilledPrinterTest : public PrinterDriverTest,
                          public ::testing::WithParamInterface<std::string> {
 protected:
  KilledPrinterTest() : PrinterDriverTest(GetParam()) {}

  // A life that ends as told, then a life that does not.
  void TwoLives(absl::FunctionRef<void()> fault) {
    fault();
    const absl::Status queued = Print("a");
    Run(absl::Seconds(30));
    world_.bytes_to_live.reset();
    store_.die_before_save = store_.die_after_save = 0;
    Start();
    // The till does not know whether its call got through: it asks again.
    ASSERT_THAT(Print("a"), IsOk()) << queued;
    Run(absl::Minutes(3));
    const std::vector<std::string> slips = WholeSlips();
    int unmarked = 0;
    for (const std::string& slip : slips) unmarked += slip == "a" ? 1 : 0;
    EXPECT_GE(slips.size(), 1u) << "nothing came out";
    EXPECT_LE(unmarked, 1) << "two slips without a mark";
    EXPECT_LE(slips.size(), 2u);
    EXPECT_LE(printer_->pulse_count(), 1);
    EXPECT_EQ(StateOf("a"), "printed");
  }

  void Reset() {
    NewPrinter({profile_, 300});
    store_ = MemoryPrintJobStore(&world_);
    Start();
  }
};

TEST_P(KilledPrinterTest, AtEveryByte) {
  TwoLives([] {});
  const size_t bytes = world_.bytes_sent;
  for (size_t byte = 1; byte < bytes; byte += byte < 300 ? 1 : 41) {
    SCOPED_TRACE(absl::StrCat("killed after byte ", byte));
    Reset();
    TwoLives([&] { world_.bytes_to_live = byte; });
    if (HasFailure()) return;
  }
}

TEST_P(KilledPrinterTest, AroundEverySave) {
  for (int save = 1; save <= 4; ++save) {
    for (const bool before : {true, false}) {
      SCOPED_TRACE(
          absl::StrCat("killed ", before ? "before" : "after", " save ", save));
      Reset();
      TwoLives([&] {
        (before ? store_.die_before_save : store_.die_after_save) = save;
      });
      if (HasFailure()) return;
    }
  }
}

// The printer is switched off and on at every byte, with the wire cut by it (as
// of a network printer) and not (as of a serial one).
TEST_P(KilledPrinterTest, PowerCycledAtEveryStep) {
  for (const bool wire_too : {true, false}) {
    for (int step = 0; step < 12; ++step) {
      SCOPED_TRACE(absl::StrCat("step ", step, wire_too ? ", wire cut" : ""));
      Reset();
      ASSERT_THAT(Print("a"), IsOk());
      Run(kTick * step);
      printer_->SetPower(false);
      if (wire_too) Run(kTick);
      printer_->SetPower(true);
      Run(absl::Minutes(3));
      int unmarked = 0;
      for (const std::string& s : WholeSlips()) unmarked += s == "a" ? 1 : 0;
      EXPECT_GE(WholeSlips().size(), 1u);
      EXPECT_LE(unmarked, 1);
      EXPECT_LE(printer_->pulse_count(), 1);
      if (HasFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Profiles, KilledPrinterTest,
                         ::testing::Values("epson-80mm", "china-80mm", "plain"),
                         [](const auto& param) {
                           return param.param.substr(0, 5);
                         });

}  // namespace
}  // namespace branchline
