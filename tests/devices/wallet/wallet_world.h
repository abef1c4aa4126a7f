#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "devices/payment/payment_book.h"
#include "devices/wallet/wallet_driver.h"
#include "devices/wallet/wallet_emulator.h"
#include "sync/base/random.h"
#include "tests/devices/payment/payment_world.h"
#include "tests/support/fake_clock.h"

namespace branchline {

// Alipay's own key, and the merchant's; made once, since that takes a while.
inline const RsaKey& AlipaysKey() {
  static const RsaKey key = RsaKey::Generate();
  return key;
}

inline WalletMerchant TestMerchant(PaymentMeans means) {
  WalletMerchant merchant;
  merchant.means = means;
  merchant.app_id = "wxd930ea5d5a258f4f";
  merchant.merchant_id = "10000100";
  merchant.sub_merchant_id = "20000200";
  merchant.key = "192006250b4c09247ec02edce69f6a2d";
  if (means == PaymentMeans::kAlipay) {
    static const RsaKey ours = RsaKey::Generate();
    merchant.our_key = ours;
    merchant.alipay_key = AlipaysKey();
  }
  return merchant;
}

// A line to an emulated wallet without threads or time; a call is where a
// process can be killed.
class WalletWire final : public WalletGateway {
 public:
  WalletWire(WalletEmulator* wallet, FakeClock* clock, Process* process)
      : wallet_(*wallet), clock_(*clock), process_(*process) {}

  absl::StatusOr<std::string> Post(const HttpsCall& call) override {
    if (process_.dead) return absl::UnavailableError("killed");
    ++calls;
    if (calls == die_before_call) {
      process_.dead = true;
      return absl::UnavailableError("killed");
    }
    const WalletEmulator::Reply reply =
        wallet_.Handle(call.path, call.body, clock_.MonotonicNow());
    if (calls == die_after_call) {
      process_.dead = true;
      return absl::DeadlineExceededError("killed");
    }
    switch (reply.kind) {
      case WalletEmulator::Reply::Kind::kAnswer:
        return reply.body;
      case WalletEmulator::Reply::Kind::kNotSent:
        return absl::UnavailableError("no connection");
      case WalletEmulator::Reply::Kind::kLost:
        clock_.Advance(absl::Seconds(10));
        return absl::DeadlineExceededError("no answer");
    }
    return absl::DeadlineExceededError("no answer");
  }

  absl::StatusOr<std::string> Get(const std::string&, size_t) override {
    return wallet_.PackedBill();
  }

  int calls = 0;
  int die_before_call = 0;  // counted from 1
  int die_after_call = 0;

 private:
  WalletEmulator& wallet_;
  FakeClock& clock_;
  Process& process_;
};

// A till with one wallet, whose process can be killed and started again.
class WalletShop {
 public:
  explicit WalletShop(PaymentMeans means)
      : merchant(TestMerchant(means)),
        wallet(merchant, means == PaymentMeans::kAlipay
                             ? std::optional<RsaKey>(AlipaysKey())
                             : std::nullopt),
        wire(&wallet, &clock, &process) {
    store.process = &process;
    Boot();
  }

  void Boot() {
    driver.reset();
    process.dead = false;
    book = std::make_unique<PaymentBook>(store.Load(), &store, &clock);
    std::vector<PaymentAttempt> unsettled;
    for (const PaymentAttempt& attempt : book->Unsettled()) {
      if (attempt.state != PaymentState::kOpen) unsettled.push_back(attempt);
    }
    driver = std::make_unique<WalletDriver>(merchant, std::move(unsettled),
                                            &wire, book.get(), &clock, &random);
    // The first step probes the line.
    driver->Step(absl::ZeroDuration());
  }

  void Run(absl::Duration time) {
    const absl::Duration until = clock.MonotonicNow() + time;
    while (!process.dead && clock.MonotonicNow() < until) {
      // A step does one thing; a few are due at most at one time.
      for (int i = 0; i < 4; ++i) driver->Step(absl::ZeroDuration());
      clock.Advance(absl::Seconds(1));
      wallet.Tick(clock.MonotonicNow());
    }
  }

  std::string Code() const {
    return merchant.means == PaymentMeans::kAlipay ? "285012345678901234"
                                                   : "134512345678901234";
  }
  PaymentOrder Order(const std::string& id, int64_t amount_minor) const {
    PaymentOrder order;
    order.id = id;
    order.sale_id = "sale";
    order.means = merchant.means;
    order.device = "wallet";
    order.amount_minor = amount_minor;
    order.currency = "CNY";
    order.due_minor = 1'000'000;
    return order;
  }
  absl::StatusOr<PaymentAttempt> Begin(const PaymentOrder& order) {
    return book->Begin(order, {Code()}, driver.get());
  }
  PaymentAttempt Await(const std::string& id,
                       absl::Duration most = absl::Minutes(60)) {
    const absl::Duration until = clock.MonotonicNow() + most;
    while (!process.dead && clock.MonotonicNow() < until) {
      const std::optional<PaymentAttempt> now = book->Find(id);
      if (!now.has_value() || IsFinal(now->state) ||
          now->state == PaymentState::kOpen) {
        break;
      }
      Run(absl::Seconds(1));
    }
    return book->Find(id).value_or(PaymentAttempt());
  }
  PaymentAttempt Carry(const PaymentOrder& order) {
    (void)Begin(order);
    return Await(order.id);
  }
  PaymentAttempt Pay(const std::string& id, int64_t amount_minor) {
    return Carry(Order(id, amount_minor));
  }
  PaymentOrder Refund(const std::string& id, const std::string& of,
                      int64_t amount_minor) const {
    PaymentOrder order = Order(id, amount_minor);
    order.kind = PaymentKind::kRefund;
    order.original_id = of;
    return order;
  }

  FakeClock clock;
  SeededRandom random{1};
  Process process;
  MemoryPaymentStore store;
  WalletMerchant merchant;
  WalletEmulator wallet;
  WalletWire wire;
  std::unique_ptr<PaymentBook> book;
  std::unique_ptr<WalletDriver> driver;
};

}  // namespace branchline
