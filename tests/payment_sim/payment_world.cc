#include "tests/payment_sim/payment_world.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/payment/payment_words.h"

namespace branchline {
namespace {

constexpr int kTroubleTicks = 1'500;
constexpr int kHealingTicks = 4'000;

}  // namespace

PaymentWorld::PaymentWorld(uint64_t seed)
    : random_(seed),
      with_alipay_(seed % 4 == 0),  // its signatures cost the most time
      fault_rate_(random_.Below(600)),
      crash_rate_(random_.Below(2) == 0 ? 0 : random_.Below(60)),
      takes_back_(random_.Below(2) == 0),
      wechat_(TestMerchant(PaymentMeans::kWeChatPay)),
      alipay_(TestMerchant(PaymentMeans::kAlipay), AlipaysKey()) {
  store_.process = &process_;
  terminal_.SetTakesBack(takes_back_);
  Boot();
}

void PaymentWorld::Boot() {
  terminal_driver_.reset();
  wechat_driver_.reset();
  alipay_driver_.reset();
  process_.dead = false;
  store_.die_before_save = store_.die_after_save = 0;
  book_ = std::make_unique<PaymentBook>(store_.Load(), &store_, &clock_);
  std::vector<PaymentAttempt> by_means[4];
  for (const PaymentAttempt& attempt : book_->Unsettled()) {
    if (attempt.state == PaymentState::kOpen) continue;
    by_means[static_cast<int>(attempt.means)].push_back(attempt);
  }
  TerminalSettings settings;
  settings.currency = "EUR";
  settings.time_zone = absl::UTCTimeZone();
  auto wire = std::make_unique<TerminalWire>(&terminal_, &clock_, &process_);
  terminal_wire_ = wire.get();
  terminal_driver_ = std::make_unique<TerminalDriver>(
      settings, by_means[1], std::move(wire), book_.get(), &clock_, &random_);
  wechat_wire_ = std::make_unique<WalletWire>(&wechat_, &clock_, &process_);
  alipay_wire_ = std::make_unique<WalletWire>(&alipay_, &clock_, &process_);
  wechat_driver_ = std::make_unique<WalletDriver>(
      TestMerchant(PaymentMeans::kWeChatPay), by_means[2], wechat_wire_.get(),
      book_.get(), &clock_, &random_);
  alipay_driver_ = std::make_unique<WalletDriver>(
      TestMerchant(PaymentMeans::kAlipay), by_means[3], alipay_wire_.get(),
      book_.get(), &clock_, &random_);
}

PaymentDevice* PaymentWorld::DeviceOf(PaymentMeans means) {
  switch (means) {
    case PaymentMeans::kTerminal:
      return terminal_driver_.get();
    case PaymentMeans::kWeChatPay:
      return wechat_driver_.get();
    case PaymentMeans::kAlipay:
      return alipay_driver_.get();
  }
  return nullptr;
}

void PaymentWorld::Step() {
  // The terminal's clock is about right.
  const absl::CivilSecond civil =
      absl::ToCivilSecond(clock_.WallNow(), absl::UTCTimeZone());
  terminal_.SetTime(
      civil.month() * 100 + civil.day(),
      (civil.hour() * 100 + civil.minute()) * 100 + civil.second());
  for (int i = 0; i < 6 && !process_.dead; ++i) {
    terminal_driver_->Step(absl::ZeroDuration());
  }
  for (int i = 0; i < 3 && !process_.dead; ++i) {
    wechat_driver_->Step(absl::ZeroDuration());
    if (with_alipay_) alipay_driver_->Step(absl::ZeroDuration());
  }
  clock_.Advance(absl::Milliseconds(500));
  terminal_.Tick(clock_.MonotonicNow());
  wechat_.Tick(clock_.MonotonicNow());
  alipay_.Tick(clock_.MonotonicNow());
  if (!process_.dead) return;
  ++result_.crashes;
  clock_.Advance(absl::Seconds(static_cast<int64_t>(random_.Below(120))));
  Boot();
}

void PaymentWorld::MakeTrouble() {
  using T = TerminalEmulator::Fault;
  using W = WalletEmulator::Fault;
  using K = WalletCallKind;
  if (Chance(fault_rate_ / 4)) {
    terminal_.AddFault(
        static_cast<T>(random_.Below(static_cast<int>(T::kForget))));
  }
  if (Chance(fault_rate_ / 8)) {
    terminal_.AddAskFault(Chance(500)   ? T::kForget
                          : Chance(500) ? T::kShowEarlier
                                        : T::kBusy);
  }
  for (WalletEmulator* const wallet : {&wechat_, &alipay_}) {
    for (const K kind :
         {K::kPay, K::kQuery, K::kReverse, K::kRefund, K::kQueryRefund}) {
      if (!Chance(fault_rate_ / 8)) continue;
      auto fault = static_cast<W>(
          random_.Below(static_cast<int>(W::kPendingRefund) + 1));
      wallet->AddFault(kind, fault);
    }
    if (Chance(3)) wallet->SetConnected(false);
    if (Chance(30)) wallet->SetConnected(true);
  }
  terminal_wire_->is_cut =
      Chance(20) || (terminal_wire_->is_cut && Chance(900));
  if (terminal_wire_->is_cut && Chance(200)) terminal_wire_->Close();
  if (Chance(fault_rate_ / 30)) {
    store_.next_save = absl::ResourceExhaustedError("disk full");
  }
  if (!Chance(crash_rate_)) return;
  const int n = 1 + static_cast<int>(random_.Below(4));
  switch (random_.Below(6)) {
    case 0:
      store_.die_before_save = store_.saves + n;
      return;
    case 1:
      store_.die_after_save = store_.saves + n;
      return;
    case 2:
      wechat_wire_->die_before_call = wechat_wire_->calls + n;
      return;
    case 3:
      wechat_wire_->die_after_call = wechat_wire_->calls + n;
      return;
    case 4:
      terminal_wire_->die_in_write = terminal_wire_->writes + n;
      return;
    default:
      terminal_wire_->die_after_write = terminal_wire_->writes + n;
  }
}

void PaymentWorld::Tick(bool trouble) {
  if (trouble) MakeTrouble();
  Cashier();
  Step();
  if (result_.violation.empty()) Check();
}

PaymentSimResult PaymentWorld::Run() {
  for (int i = 0; i < kTroubleTicks && result_.violation.empty(); ++i) {
    Tick(true);
  }
  terminal_wire_->is_cut = false;
  wechat_.SetConnected(true);
  alipay_.SetConnected(true);
  terminal_.ClearFaults();
  wechat_.ClearFaults();
  alipay_.ClearFaults();
  store_.next_save = absl::OkStatus();
  store_.die_before_save = store_.die_after_save = 0;
  crash_rate_ = 0;
  Boot();
  const auto settled = [this] {
    return book_->Unsettled().empty() &&
           (sales_.empty() || sales_.back().closed);
  };
  for (int i = 0; i < kHealingTicks && result_.violation.empty(); ++i) {
    Tick(false);
    if (settled()) break;
  }
  if (result_.violation.empty() && !settled()) {
    std::string what = "after healing it does not settle:";
    for (const PaymentAttempt& a : book_->Unsettled()) {
      absl::StrAppend(&what, " ", a.id, " (", ToText(a.means), ", ",
                      ToText(a.state), ", ", a.detail, ")");
    }
    absl::StrAppend(
        &what, "; the terminal: ", ToText(terminal_driver_->Report().phase),
        ", ", terminal_driver_->Report().link.last_error);
    Violated(what);
  }
  result_.attempts = static_cast<int>(book_->All().size());
  for (const PaymentAttempt& attempt : book_->All()) {
    result_.undone += attempt.state == PaymentState::kReversed ? 1 : 0;
    result_.refunds += attempt.kind != PaymentKind::kPayment &&
                               attempt.state == PaymentState::kDone
                           ? 1
                           : 0;
  }
  return result_;
}

void PaymentWorld::Violated(const std::string& what) {
  if (result_.violation.empty()) result_.violation = what;
}

}  // namespace branchline
