#include "devices/payment/payment_desk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "devices/payment/payment_words.h"
#include "sync/base/check.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

// "12.50 EUR"
std::string Money(int64_t amount_minor, const std::string& currency) {
  const auto digits = MinorDigits(currency);
  if (!digits.ok()) return absl::StrCat(amount_minor, " minor units");
  return absl::StrCat(FormatMinor(amount_minor, *digits), " ", currency);
}

absl::Status CheckOrder(const PaymentOrder& order) {
  for (const auto& [name, text] :
       {std::pair<const char*, const std::string*>{"id", &order.id},
        {"sale", &order.sale_id}}) {
    if (text->empty() || text->size() > kPaymentIdSizeMax) {
      return absl::InvalidArgumentError(
          absl::StrCat("begin a payment: its ", name, " has ", text->size(),
                       " bytes, it must have 1 to ", kPaymentIdSizeMax));
    }
  }
  if (order.device.empty() || order.device.size() > kPaymentTextSizeMax ||
      order.override_by.size() > kPaymentTextSizeMax / 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("begin payment ", order.id,
                     ": its device or supervisor is not named, "
                     "or by a name that is too long"));
  }
  if (order.amount_minor <= 0 || order.amount_minor > kPaymentMaxMinor) {
    return absl::InvalidArgumentError(
        absl::StrCat("begin payment ", order.id, ": ",
                     Money(order.amount_minor, order.currency),
                     ", it must be above 0 and at most ",
                     Money(kPaymentMaxMinor, order.currency)));
  }
  const absl::StatusOr<int> digits = MinorDigits(order.currency);
  if (digits.ok()) return absl::OkStatus();
  return Annotate(digits.status(), absl::StrCat("begin payment ", order.id));
}

bool IsOf(const PaymentOrder& order, const PaymentAttempt& attempt) {
  return order.sale_id == attempt.sale_id && order.means == attempt.means &&
         order.kind == attempt.kind && order.device == attempt.device &&
         order.original_id == attempt.original_id &&
         order.amount_minor == attempt.amount_minor &&
         order.currency == attempt.currency;
}

}  // namespace

bool Follows(const PaymentAttempt& from, const PaymentAttempt& to) {
  if (IsFinal(from.state)) return from == to;
  return MayBecome(from.state, to.state) && from.id == to.id &&
         from.sale_id == to.sale_id && from.means == to.means &&
         from.kind == to.kind && from.device == to.device &&
         from.original_id == to.original_id &&
         from.amount_minor == to.amount_minor && from.currency == to.currency &&
         from.number == to.number;
}

PaymentDesk::PaymentDesk(std::vector<PaymentAttempt> loaded) {
  for (PaymentAttempt& attempt : loaded) {
    std::string id = attempt.id;
    attempts_.insert_or_assign(std::move(id), std::move(attempt));
  }
}

absl::Status PaymentDesk::CheckPayment(const PaymentOrder& order) const {
  SaleMoney money;
  std::vector<std::string> in_the_way;
  for (const auto& [id, attempt] : attempts_) {
    if (attempt.sale_id != order.sale_id) continue;
    money.paid_minor += MovedMinor(attempt);
    if (IsFinal(attempt.state)) continue;
    // What is being undone can never become paid: a supervisor may go on.
    if (attempt.state == PaymentState::kReversing &&
        !order.override_by.empty()) {
      continue;
    }
    in_the_way.push_back(absl::StrCat(id, " (", ToText(attempt.means), ", ",
                                      ToText(attempt.state), ")"));
  }
  if (!in_the_way.empty()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "begin payment ", order.id, ": nobody knows yet what became of ",
        absl::StrJoin(in_the_way, ", "), " of the same sale; settle it first"));
  }
  if (order.amount_minor > order.due_minor - money.paid_minor) {
    return absl::InvalidArgumentError(absl::StrCat(
        "begin payment ", order.id, ": it asks ",
        Money(order.amount_minor, order.currency), ", the sale still lacks ",
        Money(order.due_minor - money.paid_minor, order.currency)));
  }
  return absl::OkStatus();
}

absl::Status PaymentDesk::CheckReturn(const PaymentOrder& order) const {
  const auto found = attempts_.find(order.original_id);
  if (found == attempts_.end()) {
    return absl::NotFoundError(absl::StrCat(
        "give back by ", order.id, ": no payment ", order.original_id));
  }
  const PaymentAttempt& original = found->second;
  if (original.state != PaymentState::kDone ||
      original.kind != PaymentKind::kPayment) {
    return absl::FailedPreconditionError(absl::StrCat(
        "give back by ", order.id, ": ", original.id,
        " is no payment that was taken; it is ", ToText(original.state)));
  }
  if (original.means != order.means || original.device != order.device ||
      original.sale_id != order.sale_id ||
      original.currency != order.currency) {
    return absl::InvalidArgumentError(absl::StrCat(
        "give back by ", order.id, ": ", original.id,
        " was paid by other means or device, for another sale or in another "
        "currency"));
  }
  int64_t left_minor = original.done_minor;
  for (const auto& [id, attempt] : attempts_) {
    if (attempt.original_id != original.id) continue;
    if (!IsFinal(attempt.state)) {
      return absl::FailedPreconditionError(absl::StrCat(
          "give back by ", order.id, ": ", id, " of the same payment is ",
          ToText(attempt.state), "; settle it first"));
    }
    left_minor += MovedMinor(attempt);
  }
  const bool whole = order.kind == PaymentKind::kReversal;
  if (order.amount_minor > left_minor ||
      (whole && order.amount_minor != original.done_minor)) {
    return absl::InvalidArgumentError(
        absl::StrCat("give back by ", order.id, ": ",
                     Money(order.amount_minor, order.currency), " of ",
                     Money(original.done_minor, order.currency), ", of which ",
                     Money(left_minor, order.currency), " is left",
                     whole ? "; a reversal is of the whole" : ""));
  }
  return absl::OkStatus();
}

