#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "devices/payment/payment_attempt.h"
#include "edge/commit/commit_queue.h"
#include "edge/payment/sale_standing.h"
#include "sync/base/clock.h"

namespace branchline {

// The branch's ledger as the place where attempts outlive the process: each
// save is an event, synced, and goes to the hub like a sale. Safe for
// concurrent use, but not from within a decision.
class PaymentLedger final : public PaymentStore {
 public:
  // Both outlive the ledger.
  PaymentLedger(CommitQueue* queue, const Clock* clock)
      : queue_(*queue), clock_(*clock) {}

  // As PaymentStore; and the codes of DecideRecordPayment(), after which
  // nothing was written.
  absl::Status Save(const PaymentAttempt& attempt) override
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The next save of `id` is by `staff` at `till`.
  void NoteWho(const std::string& id, std::string till, std::string staff)
      ABSL_LOCKS_EXCLUDED(mutex_);

  //   DATA_LOSS  the ledger cannot be read
  absl::StatusOr<SaleStanding> Standing(absl::string_view sale_id);
  // See OwedMinor().
  //   NOT_FOUND  the sale has no such payment
  absl::StatusOr<int64_t> Owed(absl::string_view sale_id,
                               absl::string_view payment_id);
  // Of all sales that are open.
  absl::StatusOr<std::vector<SaleStanding>> Open();

 private:
  CommitQueue& queue_;
  const Clock& clock_;
  absl::Mutex mutex_;
  // Till and staff, by attempt, until it is first saved.
  std::map<std::string, std::pair<std::string, std::string>> who_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace branchline
