// branchline-hub: one set of books for a chain.

#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <thread>

#include "hub/hub_app.h"
#include "sync/base/libraries.h"
#include "sync/base/version.h"

namespace {

constexpr int kOk = 0;
constexpr int kRefused = 1;
constexpr int kUsage = 2;
constexpr int kDamaged = 4;
constexpr int kDiskFull = 5;

int Complain(const absl::Status& status) {
  std::fprintf(stderr, "branchline-hub: %s\n",
               std::string(status.message()).c_str());
  if (absl::IsDataLoss(status)) return kDamaged;
  if (absl::IsResourceExhausted(status)) return kDiskFull;
  return kRefused;
}

void AddOptions(CLI::App* cli, branchline::HubApp::Options* options) {
  const CLI::Range port(0, 65535);
  cli->add_option("--data", options->data_dir,
                  "The hub's data directory, made by 'branchline hub init'")
      ->required()
      ->envname("BRANCHLINE_HUB_DATA");
  cli->add_option("--listen", options->listen,
                  "Address of the enrolment and sync ports")
      ->capture_default_str();
  cli->add_option("--enrol-port", options->enrol_port,
                  "Port where boxes join and renew; 0: any free")
      ->capture_default_str()
      ->check(port);
  cli->add_option("--sync-port", options->sync_port,
                  "Port where branches push and pull; 0: any free")
      ->capture_default_str()
      ->check(port);
  cli->add_option("--http-port", options->http_port,
                  "Port of /healthz, /metrics and reports as Connect JSON, on "
                  "loopback; 0: any free")
      ->capture_default_str()
      ->check(port);
  cli->add_option("--port-file", options->port_file,
                  "Also write the ports here, as JSON; they are always in "
                  "DIR/ports.json");
}

}  // namespace

int main(int argc, char** argv) {
  branchline::HubApp::Options options;
  CLI::App cli(
      "The daemon of the hub: gathers the journals of all branches into one "
      "set of books, enrols their boxes and answers reports.");
  cli.footer(
      "Example:\n"
      "  branchline hub init --data /var/lib/branchline-hub --name Acme\n"
      "  branchline-hub --data /var/lib/branchline-hub\n\n"
      "Exit status:\n"
      "  0  stopped by SIGTERM or SIGINT; what was acked is on disk\n"
      "  1  refused: not set up, in use, of another kind, a port is taken\n"
      "  2  wrong usage\n"
      "  4  the books are damaged; nothing of them is served\n"
      "  5  the disk is full");
  cli.set_version_flag("--version",
                       std::string("branchline-hub ") + branchline::kVersion);
  AddOptions(&cli, &options);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? kOk : kUsage;
  }
  spdlog::set_default_logger(spdlog::stderr_logger_mt("hub"));
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

  branchline::HubApp app(options);
  if (const absl::Status status = app.Start(); !status.ok()) {
    return Complain(status);
  }
  for (const std::string& line : app.books().verified())
    spdlog::info("{}", line);
  const branchline::HubServers& servers = app.servers();
  std::printf("ready: sync %s:%d, enrol %s:%d, http 127.0.0.1:%d\n",
              options.listen.c_str(), servers.sync_port(),
              options.listen.c_str(), servers.enrol_port(),
              servers.http_port());
  std::fflush(stdout);
  std::thread([&app, signals]() {
    int received = 0;
    sigwait(&signals, &received);
    app.AskToStop();
  }).detach();
  const absl::Status ended = app.Wait();
  if (!ended.ok()) return Complain(ended);
  spdlog::info("stopped; everything acked is on disk");
  return kOk;
}
