#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "devices/payment/payment_device.h"
#include "devices/wallet/wallet_gateway.h"
#include "devices/wallet/wallet_machine.h"
#include "devices/wallet/wallet_merchant.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"

namespace branchline {

// What a technician and the till may know of a wallet.
struct WalletReport {
  enum class Line {
    kUnknown,  // not tried yet
    kUp,
    kDark,        // no connection
    kSetUpWrong,  // it answers and does not know us
  };
  Line line = Line::kUnknown;
  std::string last_trouble;  // empty: none
  size_t unsettled = 0;
};

// One merchant at one wallet. Step() is called over and over by one thread, or
// by several, so that a slow answer for one till holds up no other; everything
// else by any thread.
class WalletDriver final : public PaymentDevice {
 public:
  static constexpr absl::Duration kProbeWhenDark = absl::Seconds(5);
  static constexpr absl::Duration kProbeWhenUp = absl::Seconds(60);

  // `unsettled`: what the book has for this device in kStarted or kReversing.
  // All pointers outlive the driver.
  WalletDriver(WalletMerchant merchant, std::vector<PaymentAttempt> unsettled,
               WalletGateway* gateway, PaymentStore* store, Clock* clock,
               Random* random);

  // Payments are refused without a line, before there is an order; refunds wait
  // for one. No reversals: what is not settled is undone by itself, and what is
  // paid is refunded.
  absl::Status Prepare(const PaymentInput& input,
                       PaymentAttempt* attempt) override;
  void Start(const PaymentAttempt& attempt, const PaymentInput& input) override;
  void GiveUp(absl::string_view id) override;

  // Does one thing that is due, or waits for one at most `wait_max`.
  void Step(absl::Duration wait_max);

  WalletReport Report() const;

 private:
  WalletAnswer Call(const PaymentAttempt& attempt, WalletCallKind kind,
                    std::string code);
  void Probe();
  void NoteLine(const WalletAnswer& answer) ABSL_LOCKS_EXCLUDED(mutex_);

  const WalletMerchant merchant_;
  const std::unique_ptr<WalletCodec> codec_;
  WalletGateway* const gateway_;
  PaymentStore* const store_;
  Clock* const clock_;
  Random* const random_;

  // Never held over a call of the store or the gateway.
  mutable absl::Mutex mutex_;
  absl::CondVar work_came_;
  WalletMachine machine_ ABSL_GUARDED_BY(mutex_);
  WalletReport report_ ABSL_GUARDED_BY(mutex_);
  absl::Duration probe_at_ ABSL_GUARDED_BY(mutex_) = -absl::InfiniteDuration();
};

}  // namespace branchline
