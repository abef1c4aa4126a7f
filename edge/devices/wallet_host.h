#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "devices/wallet/https_gateway.h"
#include "devices/wallet/wallet_driver.h"
#include "edge/devices/payment_host.h"

namespace branchline {

// One merchant at one wallet, at work: two threads, so that a slow answer for
// one till holds up no other.
class WalletHost final : public PaymentHost {
 public:
  struct Options {
    std::string merchant_file;              // see LoadWalletMerchant()
    std::string currency;                   // the branch's
    std::vector<PaymentAttempt> unsettled;  // of this wallet
    PaymentStore* store = nullptr;
    Clock* clock = nullptr;
    Random* random = nullptr;
  };

  // What the options name outlives the host.
  //   as LoadWalletMerchant(); INVALID_ARGUMENT  another currency
  static absl::StatusOr<std::unique_ptr<WalletHost>> Make(
      const v1::Device& device, Options options);
  ~WalletHost() override;

  PaymentMeans means() const override { return merchant_.means; }
  PaymentDevice& payer() override { return driver_; }
  absl::Status AskAgain(const PaymentAttempt& attempt) override;
  std::vector<std::string> Slip() const override { return {}; }
  absl::StatusOr<TerminalTaskReport> Run(TerminalTask task,
                                         absl::Duration wait) override;
  absl::StatusOr<std::string> FetchBill(absl::CivilDay day) override;

  v1::DeviceState State() const override;
  void Test(absl::Duration wait, v1::TestDeviceResponse* response) override;

 private:
  WalletHost(const v1::Device& device, WalletMerchant merchant,
             Options options);
  void Step() override;

  const WalletMerchant merchant_;
  Clock* const clock_;
  Random* const random_;
  HttpsGateway gateway_;
  WalletDriver driver_;
  std::atomic<bool> stop_second_ = false;
  std::thread second_;
};

}  // namespace branchline
