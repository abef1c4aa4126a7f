#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "sync/base/status_macros.h"
#include "tools/cli/commands.h"
#include "tools/cli/drill_report.h"
#include "tools/drill/demo.h"
#include "tools/drill/drill.h"
#include "tools/drill/interrupt.h"

namespace branchline::cli {
namespace {

// Shows where a drill is until it goes away: one line that changes on a
// terminal, else a line every few seconds.
class Ticker {
 public:
  Ticker(const drill::Progress* progress, Run* run)
      : progress_(*progress), run_(*run), tty_(isatty(STDERR_FILENO) != 0) {
    thread_ = std::thread([this] { Loop(); });
  }

  ~Ticker() {
    {
      absl::MutexLock lock(&mutex_);
      over_ = true;
    }
    thread_.join();
    if (tty_) run_.err << "\r\033[K" << std::flush;
  }

 private:
  static constexpr absl::Duration kTick = absl::Milliseconds(100);
  static constexpr int kTicksPerLine = 50;

  void Loop() {
    std::string phase;
    int ticks = 0;
    const auto over = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return over_;
    };
    while (true) {
      const drill::Progress::Seen seen = progress_.Look();
      if (tty_) {
        run_.err << "\r\033[K" << DrillProgressText(seen, Rate(seen))
                 << std::flush;
      } else if (!seen.phase.empty() &&
                 (seen.phase != phase || ++ticks >= kTicksPerLine)) {
        phase = seen.phase;
        ticks = 0;
        run_.err << DrillProgressText(seen, Rate(seen)) << std::endl;
      }
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&over), kTick)) return;
    }
  }

  // Receipts a second since the first.
  int64_t Rate(const drill::Progress::Seen& seen) {
    const absl::Duration now = run_.clock.MonotonicNow();
    if (seen.receipts == 0) begun_ = now;
    const int64_t millis = absl::ToInt64Milliseconds(now - begun_);
    return millis <= 0 ? 0 : seen.receipts * 1'000 / millis;
  }

  const drill::Progress& progress_;
  Run& run_;
  const bool tty_;
  absl::Duration begun_;
  absl::Mutex mutex_;
  bool over_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

struct DrillFlags {
  drill::DrillOptions options;
  bool no_faults = false;
  Format format = Format::kTable;
};

absl::Status Drill(DrillFlags flags, Run& run) {
  flags.options.faults = !flags.no_faults;
  drill::Progress progress;
  absl::StatusOr<drill::DrillResult> result =
      absl::UnknownError("the drill did not run");
  {
    const drill::Interrupt interrupt([&progress] { progress.stop = true; });
    const Ticker ticker(&progress, &run);
    result = drill::RunDrill(flags.options, &progress, &run.clock);
  }
  if (absl::IsCancelled(result.status())) {
    return absl::CancelledError(
        absl::StrCat("interrupted: every process was stopped, ",
                     flags.options.work_dir, " is left as it is"));
  }
  BL_RETURN_IF_ERROR(result.status());
  PrintDrill(*result, flags.format, flags.options.work_dir, run);
  if (result->differences.count == 0) return absl::OkStatus();
  return WithExit(absl::DataLossError(absl::StrCat(
                      result->differences.count,
                      " figures differ from what the file comes to by itself")),
                  ExitCode::kDiffers);
}

absl::Status Demo(drill::DemoOptions options, Run& run) {
  std::atomic<bool> stop = false;
  const drill::Interrupt interrupt([&stop] { stop = true; });
  options.colours = isatty(STDOUT_FILENO) != 0;
  const absl::Status status =
      drill::RunDemo(options, run.out, stop, &run.clock);
  return absl::IsDataLoss(status) ? WithExit(status, ExitCode::kDiffers)
                                  : status;
}

}  // namespace

void AddDrillCommands(CLI::App& app, Run& run) {
  const auto flags = std::make_shared<DrillFlags>();
  CLI::App* command = AddCommand(
      app,
      {"drill",
       "The outage rehearsal: starts a hub and N branches on this machine, "
       "rings up the receipts of a sales file through their tills while it "
       "cuts and slows lines and kills processes with -9, heals everything, "
       "and compares the hub's books with what the file comes to. Stops what "
       "it started and leaves DIR behind: DIR/hub, DIR/B01 ...",
       "  branchline drill --file sales.csv.gz --branches 4 --seed 7 \\\n"
       "      --work-dir /tmp/drill\n"
       "  branchline report sales --hub-data /tmp/drill/hub --by month\n"
       "  branchline journal verify --data /tmp/drill/B01\n"},
      {ExitCode::kDamaged, ExitCode::kNoSpace, ExitCode::kDiffers}, run,
      [flags, &run] { return Drill(*flags, run); });
  command
      ->add_option("--file", flags->options.file,
                   "Sales as CSV, plain or gzipped")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--branches", flags->options.branches,
                   "How many branches share the file's stores. Default: 3")
      ->type_name("N")
      ->check(CLI::Range(1, drill::kDrillBranchesMax));
  command
      ->add_option("--seed", flags->options.seed,
                   "Decides what goes wrong, and when. Default: 1")
      ->type_name("S");
  command
      ->add_option("--work-dir", flags->options.work_dir,
                   "An empty directory, or one to be made; for the owner's "
                   "eyes only")
      ->type_name("DIR")
      ->required();
  command->add_flag("--skip-bad", flags->options.skip_bad,
                    "Leave out the file's broken rows, and list them");
  command->add_flag("--no-faults", flags->no_faults,
                    "Nothing goes wrong: to compare with");
  AddFormat(command, &flags->format);

  const auto demo = std::make_shared<drill::DemoOptions>();
  command = AddCommand(
      app,
      {"demo",
       "Plays a day of a chain of shops with an outage in it, on real "
       "processes, and ends with the books. Stays up until Ctrl-C.",
       "  branchline demo\n"
       "  branchline demo --once --seed 7 --work-dir /tmp/demo\n"},
      {ExitCode::kNoSpace, ExitCode::kDiffers}, run,
      [demo, &run] { return Demo(*demo, run); });
  command->add_flag("--once", demo->once, "End by itself after the day");
  command->add_option("--seed", demo->seed, "Decides who buys what. Default: 1")
      ->type_name("S");
  command
      ->add_option("--work-dir", demo->work_dir,
                   "An empty directory, or one to be made. Default: a new one "
                   "below /tmp, which stays")
      ->type_name("DIR");
}

}  // namespace branchline::cli
