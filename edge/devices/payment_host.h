#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "devices/payment/payment_device.h"
#include "devices/terminal/terminal_driver.h"
#include "edge/devices/device_host.h"

namespace branchline {

// A device that moves money, at work: a card terminal or a wallet. All by any
// thread.
class PaymentHost : public DeviceHost {
 public:
  using DeviceHost::DeviceHost;

  virtual PaymentMeans means() const = 0;
  virtual PaymentDevice& payer() = 0;

  // What became of `attempt` is asked for once more.
  //   FAILED_PRECONDITION  it goes on by itself, or is busy
  virtual absl::Status AskAgain(const PaymentAttempt& attempt) = 0;
  // What it printed for the payment that ended last; empty: nothing.
  virtual std::vector<std::string> Slip() const = 0;
  // Does `task`, waiting at most `wait`.
  //   INVALID_ARGUMENT   it has no such task
  //   DEADLINE_EXCEEDED  it is still at it
  virtual absl::StatusOr<TerminalTaskReport> Run(TerminalTask task,
                                                 absl::Duration wait) = 0;
  // A day's trade bill, as the wallet hands it out.
  //   INVALID_ARGUMENT  it has none to fetch
  virtual absl::StatusOr<std::string> FetchBill(absl::CivilDay day) = 0;
};

// What of `attempts` is `device`'s and not settled.
std::vector<PaymentAttempt> UnsettledOf(
    const std::vector<PaymentAttempt>& attempts, const std::string& device);

}  // namespace branchline
