#include "devices/counter/counter_emulator.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "devices/printer/emulator/png_file.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr absl::Duration kTick = absl::Milliseconds(20);
constexpr absl::Duration kWriteWait = absl::Milliseconds(100);
constexpr int64_t kPlateGramsMax = 30'000;

}  // namespace

absl::StatusOr<std::unique_ptr<CounterEmulator>> CounterEmulator::Open(
    const Options& options) {
  Parts parts;
  BL_ASSIGN_OR_RETURN(const PrinterProfile profile,
                      FindProfile(options.printer_profile));
  auto fonts = OpenFonts(DefaultFontFiles());
  if (fonts.ok()) parts.glyphs = *std::move(fonts);
  BL_ASSIGN_OR_RETURN(PrinterEmulator printer,
                      PrinterEmulator::Make({profile}, parts.glyphs.get()));
  BL_ASSIGN_OR_RETURN(auto printer_port, OpenTcpPort());
  parts.printer = std::make_unique<PrinterEmulatorServer>(
      std::move(printer), std::move(printer_port));
  BL_ASSIGN_OR_RETURN(parts.scanner, OpenPtyPort(options.dir + "/scanner"));
  BL_ASSIGN_OR_RETURN(parts.scale, OpenPtyPort(options.dir + "/scale"));
  BL_ASSIGN_OR_RETURN(parts.display, OpenPtyPort(options.dir + "/display"));
  return std::unique_ptr<CounterEmulator>(
      new CounterEmulator(std::move(parts)));
}

CounterEmulator::CounterEmulator(Parts parts)
    : glyphs_(std::move(parts.glyphs)),
      printer_(std::move(parts.printer)),
      scanner_(std::move(parts.scanner)),
      scale_port_(std::move(parts.scale)),
      display_port_(std::move(parts.display)),
      scale_thread_([this] { ServeScale(); }),
      display_thread_([this] { ServeDisplay(); }),
      drawer_thread_([this] { WatchDrawer(); }) {}

CounterEmulator::~CounterEmulator() {
  stop_ = true;
  scale_thread_.join();
  display_thread_.join();
  drawer_thread_.join();
}

void CounterEmulator::ServeScale() {
  char buffer[256];
  while (!stop_) {
    const auto count = scale_port_->Read(buffer, sizeof(buffer), kTick);
    if (!count.ok() || *count == 0) continue;
    std::string answer;
    {
      absl::MutexLock lock(&mutex_);
      answer = scale_.Answer(absl::string_view(buffer, *count));
    }
    if (!answer.empty()) scale_port_->Write(answer, kWriteWait);
  }
}

void CounterEmulator::ServeDisplay() {
  char buffer[256];
  while (!stop_) {
    const auto count = display_port_->Read(buffer, sizeof(buffer), kTick);
    if (!count.ok() || *count == 0) continue;
    absl::MutexLock lock(&mutex_);
    display_.Accept(absl::string_view(buffer, *count));
  }
}

void CounterEmulator::WatchDrawer() {
  int pulses = 0;
  while (!stop_) {
    printer_->With([&](PrinterEmulator& printer) {
      if (std::exchange(pulses, printer.pulse_count()) !=
          printer.pulse_count()) {
        printer.SetDrawerPinHigh(true);
      }
    });
    absl::MutexLock lock(&mutex_);
    const auto stopped = [this] { return stop_.load(); };
    mutex_.AwaitWithTimeout(absl::Condition(&stopped), kTick);
  }
}

absl::string_view CounterEmulator::Help() {
  return "scan CODE                a code is scanned; ']E0' is put in front\n"
         "scan ]C1CODE             with the identifier that is given\n"
         "weigh 1.250              kilograms lie on the scale\n"
         "weigh empty|moving|over|under\n"
         "paper out|low|ok         of the printer\n"
         "cover open|shut\n"
         "printer mute|talk|cycle  says nothing; answers; off and on again\n"
         "drawer open|shut         by hand\n"
         "show                     what the display shows\n"
         "receipts                 what is on the paper\n"
         "png FILE                 the paper as a picture\n"
         "status                   of all of it, in short\n";
}

