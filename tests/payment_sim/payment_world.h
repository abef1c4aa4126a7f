#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "devices/payment/payment_book.h"
#include "devices/terminal/terminal_driver.h"
#include "devices/wallet/wallet_driver.h"
#include "sync/base/random.h"
#include "tests/devices/payment/payment_world.h"
#include "tests/devices/terminal/terminal_world.h"
#include "tests/devices/wallet/wallet_world.h"
#include "tests/support/fake_clock.h"

namespace branchline {

// What a run came to. `violation` empty: every rule held.
struct PaymentSimResult {
  std::string violation;
  int sales_paid = 0;
  int sales_abandoned = 0;
  int crashes = 0;
  int attempts = 0;
  int settled_by_hand = 0;
  int undone = 0;
  int refunds = 0;
};

// One till with a card terminal and two wallets, all of which misbehave, a
// process that is killed, a disk that fills, and people: customers whose purses
// are known from outside, a cashier who tries one means after another, and a
// supervisor who looks at the slip. The code under test is the real one; one
// thread, simulated time, everything from the seed.
//
// Held at every tick: what is final here and what the purses lost agree; goods
// leave only against money that is there; no sale takes more than is due. After
// the trouble everything settles.
class PaymentWorld {
 public:
  explicit PaymentWorld(uint64_t seed);
  PaymentSimResult Run();

 private:
  struct Sale {
    std::string id;
    int64_t due_minor = 0;
    bool goods_given = false;
    bool closed = false;
    int tries = 0;
    int64_t tips_minor = 0;  // that the supervisor accepted
    int waited_ticks = 0;
  };
  // A till knows its orders by the ledger; we know them from outside.
  struct Known {
    PaymentOrder order;
    size_t first_entry = 0;  // of the terminal's, when it was begun
  };

  bool Chance(uint64_t per_mille) { return random_.Below(1'000) < per_mille; }
  void Boot();
  void Step();
  void Tick(bool trouble);
  void MakeTrouble();
  void Cashier();
  void Begin(PaymentOrder order);
  void TryToPay();
  void TryToGiveBack();
  void Supervise(const PaymentAttempt& attempt);
  PaymentDevice* DeviceOf(PaymentMeans means);
  WalletEmulator* WalletOf(PaymentMeans means);
  // What the customer really lost (> 0) or got (< 0) by one attempt.
  int64_t TruthOf(const PaymentAttempt& attempt) const;
  int64_t TruthOfSale(const std::string& sale_id) const;
  void Check();
  void Violated(const std::string& what);

  SeededRandom random_;
  bool with_alipay_;
  uint64_t fault_rate_;
  uint64_t crash_rate_;
  bool takes_back_;

  FakeClock clock_;
  Process process_;
  MemoryPaymentStore store_;
  TerminalEmulator terminal_;
  WalletEmulator wechat_;
  WalletEmulator alipay_;
  std::unique_ptr<WalletWire> wechat_wire_;
  std::unique_ptr<WalletWire> alipay_wire_;
  std::unique_ptr<PaymentBook> book_;
  TerminalWire* terminal_wire_ = nullptr;
  std::unique_ptr<TerminalDriver> terminal_driver_;
  std::unique_ptr<WalletDriver> wechat_driver_;
  std::unique_ptr<WalletDriver> alipay_driver_;

  std::vector<Sale> sales_;
  std::vector<Known> known_;
  PaymentSimResult result_;
};

inline PaymentSimResult RunPaymentSim(uint64_t seed) {
  return PaymentWorld(seed).Run();
}

}  // namespace branchline
