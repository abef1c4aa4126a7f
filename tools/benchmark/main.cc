// branchline-bench: our figures beside the alternatives, in one run.

#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/clock.h"
#include "sync/base/libraries.h"
#include "tools/benchmark/benches.h"

namespace {

using branchline::bench::BenchOptions;
using branchline::bench::Results;

struct Part {
  const char* name;
  absl::Status (*run)(const BenchOptions&, Results*);
};

constexpr Part kParts[] = {
    {"disk", branchline::bench::BenchDisk},
    {"commit", branchline::bench::BenchCommit},
    {"chain", branchline::bench::BenchChain},
    {"devices", branchline::bench::BenchDevices},
    {"pricing", branchline::bench::BenchPricing},
    {"prices", branchline::bench::BenchPrices},
};

}  // namespace

namespace branchline::bench {

void Progress(const std::string& doing) {
  static const absl::Duration start = SystemClock().MonotonicNow();
  std::fprintf(stderr, "%5d s  %s\n",
               static_cast<int>(
                   absl::ToInt64Seconds(SystemClock().MonotonicNow() - start)),
               doing.c_str());
}

}  // namespace branchline::bench

int main(int argc, char** argv) {
  branchline::PrepareLibraries();  // as the daemons do
  std::string dir = "build/bench-data";
  std::string format = "table";
  std::string only;
  BenchOptions options;
  CLI::App cli(
      "Measures the durable sale, catch-up after an outage, start, memory, "
      "reports, devices and prices, beside bare RocksDB and SQLite, and the "
      "disk's fdatasync.");
  cli.footer(
      "Exit status:\n  0  measured, every bound held\n  1  could not measure\n"
      "  2  wrong usage\n  6  measured, a bound was missed");
  cli.add_option("--dir", dir,
                 "Where to write; on the disk to be measured. Emptied before "
                 "and after")
      ->capture_default_str();
  cli.add_option("--format", format, "table or json")
      ->check(CLI::IsMember({"table", "json"}))
      ->capture_default_str();
  cli.add_option("--only", only, "One part of it")
      ->check(CLI::IsMember(
          {"disk", "commit", "chain", "devices", "pricing", "prices"}));
  cli.add_flag("--quick", options.quick, "A tenth of the work, to try it");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }
  options.bin_dir =
      std::filesystem::read_symlink("/proc/self/exe").parent_path().string();
  Results results([&](const std::string& row) {
    std::fprintf(format == "json" ? stderr : stdout, "%s\n", row.c_str());
    std::fflush(stdout);
  });
  for (const Part& part : kParts) {
    if (!only.empty() && only != part.name) continue;
    branchline::bench::Progress(absl::StrCat("measuring: ", part.name));
    // Whole: emulated ports are found by it.
    options.dir =
        std::filesystem::absolute(absl::StrCat(dir, "/", part.name)).string();
    std::filesystem::remove_all(options.dir);
    std::filesystem::create_directories(options.dir);
    chmod(options.dir.c_str(), 0700);
    const absl::Status status = part.run(options, &results);
    std::filesystem::remove_all(options.dir);
    if (!status.ok()) {
      std::fprintf(stderr, "branchline-bench %s: %s\n", part.name,
                   std::string(status.message()).c_str());
      return 1;
    }
  }
  if (format == "json") std::fputs(results.Json().c_str(), stdout);
  return results.AllGood() ? 0 : 6;
}
