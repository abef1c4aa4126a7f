#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "devices/payment/payment_desk.h"
#include "devices/payment/payment_device.h"
#include "sync/base/clock.h"

namespace branchline {

// The desk of a branch over a store: nothing is in it that is not on disk.
// Everything that changes an attempt goes through here, devices too: it is the
// store that they get. Safe for concurrent use.
class PaymentBook final : public PaymentStore {
 public:
  // `loaded`: what `store` has. `store` and `clock` outlive the book.
  PaymentBook(std::vector<PaymentAttempt> loaded, PaymentStore* store,
              Clock* clock);

  // Takes `order` to `device`: asks it whether it could, writes the attempt,
  // and only then starts it. Returns it as it stands then; it goes on by
  // itself, see Find(). The same order again changes nothing and returns where
  // it stands.
  //
  //   codes of PaymentDesk::Begin() and PaymentDevice::Prepare()
  //   RESOURCE_EXHAUSTED, DATA_LOSS  the store failed: nothing was sent
  absl::StatusOr<PaymentAttempt> Begin(const PaymentOrder& order,
                                       const PaymentInput& input,
                                       PaymentDevice* device);

  // See PaymentDesk; and the codes of the store.
  absl::StatusOr<PaymentAttempt> SettleByHand(absl::string_view id,
                                              int64_t done_minor,
                                              absl::string_view who,
                                              absl::string_view ground);

  absl::Status Save(const PaymentAttempt& attempt) override;

  // Takes in what stands in the store already: of an older sale, or settled
  // there by a person. What does not follow from what is here is passed over.
  void Adopt(const std::vector<PaymentAttempt>& stored);
  // Lets go of a sale that is done with; its attempts stay in the store.
  void Forget(absl::string_view sale_id);

  SaleMoney MoneyOf(absl::string_view sale_id) const;
  std::optional<PaymentAttempt> Find(absl::string_view id) const;
  std::vector<PaymentAttempt> All() const;
  std::vector<PaymentAttempt> Unsettled() const;

  // Waits until `id` is settled or open, at most `timeout`; returns where it
  // stands.
  //   NOT_FOUND  no such attempt
  absl::StatusOr<PaymentAttempt> Await(absl::string_view id,
                                       absl::Duration timeout) const;

 private:
  PaymentStore* const store_;
  Clock* const clock_;
  // Held over a write of the store: an attempt is decided, written and known in
  // one step.
  mutable absl::Mutex mutex_;
  PaymentDesk desk_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline
