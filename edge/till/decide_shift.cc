#include "edge/till/decide_shift.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "edge/commit/posting_builder.h"
#include "edge/till/cash_amounts.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "edge/till/shift_report.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

const v1::CashAmount* CashOf(const std::vector<v1::CashAmount>& cashes,
                             absl::string_view currency) {
  const auto it = std::find_if(
      cashes.begin(), cashes.end(),
      [&](const auto& cash) { return cash.currency() == currency; });
  return it == cashes.end() ? nullptr : &*it;
}

// Fills in what was counted of one currency.
absl::Status Count(const std::vector<v1::CashAmount>& counts,
                   const std::vector<v1::CashAmount>& leave,
                   v1::ShiftMoney* money) {
  const v1::CashAmount* counted = CashOf(counts, money->currency());
  if (counted == nullptr) {
    if (money->expected_minor() == 0) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("the till has taken ", money->currency(),
                     " too: count it, or close the shift uncounted"));
  }
  money->set_counted_minor(counted->amount_minor());
  *money->mutable_denominations() = counted->denominations();
  money->set_over_short_minor(counted->amount_minor() -
                              money->expected_minor());
  const v1::CashAmount* stays = CashOf(leave, money->currency());
  money->set_left_minor(stays == nullptr ? counted->amount_minor()
                                         : stays->amount_minor());
  money->set_to_safe_minor(counted->amount_minor() - money->left_minor());
  if (money->to_safe_minor() < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        CashText(money->left_minor(), money->currency()),
        " cannot stay in the drawer: ",
        CashText(money->counted_minor(), money->currency()), " was counted"));
  }
  return absl::OkStatus();
}

void PostClose(absl::string_view till, const v1::ShiftClosed& z,
               PostingBuilder* postings) {
  const std::string cash = TenderDetail(v1::TENDER_KIND_CASH, till);
  for (const v1::ShiftMoney& money : z.money()) {
    postings->Settle(money.currency(),
                     {{v1::ACCOUNT_KIND_OVER_SHORT, absl::StrCat("till:", till),
                       money.over_short_minor()},
                      {v1::ACCOUNT_KIND_TENDER, cash,
                       money.to_safe_minor() - money.over_short_minor()},
                      {v1::ACCOUNT_KIND_SAFE, "", -money.to_safe_minor()}});
  }
}

}  // namespace

absl::Status CheckShift(const DecideView& view, absl::string_view till) {
  BL_ASSIGN_OR_RETURN(const v1::TillPolicy* policy, view.Policy());
  if (!policy->shift_required()) return absl::OkStatus();
  BL_ASSIGN_OR_RETURN(const v1::ShiftState shift, view.Shift(till));
  if (shift.open()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("no shift is open on till ", till,
                   ": open one, with the float that is in the drawer"));
}

absl::Status DecideOpenShift(const DecideView& view, absl::string_view till,
                             const v1::OpenShiftRequest& request,
                             Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_SHIFT, "open a shift"));
  BL_ASSIGN_OR_RETURN(const v1::ShiftState shift, view.Shift(till));
  if (shift.open()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the shift of till ", till, " is open already",
                     shift.opened_by().empty() ? "" : ", by staff ",
                     shift.opened_by(), ": close it first"));
  }
  BL_ASSIGN_OR_RETURN(const std::vector<v1::CashAmount> floats,
                      CheckedCashes(view, request.floats()));
  event->set_business_date(date);
  v1::ShiftOpened* opened = event->mutable_shift_opened();
  PostingBuilder postings(view.branch(), event);
  for (const v1::CashAmount& cash : floats) {
    if (cash.amount_minor() == 0) continue;
    *opened->add_floats() = cash;
    postings.Settle(
        cash.currency(),
        {{v1::ACCOUNT_KIND_SAFE, "", cash.amount_minor()},
         {v1::ACCOUNT_KIND_TENDER, TenderDetail(v1::TENDER_KIND_CASH, till),
          -cash.amount_minor()}});
  }
  return absl::OkStatus();
}

absl::Status DecideCloseShift(const DecideView& view, absl::string_view till,
                              const v1::CloseShiftRequest& request,
                              Authority* authority, v1::Event* event) {
  BL_RETURN_IF_ERROR(authority->Need(v1::RIGHT_SHIFT, "close a shift"));
  BL_ASSIGN_OR_RETURN(const v1::ShiftState shift, view.Shift(till));
  if (!shift.open()) {
    return absl::FailedPreconditionError(
        absl::StrCat("no shift is open on till ", till));
  }
  BL_ASSIGN_OR_RETURN(const std::vector<v1::CashAmount> counts,
                      CheckedCashes(view, request.counts()));
  BL_ASSIGN_OR_RETURN(const std::vector<v1::CashAmount> leave,
                      CheckedCashes(view, request.leave()));
  BL_ASSIGN_OR_RETURN(v1::ShiftClosed z, MakeZ(view, till));
  if (!counts.empty()) {
    z.set_counted(true);
    // Cash that the books know nothing of is counted all the same.
    for (const v1::CashAmount& cash : counts) {
      const bool known = std::any_of(
          z.money().begin(), z.money().end(), [&](const auto& money) {
            return money.currency() == cash.currency();
          });
      if (!known) z.add_money()->set_currency(cash.currency());
    }
    for (v1::ShiftMoney& money : *z.mutable_money()) {
      BL_RETURN_IF_ERROR(Count(counts, leave, &money));
    }
  }
  event->set_business_date(view.open_date());
  PostingBuilder postings(view.branch(), event);
  PostClose(till, z, &postings);
  *event->mutable_shift_closed() = std::move(z);
  return absl::OkStatus();
}

}  // namespace branchline
