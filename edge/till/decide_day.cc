#include "edge/till/decide_day.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "edge/till/shift_report.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {

absl::StatusOr<Date> PostingDate(const DecideView& view, Date wanted) {
  const Date open = view.open_date();
  if (wanted != 0) BL_RETURN_IF_ERROR(ValidateDate(wanted));
  if (wanted != 0 && wanted <= view.sealed_date()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "day ", FormatDate(wanted), " of ", view.branch(),
        " is sealed, nothing more can be posted to it; ",
        open == 0 ? "open a later day first"
                  : absl::StrCat("the open day is ", FormatDate(open))));
  }
  if (open == 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "no business day is open in ", view.branch(), ": open one first"));
  }
  if (wanted != 0 && wanted != open) {
    return absl::FailedPreconditionError(
        absl::StrCat("day ", FormatDate(wanted), " of ", view.branch(),
                     " is not open; the open day is ", FormatDate(open)));
  }
  return open;
}

absl::Status DecideOpenDay(const DecideView& view,
                           const v1::OpenDayRequest& request,
                           absl::Time wall_now, Authority* authority,
                           v1::Event* event) {
  BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_DAY, "open the day"));
  const Date date =
      request.date() != 0 ? request.date() : DateOf(wall_now, view.time_zone());
  BL_RETURN_IF_ERROR(ValidateDate(date));
  if (view.open_date() != 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "day ", FormatDate(view.open_date()), " of ", view.branch(),
        " is open: close it before ", FormatDate(date), " is opened"));
  }
  if (date <= view.sealed_date()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "day ", FormatDate(date), " cannot be opened: ", view.branch(),
        " has sealed its days up to ", FormatDate(view.sealed_date())));
  }
  event->set_business_date(date);
  event->mutable_day_opened()->set_date(date);
  return absl::OkStatus();
}

absl::Status DecideCloseDay(const DecideView& view,
                            const v1::CloseDayRequest& request,
                            Authority* authority, v1::Event* event) {
  BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_DAY, "close the day"));
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, request.date()));
  event->set_business_date(date);
  v1::DayClosed* seal = event->mutable_day_closed();
  seal->set_date(date);
  *seal->mutable_first() = view.first_after_seal();
  *seal->mutable_last() = view.head();
  BL_ASSIGN_OR_RETURN(const Cell day,
                      view.BookCell(books::Day(view.branch(), date)));
  int64_t receipts = 0;
  for (const auto& [field, sum] : day.fields()) {
    if (field[0] == books::kReceipts) {
      BL_ASSIGN_OR_RETURN(const int64_t count, Narrow(sum, "receipts"));
      receipts += count;
    }
    if (field[0] != books::kNet) continue;
    const std::string currency = field.substr(1);
    v1::CurrencyTotal* total = seal->add_totals();
    total->set_currency(currency);
    BL_ASSIGN_OR_RETURN(const int64_t net, Narrow(sum, currency));
    total->set_net_minor(net);
  }
  seal->set_receipts(static_cast<uint64_t>(receipts));
  BL_ASSIGN_OR_RETURN(const v1::OpenPayments open, view.OpenPayments());
  if (!open.sale_ids().empty()) *seal->mutable_open_payments() = open;
  for (const std::string& till : view.open_shifts()) {
    BL_ASSIGN_OR_RETURN(*seal->add_closed_shifts(), MakeZ(view, till));
  }
  return absl::OkStatus();
}

}  // namespace branchline
