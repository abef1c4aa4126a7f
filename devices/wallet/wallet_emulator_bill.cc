// What the emulated wallet knows of the money, and the bill that it makes of
// it.

#include "absl/strings/str_cat.h"
#include "devices/wallet/wallet_emulator.h"
#include "sync/base/money.h"

namespace branchline {
namespace {

std::string Yuan(int64_t amount_minor) { return FormatMinor(amount_minor, 2); }

}  // namespace

int64_t WalletEmulator::TakenBy(absl::string_view number) const {
  const auto found = orders_.find(std::string(number));
  if (found == orders_.end()) return 0;
  int64_t taken = found->second.taken_minor;
  for (const auto& [refund_number, refund] : found->second.refunds) {
    taken -= refund.amount_minor;
  }
  return taken;
}

int64_t WalletEmulator::taken_minor() const {
  int64_t taken = 0;
  for (const auto& [number, order] : orders_) taken += TakenBy(number);
  return taken;
}

void WalletEmulator::PayBeside(const std::string& number,
                               int64_t amount_minor) {
  Order& order = orders_[number];
  order.state = Order::State::kPaid;
  order.asked_minor = amount_minor;
  order.taken_minor = amount_minor;
  order.trade_no = absl::StrCat("42000", next_trade_++);
}

std::string WalletEmulator::Bill() const {
  std::string bill =
      "\xEF\xBB\xBF"
      "交易时间,微信订单号,商户订单号,交易状态,订单金额,商户退款单号,"
      "申请退款金额,退款状态\r\n";
  size_t count = 0;
  const auto line = [&](const std::string& number, const Order& order,
                        const char* state, const std::string& refund_number,
                        int64_t refund_minor) {
    ++count;
    absl::StrAppend(&bill, "`2026-11-21 09:00:00,`", order.trade_no, ",`",
                    number, ",`", state, ",`", Yuan(order.taken_minor), ",`",
                    refund_number, ",`", Yuan(refund_minor), ",`",
                    refund_number == "0" ? "" : "SUCCESS", "\r\n");
  };
  for (const auto& [number, order] : orders_) {
    if (order.state != Order::State::kPaid) continue;
    line(number, order, "SUCCESS", "0", 0);
    for (const auto& [refund_number, refund] : order.refunds) {
      line(number, order, "REFUND", refund_number, refund.amount_minor);
    }
  }
  absl::StrAppend(&bill, "总交易单数,应结订单总金额\r\n`", count, ",`0.00\r\n");
  return bill;
}

}  // namespace branchline
