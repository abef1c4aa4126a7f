#include "devices/payment/payment_book.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"

namespace branchline {

PaymentBook::PaymentBook(std::vector<PaymentAttempt> loaded,
                         PaymentStore* store, Clock* clock)
    : store_(store), clock_(clock), desk_(std::move(loaded)) {}

absl::StatusOr<PaymentAttempt> PaymentBook::Begin(const PaymentOrder& order,
                                                  const PaymentInput& input,
                                                  PaymentDevice* device) {
  PaymentAttempt attempt;
  {
    absl::MutexLock lock(&mutex_);
    const bool known = desk_.Find(order.id).has_value();
    BL_ASSIGN_OR_RETURN(attempt, desk_.Begin(order, clock_->WallNow()));
    if (known) return attempt;
    BL_RETURN_IF_ERROR(device->Prepare(input, &attempt));
    BL_RETURN_IF_ERROR(store_->Save(attempt));
    desk_.Put(attempt);
  }
  device->Start(attempt, input);
  absl::MutexLock lock(&mutex_);
  return *desk_.Find(order.id);
}

absl::StatusOr<PaymentAttempt> PaymentBook::SettleByHand(
    absl::string_view id, int64_t done_minor, absl::string_view who,
    absl::string_view ground) {
  absl::MutexLock lock(&mutex_);
  BL_ASSIGN_OR_RETURN(const PaymentAttempt attempt,
                      desk_.SettleByHand(id, done_minor, who, ground));
  BL_RETURN_IF_ERROR(store_->Save(attempt));
  desk_.Put(attempt);
  return attempt;
}

absl::Status PaymentBook::Save(const PaymentAttempt& attempt) {
  absl::MutexLock lock(&mutex_);
  const std::optional<PaymentAttempt> stands = desk_.Find(attempt.id);
  // A person may have settled it meanwhile.
  if (stands.has_value() && !Follows(*stands, attempt)) {
    return absl::AbortedError(absl::StrCat("write payment ", attempt.id,
                                           ": it was settled meanwhile"));
  }
  BL_RETURN_IF_ERROR(store_->Save(attempt));
  desk_.Put(attempt);
  return absl::OkStatus();
}

void PaymentBook::Adopt(const std::vector<PaymentAttempt>& stored) {
  absl::MutexLock lock(&mutex_);
  for (const PaymentAttempt& attempt : stored) {
    const std::optional<PaymentAttempt> stands = desk_.Find(attempt.id);
    if (stands.has_value() && !Follows(*stands, attempt)) continue;
    desk_.Put(attempt);
  }
}

void PaymentBook::Forget(absl::string_view sale_id) {
  absl::MutexLock lock(&mutex_);
  desk_.Forget(sale_id);
}

SaleMoney PaymentBook::MoneyOf(absl::string_view sale_id) const {
  absl::MutexLock lock(&mutex_);
  return desk_.MoneyOf(sale_id);
}

std::optional<PaymentAttempt> PaymentBook::Find(absl::string_view id) const {
  absl::MutexLock lock(&mutex_);
  return desk_.Find(id);
}

std::vector<PaymentAttempt> PaymentBook::All() const {
  absl::MutexLock lock(&mutex_);
  return desk_.All();
}

std::vector<PaymentAttempt> PaymentBook::Unsettled() const {
  absl::MutexLock lock(&mutex_);
  return desk_.Unsettled();
}

absl::StatusOr<PaymentAttempt> PaymentBook::Await(
    absl::string_view id, absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  struct Waiting {
    const PaymentDesk& desk;
    absl::string_view id;
  } waiting = {desk_, id};
  mutex_.AwaitWithTimeout(
      absl::Condition(
          +[](Waiting* on) {
            const std::optional<PaymentAttempt> now = on->desk.Find(on->id);
            return !now.has_value() || IsFinal(now->state) ||
                   now->state == PaymentState::kOpen;
          },
          &waiting),
      timeout);
  const std::optional<PaymentAttempt> attempt = desk_.Find(id);
  if (attempt.has_value()) return *attempt;
  return absl::NotFoundError(
      absl::StrCat("wait for payment ", id, ": there is none"));
}

}  // namespace branchline
