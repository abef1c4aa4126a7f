#include "edge/devices/wallet_host.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "devices/payment/payment_words.h"
#include "devices/wallet/bill_call.h"
#include "sync/base/status_macros.h"

namespace branchline {

WalletHost::WalletHost(const v1::Device& device, WalletMerchant merchant,
                       Options options)
    : PaymentHost(device),
      merchant_(std::move(merchant)),
      clock_(options.clock),
      random_(options.random),
      gateway_(merchant_),
      driver_(merchant_, std::move(options.unsettled), &gateway_, options.store,
              options.clock, options.random),
      second_([this] {
        while (!stop_second_) driver_.Step(kStepWait);
      }) {}

WalletHost::~WalletHost() {
  stop_second_ = true;
  Stop();
  second_.join();
}

absl::StatusOr<std::unique_ptr<WalletHost>> WalletHost::Make(
    const v1::Device& device, Options options) {
  BL_ASSIGN_OR_RETURN(WalletMerchant merchant,
                      LoadWalletMerchant(options.merchant_file));
  if (merchant.currency != options.currency) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.merchant_file, ": the wallet is in ",
                     merchant.currency, ", the branch in ", options.currency));
  }
  return std::unique_ptr<WalletHost>(
      new WalletHost(device, std::move(merchant), std::move(options)));
}

void WalletHost::Step() { driver_.Step(kStepWait); }

absl::Status WalletHost::AskAgain(const PaymentAttempt&) {
  return absl::FailedPreconditionError(
      "a wallet is asked again by itself until it says what became of it");
}

absl::StatusOr<TerminalTaskReport> WalletHost::Run(TerminalTask,
                                                   absl::Duration) {
  return absl::InvalidArgumentError(absl::StrCat(
      device().name(),
      " is a wallet: it has no end of day, compare its bill instead"));
}

absl::StatusOr<std::string> WalletHost::FetchBill(absl::CivilDay day) {
  return branchline::FetchBill(merchant_, day, clock_->WallNow(), &gateway_,
                               random_);
}

v1::DeviceState WalletHost::State() const {
  const WalletReport report = driver_.Report();
  v1::DeviceState state;
  state.set_name(device().name());
  state.set_kind(device().kind());
  state.set_ready(report.line == WalletReport::Line::kUp);
  switch (report.line) {
    case WalletReport::Line::kUnknown:
      state.set_says("not tried yet");
      break;
    case WalletReport::Line::kUp:
      state.set_says("ready");
      break;
    case WalletReport::Line::kDark:
      state.set_says("not there: no line to the wallet");
      break;
    case WalletReport::Line::kSetUpWrong:
      state.set_says("the wallet does not know this shop");
      break;
  }
  if (!state.ready() && !report.last_trouble.empty()) {
    state.set_says(absl::StrCat(state.says(), ": ", report.last_trouble));
  }
  state.set_last_said(ToText(merchant_.means));
  state.set_waiting_jobs(static_cast<uint32_t>(report.unsettled));
  return state;
}

void WalletHost::Test(absl::Duration wait, v1::TestDeviceResponse* response) {
  response->add_lines(
      "asked for an order that cannot be; nothing is paid by that");
  const absl::Duration until = clock_->MonotonicNow() + wait;
  absl::Notification never;
  while (driver_.Report().line == WalletReport::Line::kUnknown &&
         clock_->MonotonicNow() < until) {
    never.WaitForNotificationWithTimeout(kTestPoll);
  }
  const v1::DeviceState state = State();
  response->set_passed(state.ready());
  response->add_lines(absl::StrCat("the wallet: ", state.says()));
}

}  // namespace branchline
