// Customers, the cashier and the supervisor, and what holds whatever they do.

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "devices/payment/payment_words.h"
#include "tests/payment_sim/payment_world.h"

namespace branchline {
namespace {

constexpr int kTriesMax = 6;
constexpr int kPatienceTicks = 60;

}  // namespace

void PaymentWorld::Begin(PaymentOrder order) {
  ++sales_.back().tries;
  PaymentInput input;
  input.code = order.means == PaymentMeans::kAlipay ? "285012345678901234"
                                                    : "134512345678901234";
  known_.push_back({order, terminal_.entries().size()});
  (void)book_->Begin(order, input, DeviceOf(order.means));
  // A till that heard no answer asks again.
  if (Chance(200) && !process_.dead) {
    (void)book_->Begin(order, input, DeviceOf(order.means));
  }
}

void PaymentWorld::TryToPay() {
  Sale& sale = sales_.back();
  const SaleMoney money = book_->MoneyOf(sale.id);
  PaymentOrder order;
  order.id = absl::StrCat(sale.id, "-", sale.tries);
  order.sale_id = sale.id;
  order.means =
      static_cast<PaymentMeans>(1 + random_.Below(with_alipay_ ? 3 : 2));
  order.device = absl::StrCat("device", static_cast<int>(order.means));
  order.currency = order.means == PaymentMeans::kTerminal ? "EUR" : "CNY";
  order.due_minor = sale.due_minor;
  order.amount_minor = sale.due_minor - money.paid_minor;
  if (Chance(200)) order.amount_minor = (order.amount_minor + 1) / 2;
  if (Chance(300)) order.override_by = "Ann";
  Begin(std::move(order));
}

// The sale is given up: what was paid goes back.
void PaymentWorld::TryToGiveBack() {
  Sale& sale = sales_.back();
  for (const PaymentAttempt& paid : book_->All()) {
    if (paid.sale_id != sale.id || paid.kind != PaymentKind::kPayment ||
        paid.state != PaymentState::kDone) {
      continue;
    }
    int64_t left_minor = paid.done_minor;
    for (const PaymentAttempt& back : book_->All()) {
      if (back.original_id == paid.id) left_minor += MovedMinor(back);
    }
    if (left_minor <= 0) continue;
    PaymentOrder order;
    order.id = absl::StrCat(sale.id, "-", sale.tries);
    order.sale_id = sale.id;
    order.means = paid.means;
    order.device = paid.device;
    order.currency = paid.currency;
    order.original_id = paid.id;
    order.amount_minor = left_minor;
    const bool whole = left_minor == paid.done_minor;
    order.kind = paid.means == PaymentMeans::kTerminal && whole &&
                         paid.receipt.has_value() && Chance(500)
                     ? PaymentKind::kReversal
                     : PaymentKind::kRefund;
    return Begin(std::move(order));
  }
  sale.closed = true;
  ++result_.sales_abandoned;
}

void PaymentWorld::Cashier() {
  if (process_.dead) return;
  if (sales_.empty() || sales_.back().closed) {
    if (!Chance(300)) return;
    Sale sale;
    sale.id = absl::StrCat("sale", sales_.size());
    sale.due_minor = 2 + static_cast<int64_t>(random_.Below(5'000));
    sales_.push_back(sale);
  }
  Sale& sale = sales_.back();
  const SaleMoney money = book_->MoneyOf(sale.id);
  bool only_reversing = true;
  for (const std::string& id : money.unsettled_ids) {
    const PaymentAttempt attempt = *book_->Find(id);
    if (attempt.state != PaymentState::kReversing) only_reversing = false;
    if (attempt.state == PaymentState::kOpen) Supervise(attempt);
    if (Chance(5)) DeviceOf(attempt.means)->GiveUp(id);
  }
  if (money.unsettled_ids.empty() && money.returned_minor == 0 &&
      money.paid_minor >= sale.due_minor) {
    // The goods go.
    if (TruthOfSale(sale.id) < sale.due_minor) {
      Violated(absl::StrCat("goods of ", sale.id, " go for ",
                            TruthOfSale(sale.id), " of ", sale.due_minor));
    }
    sale.goods_given = true;
    sale.closed = true;
    ++result_.sales_paid;
    return;
  }
  const bool waits = !money.unsettled_ids.empty() &&
                     !(only_reversing && ++sale.waited_ticks > kPatienceTicks);
  if (waits || Chance(500)) return;
  if (sale.tries >= kTriesMax || money.returned_minor > 0) {
    if (money.unsettled_ids.empty()) TryToGiveBack();
    return;
  }
  TryToPay();
}

// Looks at the slip and at what the customer's bank shows.
void PaymentWorld::Supervise(const PaymentAttempt& attempt) {
  if (!Chance(100) || terminal_.busy()) return;
  const int64_t truth = std::abs(TruthOf(attempt));
  if (!book_->SettleByHand(attempt.id, truth, "Ann", "the slip").ok()) return;
  ++result_.settled_by_hand;
  sales_.back().tips_minor +=
      std::max<int64_t>(truth - attempt.amount_minor, 0);
}

int64_t PaymentWorld::TruthOf(const PaymentAttempt& attempt) const {
  if (attempt.means != PaymentMeans::kTerminal) {
    const WalletEmulator& wallet =
        attempt.means == PaymentMeans::kAlipay ? alipay_ : wechat_;
    if (attempt.kind == PaymentKind::kPayment) {
      const auto found = wallet.orders().find(attempt.number);
      return found == wallet.orders().end() ? 0 : found->second.taken_minor;
    }
    for (const auto& [number, order] : wallet.orders()) {
      const auto refund = order.refunds.find(attempt.number);
      if (refund != order.refunds.end()) return -refund->second.amount_minor;
    }
    return 0;
  }
  // One at a time: what the terminal did from this attempt to the next.
  int64_t truth = 0;
  for (size_t i = 0; i < known_.size(); ++i) {
    if (known_[i].order.id != attempt.id) continue;
    size_t end = terminal_.entries().size();
    for (size_t j = i + 1; j < known_.size(); ++j) {
      if (known_[j].order.means == PaymentMeans::kTerminal) {
        end = known_[j].first_entry;
        break;
      }
    }
    for (size_t at = known_[i].first_entry; at < end; ++at) {
      truth += terminal_.entries()[at].amount_minor;
    }
  }
  return truth;
}

int64_t PaymentWorld::TruthOfSale(const std::string& sale_id) const {
  int64_t truth = 0;
  for (const PaymentAttempt& attempt : book_->All()) {
    if (attempt.sale_id == sale_id) truth += TruthOf(attempt);
  }
  return truth;
}

void PaymentWorld::Check() {
  for (const PaymentAttempt& attempt : book_->All()) {
    if (!IsFinal(attempt.state)) continue;
    const int64_t truth = TruthOf(attempt);
    if (truth != MovedMinor(attempt)) {
      return Violated(absl::StrCat(
          attempt.id, " by ", ToText(attempt.means), " is ",
          ToText(attempt.state), " with ", MovedMinor(attempt),
          ", the customer's purse says ", truth, "; ", attempt.detail));
    }
  }
  for (const Sale& sale : sales_) {
    if (!book_->MoneyOf(sale.id).unsettled_ids.empty()) continue;
    const int64_t truth = TruthOfSale(sale.id);
    if (truth > sale.due_minor + sale.tips_minor) {
      return Violated(absl::StrCat(sale.id, " took ", truth, " of ",
                                   sale.due_minor, " due"));
    }
    if (sale.goods_given && truth < sale.due_minor) {
      return Violated(absl::StrCat("the goods of ", sale.id, " went for ",
                                   truth, " of ", sale.due_minor));
    }
  }
}

}  // namespace branchline