absl::StatusOr<std::string> CounterEmulator::Printer(absl::string_view what,
                                                     absl::string_view how) {
  bool known = true;
  if (what == "printer" && how == "cycle") {
    printer_->PowerCycle();
    return std::string();
  }
  printer_->With([&](PrinterEmulator& printer) {
    if (what == "paper" && how == "out") {
      printer.SetPaperLeft(0);
    } else if (what == "paper" && how == "ok") {
      printer.SetPaperLow(false);
      printer.SetPaperLeft(std::nullopt);
    } else if (what == "paper" && how == "low") {
      printer.SetPaperLow(true);
    } else if (what == "cover" && (how == "open" || how == "shut")) {
      printer.SetCoverOpen(how == "open");
    } else if (what == "printer" && (how == "mute" || how == "talk")) {
      printer.SetMute(how == "mute");
    } else if (what == "drawer" && (how == "open" || how == "shut")) {
      printer.SetDrawerPinHigh(how == "open");
    } else {
      known = false;
    }
  });
  if (known) return std::string();
  return absl::InvalidArgumentError(absl::StrCat(
      "'", what, " ", how, "' is no command; there are:\n", Help()));
}

absl::StatusOr<std::string> CounterEmulator::Weigh(absl::string_view what) {
  using State = ScaleReading::State;
  ScaleReading reading;
  if (what == "empty") {
    reading.state = State::kZero;
  } else if (what == "moving") {
    reading.state = State::kMotion;
  } else if (what == "over") {
    reading.state = State::kOver;
  } else if (what == "under") {
    reading.state = State::kUnder;
  } else {
    const auto grams = ParseDecimal(what, 3);
    if (!grams.ok() || *grams < 0 || *grams > kPlateGramsMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("weigh '", what,
                       "', want kilograms from 0 to 30 like 1.250, or empty, "
                       "moving, over, under"));
    }
    reading.state = *grams == 0 ? State::kZero : State::kStable;
    reading.weight_grams = *grams;
  }
  absl::MutexLock lock(&mutex_);
  scale_.Set(reading);
  return std::string();
}

std::string CounterEmulator::Show() {
  absl::MutexLock lock(&mutex_);
  return absl::StrCat("|", display_.lines()[0], "|\n|", display_.lines()[1],
                      "|\n");
}

std::string CounterEmulator::Paper() {
  std::string text;
  printer_->With(
      [&](PrinterEmulator& printer) { text = printer.paper().Text(); });
  return text;
}

absl::StatusOr<std::string> CounterEmulator::Do(absl::string_view command) {
  const std::vector<std::string> words = absl::StrSplit(
      absl::StripAsciiWhitespace(command), absl::MaxSplits(' ', 1));
  const std::string& what = words[0];
  const std::string how =
      words.size() < 2 ? std::string()
                       : std::string(absl::StripAsciiWhitespace(words[1]));
  if (what.empty()) return std::string();
  if (what == "help") return std::string(Help());
  if (what == "show") return Show();
  if (what == "receipts") return Paper();
  if (what == "weigh") return Weigh(how);
  if (what == "scan" && !how.empty()) {
    if (how[0] == ']' && how.size() > 3) {
      scanner_.Scan(how.substr(0, 3), how.substr(3));
    } else {
      scanner_.Scan("]E0", how);
    }
    return std::string();
  }
  if (what == "png" && !how.empty()) {
    absl::Status written;
    printer_->With([&](PrinterEmulator& printer) {
      written = WritePng(how, printer.paper().picture());
    });
    BL_RETURN_IF_ERROR(written);
    return absl::StrCat(how, " is written\n");
  }
  if (what == "status") {
    int lines = 0;
    int pulses = 0;
    printer_->With([&](PrinterEmulator& printer) {
      lines = static_cast<int>(printer.paper().lines().size());
      pulses = printer.pulse_count();
    });
    return absl::StrCat(lines, " lines on paper, the drawer was opened ",
                        pulses, " times\n", Show());
  }
  return Printer(what, how);
}

}  // namespace branchline
