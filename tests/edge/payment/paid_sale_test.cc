// Money is never taken twice, nor goods given for nothing: one sale, its
// payment and its receipt through every fault of a terminal and of both
// wallets, with the box killed at every message and at every write.

#include <algorithm>
#include <functional>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "tests/devices/terminal/terminal_world.h"
#include "tests/devices/wallet/wallet_world.h"
#include "tests/edge/payment/paid_fixture.h"

namespace branchline {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kTotalMinor = 1'200;
constexpr int kKillsMax = 16;  // more messages than a payment has

// Where the box is killed, and for the how manieth time.
struct Kill {
  const char* where = "never";
  int number = 0;
};

std::vector<Kill> AllKills() {
  std::vector<Kill> kills = {{}};
  for (const char* where :
       {"before save", "after save", "before or in message", "after message"}) {
    for (int i = 1; i <= kKillsMax; ++i) kills.push_back({where, i});
  }
  return kills;
}

void Arm(const Kill& kill, int64_t saves, int64_t messages,
         MemoryPaymentStore* store, int* die_before, int* die_after) {
  const absl::string_view where = kill.where;
  const int save = static_cast<int>(saves) + kill.number;
  const int message = static_cast<int>(messages) + kill.number;
  if (where == "before save") store->die_before_save = save;
  if (where == "after save") store->die_after_save = save;
  if (where == "before or in message") *die_before = message;
  if (where == "after message") *die_after = message;
}

// One branch, new for each way to fail.
class PaidBranch final : public PaidFixture {
 public:
  using PaidFixture::Restart;
  using PaidFixture::StandBehind;
  using PaidFixture::Standing;

  // Rings the sale as what is known of `attempt` allows, and nothing else.
  void Sell(const PaymentAttempt& attempt, v1::TenderKind kind,
            int64_t taken_minor) {
    const std::string& currency = attempt.currency;
    const v1::RingRequest by_it =
        SaleBy(currency, kind, kTotalMinor, attempt.id);
    const v1::RingRequest in_cash = SaleBy(currency, kind, 0, "");
    if (!IsFinal(attempt.state)) {
      // Nobody knows: neither way.
      EXPECT_THAT(Run(by_it), StatusIs(absl::StatusCode::kFailedPrecondition,
                                       HasSubstr("nobody knows yet")));
      EXPECT_THAT(Run(in_cash), StatusIs(absl::StatusCode::kFailedPrecondition,
                                         HasSubstr("nobody knows yet")));
      EXPECT_EQ(OpenSales(), std::vector<std::string>{"sale"});
      // A person looks at what the customer has lost.
      v1::SettlePaymentRequest settle;
      settle.mutable_header()->set_staff("ada");
      settle.set_payment_id(attempt.id);
      settle.set_done_minor(std::min(taken_minor, kTotalMinor));
      settle.set_ground("the customer's phone shows it");
      const auto settled = Run(settle);
      ASSERT_THAT(settled, IsOk());
      PaymentAttempt known = attempt;
      known.state =
          settle.done_minor() > 0 ? PaymentState::kDone : PaymentState::kFailed;
      known.done_minor = settle.done_minor();
      return Sell(known, kind, taken_minor);
    }
    if (attempt.state != PaymentState::kDone) {
      EXPECT_EQ(taken_minor, 0);
      EXPECT_THAT(Run(by_it), StatusIs(absl::StatusCode::kNotFound,
                                       HasSubstr("brought no money")));
      EXPECT_THAT(Run(in_cash), IsOk());
    } else {
      EXPECT_EQ(std::min(taken_minor, kTotalMinor), attempt.done_minor);
      EXPECT_THAT(Run(in_cash), StatusIs(absl::StatusCode::kFailedPrecondition,
                                         HasSubstr("no tender says so")));
      v1::RingRequest right =
          PaidSale(currency, kind, kTotalMinor, attempt.done_minor, attempt.id);
      EXPECT_THAT(Run(right), IsOk());
      EXPECT_EQ(Standing("sale").unsold_minor, 0);
      EXPECT_THAT(Run(right), StatusIs(absl::StatusCode::kFailedPrecondition,
                                       HasSubstr("was rung up as receipt")));
    }
    EXPECT_TRUE(OpenSales().empty());
  }

