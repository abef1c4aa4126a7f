// DeviceManager's terminals and wallets.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/payment/payment_words.h"
#include "devices/wallet/wallet_codec.h"
#include "edge/devices/device_manager.h"
#include "edge/devices/terminal_host.h"
#include "edge/devices/wallet_host.h"
#include "sync/base/status_macros.h"

namespace branchline {

absl::StatusOr<std::unique_ptr<DeviceHost>> DeviceManager::MakePayer(
    const v1::Device& device) {
  if (o_.payments == nullptr) {
    return absl::FailedPreconditionError("payments are not kept here");
  }
  BL_RETURN_IF_ERROR(o_.payments_ready());
  const std::string file = absl::StrCat(o_.payments_dir, "/", device.name());
  std::vector<PaymentAttempt> unsettled =
      UnsettledOf(o_.payments->All(), device.name());
  if (device.kind() == v1::DEVICE_KIND_TERMINAL) {
    TerminalHost::Options options;
    options.password_file = file + ".password";
    options.currency = o_.currency;
    options.time_zone = o_.receipts->time_zone();
    options.unsettled = std::move(unsettled);
    options.store = o_.payments;
    options.clock = o_.clock;
    options.random = o_.random;
    return TerminalHost::Make(device, std::move(options));
  }
  WalletHost::Options options;
  options.merchant_file = file + ".conf";
  options.currency = o_.currency;
  options.unsettled = std::move(unsettled);
  options.store = o_.payments;
  options.clock = o_.clock;
  options.random = o_.random;
  return WalletHost::Make(device, std::move(options));
}

std::shared_ptr<PaymentHost> DeviceManager::FindPayer(
    const std::string& device) const {
  return Find<PaymentHost>(device);
}

absl::StatusOr<std::shared_ptr<PaymentHost>> DeviceManager::PayerOf(
    absl::string_view till, const std::string& device,
    absl::string_view code) const {
  const v1::TillDevices own = Plan()->Of(till);
  std::vector<std::string> names(own.wallets().begin(), own.wallets().end());
  if (!own.terminal().empty()) names.insert(names.begin(), own.terminal());
  if (!device.empty() && std::count(names.begin(), names.end(), device) == 0) {
    return absl::NotFoundError(absl::StrCat("till ", till,
                                            " has no terminal or wallet '",
                                            device.substr(0, 64), "'"));
  }
  PaymentMeans means = PaymentMeans::kTerminal;
  if (!code.empty()) {
    BL_ASSIGN_OR_RETURN(means, WalletOfCode(code));
  }
  bool is_there = false;
  for (const std::string& name : names) {
    if (!device.empty() && name != device) continue;
    const std::shared_ptr<PaymentHost> payer = FindPayer(name);
    is_there |= payer == nullptr;
    if (payer == nullptr) continue;
    if (!device.empty() || payer->means() == means) return payer;
  }
  if (is_there) {
    return absl::UnavailableError(
        absl::StrCat("what pays at till ", till,
                     " is not at work: see its devices; take cash meanwhile"));
  }
  return absl::NotFoundError(
      absl::StrCat("till ", till, " has nothing that takes ", ToText(means)));
}

}  // namespace branchline
