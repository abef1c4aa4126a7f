#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/payment/payment_attempt.h"

namespace branchline {

// What a till asks for.
struct PaymentOrder {
  std::string id;
  std::string sale_id;
  PaymentMeans means = PaymentMeans::kTerminal;
  PaymentKind kind = PaymentKind::kPayment;
  std::string device;
  std::string original_id;  // of a refund or reversal
  int64_t amount_minor = 0;
  std::string currency;
  // What the sale still lacks by everything that is not paid through here.
  int64_t due_minor = 0;
  // A supervisor who lets a sale be paid in another way while an earlier
  // attempt of it is still being undone; empty: nobody.
  std::string override_by;
};

// Where the money of one sale stands.
struct SaleMoney {
  int64_t paid_minor = 0;      // came in for certain
  int64_t returned_minor = 0;  // went back for certain
  // Attempts that are not final. While there is one, nobody knows for certain:
  // no goods against it, and no other money in its place.
  std::vector<std::string> unsettled_ids;
};

// All attempts of a branch, and which new one may begin, so that no sale is
// paid twice and nothing is given back twice. Pure; not thread-safe.
class PaymentDesk {
 public:
  explicit PaymentDesk(std::vector<PaymentAttempt> loaded);

  // The attempt that `order` makes, in kStarted, not yet in the desk; or, if
  // its id is known and the order is the same, the one that stands.
  //
  //   INVALID_ARGUMENT     an id, the amount or the currency is wrong; or more
  //                        than is due, or than was paid, is asked
  //   ALREADY_EXISTS       the id is of another order
  //   NOT_FOUND            no such original
  //   FAILED_PRECONDITION  the sale has an attempt that is not settled, or the
  //                        original is not paid or was given back
  absl::StatusOr<PaymentAttempt> Begin(const PaymentOrder& order,
                                       absl::Time now) const;

  // `attempt` is on disk. It must follow from the one that was there.
  void Put(const PaymentAttempt& attempt);

  // Nothing of the sale is kept any more, unless an attempt is not final.
  void Forget(absl::string_view sale_id);

  // What a person found of an attempt that is open: `done_minor` moved, or
  // nothing if 0. To be saved and Put().
  //
  //   INVALID_ARGUMENT     nobody is named, or the amount is below zero
  //   NOT_FOUND            no such attempt
  //   FAILED_PRECONDITION  it is not open
  absl::StatusOr<PaymentAttempt> SettleByHand(absl::string_view id,
                                              int64_t done_minor,
                                              absl::string_view who,
                                              absl::string_view ground) const;

  SaleMoney MoneyOf(absl::string_view sale_id) const;
  std::optional<PaymentAttempt> Find(absl::string_view id) const;
  std::vector<PaymentAttempt> All() const;  // in the order of their ids
  std::vector<PaymentAttempt> Unsettled() const;

 private:
  absl::Status CheckPayment(const PaymentOrder& order) const;
  absl::Status CheckReturn(const PaymentOrder& order) const;

  std::map<std::string, PaymentAttempt, std::less<>> attempts_;  // by id
};

// May `to` stand in the place of `from`? Same order, a state that follows, and
// nothing of a final one changed.
bool Follows(const PaymentAttempt& from, const PaymentAttempt& to);

}  // namespace branchline
