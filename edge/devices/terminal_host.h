#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "devices/transport/device_address.h"
#include "edge/devices/payment_host.h"

namespace branchline {

// One card terminal at work.
class TerminalHost final : public PaymentHost {
 public:
  struct Options {
    std::string password_file;  // six digits, of mode 0600; may be missing
    std::string currency;       // the branch's
    absl::TimeZone time_zone;
    std::vector<PaymentAttempt> unsettled;  // of this terminal
    PaymentStore* store = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
  };

  // What the options name outlives the host.
  //   INVALID_ARGUMENT     the address, the currency, the password
  //   FAILED_PRECONDITION  others may read the password
  static absl::StatusOr<std::unique_ptr<TerminalHost>> Make(
      const v1::Device& device, Options options);
  ~TerminalHost() override { Stop(); }

  PaymentMeans means() const override { return PaymentMeans::kTerminal; }
  PaymentDevice& payer() override { return driver_; }
  absl::Status AskAgain(const PaymentAttempt& attempt) override {
    return driver_.AskAgain(attempt);
  }
  std::vector<std::string> Slip() const override { return driver_.Slip(); }
  absl::StatusOr<TerminalTaskReport> Run(TerminalTask task,
                                         absl::Duration wait) override
      ABSL_LOCKS_EXCLUDED(task_mutex_);
  absl::StatusOr<std::string> FetchBill(absl::CivilDay day) override;

  v1::DeviceState State() const override;
  void Test(absl::Duration wait, v1::TestDeviceResponse* response) override;

 private:
  TerminalHost(const v1::Device& device, const DeviceAddress& address,
               TerminalSettings settings, Options options);
  void Step() override;

  Clock* const clock_;
  TerminalDriver driver_;
  absl::Mutex task_mutex_;  // one task at a time, and its report
};

}  // namespace branchline
