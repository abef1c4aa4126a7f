// branchline-edge: one branch of a chain.

#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <thread>

#include "edge/edge_app.h"
#include "sync/base/libraries.h"
#include "sync/base/version.h"

namespace {

constexpr int kOk = 0;
constexpr int kRefused = 1;
constexpr int kUsage = 2;
constexpr int kDamaged = 4;
constexpr int kDiskFull = 5;

int ExitCode(const absl::Status& status) {
  if (status.ok()) return kOk;
  if (absl::IsDataLoss(status)) return kDamaged;
  if (absl::IsResourceExhausted(status)) return kDiskFull;
  return kRefused;
}

int Complain(const absl::Status& status) {
  std::fprintf(stderr, "branchline-edge: %s\n",
               std::string(status.message()).c_str());
  return ExitCode(status);
}

}  // namespace

int main(int argc, char** argv) {
  branchline::EdgeApp::Options options;
  CLI::App cli(
      "The daemon of one branch: keeps its ledger, serves its tills, and "
      "replicates its journal to the hub whenever the line is up.");
  cli.footer(
      "Example:\n"
      "  branchline edge join --data /var/lib/branchline --hub hub:7701 "
      "--token BL1...\n"
      "  branchline-edge --data /var/lib/branchline\n\n"
      "Exit status:\n"
      "  0  stopped by SIGTERM or SIGINT, everything on disk\n"
      "  1  refused: not joined, in use, another branch's, a port is taken\n"
      "  2  wrong usage\n"
      "  4  the ledger is damaged; nothing of it is served\n"
      "  5  the disk is full");
  cli.set_version_flag("--version",
                       std::string("branchline-edge ") + branchline::kVersion);
  cli.add_option("--data", options.data_dir, "The branch's data directory")
      ->required()
      ->envname("BRANCHLINE_DATA");
  cli.add_option("--till-port", options.till_port,
                 "Port of the till service on gRPC, on loopback; 0: any free")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  cli.add_option("--http-port", options.http_port,
                 "Port of the till service as Connect JSON, /healthz and "
                 "/metrics, on loopback; 0: any free")
      ->capture_default_str()
      ->check(CLI::Range(0, 65535));
  cli.add_option("--lan", options.lan_address,
                 "Also serve tills on this address of the shop's network, over "
                 "TLS, once a till is paired");
  cli.add_option("--hub", options.hub_address,
                 "The hub's sync port, host:port, if it has moved");
  cli.add_option("--hub-enrol", options.enrol_address,
                 "The hub's enrolment port, host:port, if it has moved");
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? kOk : kUsage;
  }
  spdlog::set_default_logger(spdlog::stderr_logger_mt("edge"));
  branchline::PrepareLibraries();
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %L %v",
                      spdlog::pattern_time_type::utc);

  // Signals are taken by a thread of our own, so that stopping is ordinary
  // code.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  branchline::EdgeApp app(options);
  if (const absl::Status status = app.Start(); !status.ok()) {
    return Complain(status);
  }
  for (const std::string& line : app.verified()) spdlog::info("{}", line);
  std::printf("ready: till 127.0.0.1:%d, http 127.0.0.1:%d\n", app.till_port(),
              app.http_port());
  std::fflush(stdout);
  std::thread([&app, signals]() {
    int received = 0;
    sigwait(&signals, &received);
    app.AskToStop();
  }).detach();
  const absl::Status ended = app.Wait();
  if (!ended.ok()) return Complain(ended);
  spdlog::info("stopped; everything is on disk");
  return kOk;
}
