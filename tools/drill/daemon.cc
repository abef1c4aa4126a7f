#include "tools/drill/daemon.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "sync/base/check.h"
#include "sync/base/status_macros.h"

namespace branchline::drill {
namespace {

// A restart after kill -9 reads what was not yet in a table; that is seconds on
// a busy machine.
constexpr absl::Duration kReadyTimeout = absl::Seconds(60);
constexpr absl::Duration kStopTimeout = absl::Seconds(30);

}  // namespace

uint16_t PortIn(absl::string_view ready_line, absl::string_view name) {
  const size_t colon = ready_line.find(": ");
  if (colon == absl::string_view::npos) return 0;
  const std::vector<absl::string_view> parts =
      absl::StrSplit(ready_line.substr(colon + 2), ", ");
  for (absl::string_view part : parts) {
    if (!absl::ConsumePrefix(&part, name) || !absl::ConsumePrefix(&part, " ")) {
      continue;
    }
    uint32_t port = 0;
    if (absl::SimpleAtoi(part.substr(part.rfind(':') + 1), &port) &&
        port <= 65'535) {
      return static_cast<uint16_t>(port);
    }
  }
  return 0;
}

absl::Status Daemon::Launch() {
  BL_ASSIGN_OR_RETURN(process_, spawner_.Start(options_));
  return absl::OkStatus();
}

absl::Status Daemon::AwaitReady() {
  BL_CHECK(process_ != nullptr, "a daemon that was never launched");
  BL_ASSIGN_OR_RETURN(ready_line_,
                      process_->WaitForLine("ready: ", kReadyTimeout));
  for (const std::string& name : port_names_) {
    if (PortIn(ready_line_, name) != 0) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        options_.argv[0], " said \"", ready_line_, "\", which has no port ",
        name, ": are all programs of the same build?"));
  }
  return absl::OkStatus();
}

absl::Status Daemon::Start() {
  BL_RETURN_IF_ERROR(Launch());
  return AwaitReady();
}

void Daemon::Kill() {
  if (process_ != nullptr) process_->Kill();
}

absl::Status Daemon::Stop() {
  if (process_ == nullptr) return absl::OkStatus();
  BL_ASSIGN_OR_RETURN(const Process::Exit exit,
                      process_->Terminate(kStopTimeout));
  if (!exit.signalled && exit.code == 0) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(options_.argv[0], " was asked to stop and ended otherwise: ",
                   Describe(exit), "; see ", options_.log_path));
}

absl::Status Daemon::Check() {
  if (process_ == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat(options_.argv[0], " was not started"));
  }
  if (process_->Running()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      options_.argv[0], " ended by itself: ", Describe(process_->exit()),
      "; see ", options_.log_path));
}

uint16_t Daemon::port(absl::string_view name) const {
  return PortIn(ready_line_, name);
}

}  // namespace branchline::drill
