#include "edge/devices/terminal_host.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "devices/terminal/currency_number.h"
#include "sync/base/status_macros.h"
#include "sync/identity/secret_file.h"

namespace branchline {
namespace {

constexpr absl::Duration kTaskPoll = absl::Milliseconds(20);

}  // namespace

TerminalHost::TerminalHost(const v1::Device& device,
                           const DeviceAddress& address,
                           TerminalSettings settings, Options options)
    : PaymentHost(device),
      clock_(options.clock),
      driver_(std::move(settings), std::move(options.unsettled),
              MakeTransport(address), options.store, options.clock,
              options.random) {}

absl::StatusOr<std::unique_ptr<TerminalHost>> TerminalHost::Make(
    const v1::Device& device, Options options) {
  BL_ASSIGN_OR_RETURN(const DeviceAddress address,
                      ParseDeviceAddress(device.address()));
  TerminalSettings settings;
  settings.currency = options.currency;
  settings.time_zone = options.time_zone;
  BL_ASSIGN_OR_RETURN(settings.currency_number,
                      CurrencyNumber(options.currency));
  const auto password = ReadSecretFile(options.password_file);
  if (password.ok()) {
    settings.password = std::string(absl::StripAsciiWhitespace(*password));
  } else if (!absl::IsNotFound(password.status())) {
    return password.status();
  }
  BL_RETURN_IF_ERROR(TerminalDriver::Check(settings));
  return std::unique_ptr<TerminalHost>(new TerminalHost(
      device, address, std::move(settings), std::move(options)));
}

void TerminalHost::Step() { driver_.Step(kQuickStepWait); }

absl::StatusOr<TerminalTaskReport> TerminalHost::Run(TerminalTask task,
                                                     absl::Duration wait) {
  absl::MutexLock lock(&task_mutex_);
  (void)driver_.TakeTaskReport();  // of one that nobody waited for
  BL_RETURN_IF_ERROR(driver_.Run(task));
  const absl::Duration until = clock_->MonotonicNow() + wait;
  absl::Notification never;
  while (clock_->MonotonicNow() < until) {
    if (auto report = driver_.TakeTaskReport()) return *std::move(report);
    never.WaitForNotificationWithTimeout(kTaskPoll);
  }
  return absl::DeadlineExceededError(
      absl::StrCat("terminal ", device().name(),
                   " is still at it; its display says what it waits for"));
}

absl::StatusOr<std::string> TerminalHost::FetchBill(absl::CivilDay) {
  return absl::InvalidArgumentError(absl::StrCat(
      device().name(),
      " is a card terminal: its end of day is its bill, run that"));
}

v1::DeviceState TerminalHost::State() const {
  const TerminalReport report = driver_.Report();
  v1::DeviceState state = StateOf(report.link);
  if (!report.link.open) return state;
  state.set_ready(report.phase == ZvtMachine::Phase::kIdle);
  state.set_says(ToText(report.phase));
  if (!report.terminal_id.empty()) {
    state.set_last_said(absl::StrCat("terminal ", report.terminal_id));
  }
  return state;
}

void TerminalHost::Test(absl::Duration wait, v1::TestDeviceResponse* response) {
  response->add_lines("asked to call its host (diagnosis); nothing is paid");
  const auto report = Run(TerminalTask::kDiagnosis, wait);
  response->set_passed(report.ok() && report->status.ok());
  if (!report.ok()) {
    response->add_lines(std::string(report.status().message()));
  } else {
    for (const std::string& line : report->slip) {
      response->add_lines(absl::StrCat("| ", line));
    }
    if (!report->status.ok()) {
      response->add_lines(std::string(report->status.message()));
    }
  }
  response->add_lines(absl::StrCat("the terminal: ", State().says()));
}

}  // namespace branchline
