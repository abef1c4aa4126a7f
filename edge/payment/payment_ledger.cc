#include "edge/payment/payment_ledger.h"

#include "absl/strings/str_cat.h"
#include "edge/payment/payment_form.h"
#include "sync/base/status_macros.h"

namespace branchline {

absl::Status PaymentLedger::Save(const PaymentAttempt& attempt) {
  std::string till;
  RecordPaymentCommand command{ToProto(attempt), ""};
  {
    absl::MutexLock lock(&mutex_);
    if (const auto who = who_.find(attempt.id); who != who_.end()) {
      till = std::move(who->second.first);
      command.staff = std::move(who->second.second);
      who_.erase(who);
    }
  }
  return queue_.Execute({till, clock_.WallNow(), std::move(command)}).status();
}

void PaymentLedger::NoteWho(const std::string& id, std::string till,
                            std::string staff) {
  absl::MutexLock lock(&mutex_);
  // Only of attempts that were refused before they were saved.
  if (who_.size() > kOpenSalesMax) who_.clear();
  who_[id] = {std::move(till), std::move(staff)};
}

absl::StatusOr<SaleStanding> PaymentLedger::Standing(
    absl::string_view sale_id) {
  SaleStanding standing;
  BL_RETURN_IF_ERROR(queue_.Run([&](EdgeCore& core) {
    return core.Look([&](const DecideView& view) -> absl::Status {
      BL_ASSIGN_OR_RETURN(standing, StandingOf(view, sale_id));
      return absl::OkStatus();
    });
  }));
  return standing;
}

absl::StatusOr<int64_t> PaymentLedger::Owed(absl::string_view sale_id,
                                            absl::string_view payment_id) {
  int64_t owed_minor = 0;
  BL_RETURN_IF_ERROR(queue_.Run([&](EdgeCore& core) {
    return core.Look([&](const DecideView& view) -> absl::Status {
      BL_ASSIGN_OR_RETURN(const v1::SalePayments payments,
                          view.PaymentsOf(sale_id));
      for (const v1::PaymentAttempt& payment : payments.attempts()) {
        if (payment.id() != payment_id) continue;
        BL_ASSIGN_OR_RETURN(owed_minor, OwedMinor(view, payments, payment));
        return absl::OkStatus();
      }
      return absl::NotFoundError(
          absl::StrCat("sale ", sale_id, " has no payment ", payment_id));
    });
  }));
  return owed_minor;
}

absl::StatusOr<std::vector<SaleStanding>> PaymentLedger::Open() {
  std::vector<SaleStanding> open;
  BL_RETURN_IF_ERROR(queue_.Run([&](EdgeCore& core) {
    return core.Look([&](const DecideView& view) -> absl::Status {
      BL_ASSIGN_OR_RETURN(const v1::OpenPayments all, view.OpenPayments());
      for (const std::string& sale_id : all.sale_ids()) {
        BL_ASSIGN_OR_RETURN(open.emplace_back(), StandingOf(view, sale_id));
      }
      return absl::OkStatus();
    });
  }));
  return open;
}

}  // namespace branchline