absl::StatusOr<PaymentAttempt> PaymentDesk::Begin(const PaymentOrder& order,
                                                  absl::Time now) const {
  const auto found = attempts_.find(order.id);
  if (found != attempts_.end()) {
    if (IsOf(order, found->second)) return found->second;
    return absl::AlreadyExistsError(absl::StrCat(
        "begin payment ", order.id, ": that id is of another payment"));
  }
  BL_RETURN_IF_ERROR(CheckOrder(order));
  BL_RETURN_IF_ERROR(order.kind == PaymentKind::kPayment ? CheckPayment(order)
                                                         : CheckReturn(order));
  PaymentAttempt attempt;
  attempt.id = order.id;
  attempt.sale_id = order.sale_id;
  attempt.means = order.means;
  attempt.kind = order.kind;
  attempt.device = order.device;
  attempt.original_id = order.original_id;
  attempt.amount_minor = order.amount_minor;
  attempt.currency = order.currency;
  attempt.started_at = absl::FromUnixSeconds(absl::ToUnixSeconds(now));
  const auto original = attempts_.find(order.original_id);
  if (order.kind != PaymentKind::kPayment && original != attempts_.end()) {
    attempt.original_minor = original->second.amount_minor;
    attempt.original_number = original->second.number;
    attempt.original_receipt = original->second.receipt;
    attempt.original_trace = original->second.trace;
  }
  if (!order.override_by.empty()) {
    attempt.settled_by = absl::StrCat(
        "begun beside one that is being undone, by ", order.override_by);
  }
  return attempt;
}

void PaymentDesk::Put(const PaymentAttempt& attempt) {
  const auto found = attempts_.find(attempt.id);
  if (found == attempts_.end()) {
    attempts_.emplace(attempt.id, attempt);
    return;
  }
  BL_CHECK(Follows(found->second, attempt), "an attempt goes forward only");
  found->second = attempt;
}

void PaymentDesk::Forget(absl::string_view sale_id) {
  if (!MoneyOf(sale_id).unsettled_ids.empty()) return;
  std::erase_if(attempts_, [&](const auto& known) {
    return known.second.sale_id == sale_id;
  });
}

absl::StatusOr<PaymentAttempt> PaymentDesk::SettleByHand(
    absl::string_view id, int64_t done_minor, absl::string_view who,
    absl::string_view ground) const {
  const auto found = attempts_.find(id);
  if (found == attempts_.end()) {
    return absl::NotFoundError(
        absl::StrCat("settle payment ", id, ": there is none"));
  }
  PaymentAttempt attempt = found->second;
  if (who.empty() || ground.empty() ||
      who.size() + ground.size() > kPaymentTextSizeMax - 2) {
    return absl::InvalidArgumentError(
        absl::StrCat("settle payment ", id,
                     ": say who does it and on what ground, briefly"));
  }
  if (done_minor < 0 || done_minor > kPaymentMaxMinor) {
    return absl::InvalidArgumentError(
        absl::StrCat("settle payment ", id, ": ", done_minor, " minor units"));
  }
  if (attempt.state != PaymentState::kOpen) {
    return absl::FailedPreconditionError(
        absl::StrCat("settle payment ", id, ": it is ", ToText(attempt.state),
                     ", only an open one is settled by hand"));
  }
  attempt.state = done_minor > 0 ? PaymentState::kDone : PaymentState::kFailed;
  attempt.done_minor = done_minor;
  attempt.why = PaymentWhy::kByHand;
  attempt.settled_by = absl::StrCat(who, ": ", ground);
  return attempt;
}

SaleMoney PaymentDesk::MoneyOf(absl::string_view sale_id) const {
  SaleMoney money;
  for (const auto& [id, attempt] : attempts_) {
    if (attempt.sale_id != sale_id) continue;
    const int64_t moved = MovedMinor(attempt);
    (moved > 0 ? money.paid_minor : money.returned_minor) += std::abs(moved);
    if (!IsFinal(attempt.state)) money.unsettled_ids.push_back(id);
  }
  return money;
}

std::optional<PaymentAttempt> PaymentDesk::Find(absl::string_view id) const {
  const auto found = attempts_.find(id);
  if (found == attempts_.end()) return std::nullopt;
  return found->second;
}

std::vector<PaymentAttempt> PaymentDesk::All() const {
  std::vector<PaymentAttempt> all;
  for (const auto& [id, attempt] : attempts_) all.push_back(attempt);
  return all;
}

std::vector<PaymentAttempt> PaymentDesk::Unsettled() const {
  std::vector<PaymentAttempt> unsettled;
  for (const auto& [id, attempt] : attempts_) {
    if (!IsFinal(attempt.state)) unsettled.push_back(attempt);
  }
  return unsettled;
}

}  // namespace branchline