 private:
  void TestBody() override {}

  static v1::RingRequest SaleBy(const std::string& currency,
                                v1::TenderKind kind, int64_t paid_minor,
                                const std::string& id) {
    return PaidSale(currency, kind, kTotalMinor, paid_minor, id);
  }
};

// Carries payment "p1" to where it ends, the box killed and started again on
// the way, and rings the sale up. `greet` waits for the device.
template <typename Shop, typename Greet>
void PayAndSell(PaidBranch* branch, Shop* shop, PaymentOrder order,
                v1::TenderKind kind, Greet greet,
                const std::function<int64_t()>& taken_minor) {
  order.due_minor = kTotalMinor;
  (void)shop->Begin(order);
  (void)shop->Await(order.id);
  for (int i = 0; i < 3 && shop->process.dead; ++i) {
    shop->store.die_before_save = shop->store.die_after_save = 0;
    branch->Restart(shop);
    greet();
    (void)shop->Await(order.id);
  }
  ASSERT_FALSE(shop->process.dead);
  // What the ledger says, not what the process remembers.
  const SaleStanding standing = branch->Standing("sale");
  if (standing.payments.attempts().empty()) {
    EXPECT_EQ(taken_minor(), 0);  // it never began
    return;
  }
  ASSERT_EQ(standing.payments.attempts_size(), 1);
  branch->Sell(FromProto(standing.payments.attempts(0)), kind, taken_minor());
}

class TerminalFaults : public ::testing::TestWithParam<int> {};

TEST_P(TerminalFaults, AndAKillAtEveryStep) {
  const auto fault = static_cast<TerminalEmulator::Fault>(GetParam());
  for (const Kill& kill : AllKills()) {
    SCOPED_TRACE(absl::StrCat("killed ", kill.where, " ", kill.number));
    PaidBranch branch;
    TerminalShop shop;
    branch.StandBehind(&shop);
    ASSERT_TRUE(shop.Greet());
    if (fault >= TerminalEmulator::Fault::kForget) {
      shop.terminal.AddAskFault(fault);
    } else {
      shop.terminal.AddFault(fault);
    }
    Arm(kill, shop.store.saves, shop.wire->writes, &shop.store,
        &shop.wire->die_in_write, &shop.wire->die_after_write);
    PayAndSell(
        &branch, &shop, TerminalShop::Order("p1", kTotalMinor),
        v1::TENDER_KIND_CARD, [&] { shop.Greet(); },
        [&] { return shop.terminal.taken_minor(); });
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, TerminalFaults,
    ::testing::Range(0,
                     static_cast<int>(TerminalEmulator::Fault::kShowEarlier) +
                         1));

class WalletFaults
    : public ::testing::TestWithParam<std::tuple<PaymentMeans, int>> {};

TEST_P(WalletFaults, AndAKillAtEveryStep) {
  const auto& [means, number] = GetParam();
  const auto fault = static_cast<WalletEmulator::Fault>(number);
  for (const Kill& kill : AllKills()) {
    SCOPED_TRACE(absl::StrCat("killed ", kill.where, " ", kill.number));
    PaidBranch branch;
    WalletShop shop(means);
    branch.StandBehind(&shop);
    shop.Run(absl::Seconds(2));
    for (const WalletCallKind call :
         {WalletCallKind::kPay, WalletCallKind::kQuery,
          WalletCallKind::kReverse}) {
      shop.wallet.AddFault(call, fault);
    }
    Arm(kill, shop.store.saves, shop.wire.calls, &shop.store,
        &shop.wire.die_before_call, &shop.wire.die_after_call);
    PayAndSell(
        &branch, &shop, shop.Order("p1", kTotalMinor), v1::TENDER_KIND_WALLET,
        [&] { shop.Run(absl::Seconds(2)); },
        [&] { return shop.wallet.taken_minor(); });
    if (HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, WalletFaults,
    ::testing::Combine(
        ::testing::Values(PaymentMeans::kWeChatPay, PaymentMeans::kAlipay),
        ::testing::Range(
            0, static_cast<int>(WalletEmulator::Fault::kAgainDone) + 1)));

}  // namespace
}  // namespace branchline
