#include "edge/till/shift_report.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "edge/people/authority.h"
#include "edge/till/cash_amounts.h"
#include "edge/till/decide_sale.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"
#include "sync/ledger/roles.h"
#include "sync/ledger/till_figures.h"

namespace branchline {
namespace {

absl::CivilDay CivilOf(Date date) {
  return absl::CivilDay(date / 10'000, date / 100 % 100, date % 100);
}

Date DateOfCivil(const absl::CivilDay& day) {
  return static_cast<Date>(day.year() * 10'000 + day.month() * 100 + day.day());
}

absl::StatusOr<Cell> TillPartOn(const DecideView& view, absl::string_view till,
                                Date date) {
  BL_ASSIGN_OR_RETURN(const Cell day,
                      view.BookCell(books::Day(view.branch(), date)));
  return TillPartOf(day, till);
}

// What the till posted since `last`; `today` gets what it posted on `end`.
absl::StatusOr<Cell> PostedSince(const DecideView& view, absl::string_view till,
                                 const v1::ShiftClosed* last, Date end,
                                 Cell* today) {
  absl::CivilDay day = CivilOf(end);
  Cell posted;
  if (last != nullptr && last->date() <= end &&
      CivilOf(end) - CivilOf(last->date()) <= kZDaysMax) {
    Cell seen;
    BL_RETURN_IF_ERROR(Cell::Decode(last->day_figures(), &seen));
    posted = Difference(Cell(), seen);
    day = CivilOf(last->date());
  }
  for (; day <= CivilOf(end); ++day) {
    BL_ASSIGN_OR_RETURN(Cell part, TillPartOn(view, till, DateOfCivil(day)));
    posted.Merge(part);
    if (day == CivilOf(end)) *today = std::move(part);
  }
  return posted;
}

const v1::ShiftMoney* MoneyOf(const v1::ShiftClosed* z,
                              absl::string_view currency) {
  if (z == nullptr) return nullptr;
  for (const v1::ShiftMoney& money : z->money()) {
    if (money.currency() == currency) return &money;
  }
  return nullptr;
}

absl::Status AddMoney(const DecideView& view, absl::string_view till,
                      const std::string& currency,
                      const v1::TillFigures& figures,
                      const v1::ShiftClosed* last, v1::ShiftClosed* z) {
  v1::ShiftMoney* money = z->add_money();
  money->set_currency(currency);
  *money->mutable_figures() = figures;
  BL_ASSIGN_OR_RETURN(
      const int64_t expected,
      BalanceOf(view, v1::ACCOUNT_KIND_TENDER,
                TenderDetail(v1::TENDER_KIND_CASH, till), currency));
  money->set_expected_minor(expected);
  money->set_opening_minor(expected - CashMovedIn(figures));
  money->set_left_minor(expected);
  const v1::ShiftMoney* before = MoneyOf(last, currency);
  money->set_grand_sales_minor(
      figures.sales_minor() +
      (before == nullptr ? 0 : before->grand_sales_minor()));
  money->set_grand_returns_minor(
      figures.returns_minor() +
      (before == nullptr ? 0 : before->grand_returns_minor()));
  return absl::OkStatus();
}

}  // namespace

std::string ZNumber(absl::string_view branch, absl::string_view till,
                    uint64_t epoch, uint64_t number) {
  return absl::StrFormat("%s-%s-%d-Z%06d", branch, till, epoch, number);
}

absl::StatusOr<v1::ShiftClosed> MakeZ(const DecideView& view,
                                      absl::string_view till) {
  BL_ASSIGN_OR_RETURN(const v1::ShiftState shift, view.Shift(till));
  BL_ASSIGN_OR_RETURN(const auto last_z, view.LastZ(till));
  const v1::ShiftClosed* last = last_z.has_value() ? &*last_z : nullptr;
  const Date end =
      view.open_date() != 0 ? view.open_date() : view.sealed_date();
  v1::ShiftClosed z;
  z.set_till(std::string(till));
  z.set_epoch(view.epoch());
  const bool same_epoch = last != nullptr && last->epoch() == view.epoch();
  z.set_number(same_epoch ? last->number() + 1 : 1);
  z.set_z_no(ZNumber(view.branch(), till, z.epoch(), z.number()));
  z.set_date(end);
  z.set_opened_at_unix_micros(shift.opened_at_unix_micros());
  z.set_opened_by(shift.opened_by());
  if (end == 0) return z;  // no day was ever opened

  Cell today;
  BL_ASSIGN_OR_RETURN(const Cell posted,
                      PostedSince(view, till, last, end, &today));
  z.set_day_figures(today.Encode());
  BL_ASSIGN_OR_RETURN(TillReading reading, ReadTillFigures(posted));
  std::set<std::string> currencies = {view.currency()};
  for (const auto& [currency, figures] : reading.by_currency) {
    currencies.insert(currency);
  }
  if (last != nullptr) {
    for (const v1::ShiftMoney& money : last->money()) {
      currencies.insert(money.currency());
    }
  }
  for (const std::string& currency : currencies) {
    BL_RETURN_IF_ERROR(AddMoney(view, till, currency,
                                reading.by_currency[currency], last, &z));
  }
  for (v1::LateShare& late : reading.late) *z.add_late() = std::move(late);
  return z;
}

absl::StatusOr<bool> CountsBlind(const DecideView& view,
                                 absl::string_view staff) {
  BL_ASSIGN_OR_RETURN(const v1::TillPolicy* policy, view.Policy());
  if (!policy->blind_count()) return false;
  BL_ASSIGN_OR_RETURN(const v1::Staff* known, view.FindStaff(staff));
  const v1::Role* role = nullptr;
  if (known != nullptr && WorksIn(*known, view.branch())) {
    BL_ASSIGN_OR_RETURN(role, view.FindRole(known->role()));
  }
  return role == nullptr || !HasRight(*role, v1::RIGHT_SEE_EXPECTED);
}

void MakeBlind(v1::ShiftReport* report) {
  report->set_blind(true);
  report->mutable_shift()->clear_day_figures();
  report->mutable_shift()->clear_late();
  for (v1::ShiftMoney& money : *report->mutable_shift()->mutable_money()) {
    money.clear_opening_minor();
    money.clear_expected_minor();
    money.clear_over_short_minor();
    money.clear_left_minor();
    money.clear_grand_sales_minor();
    money.clear_grand_returns_minor();
    // Sales less what was paid otherwise would tell the cash as well.
    v1::TillFigures shown;
    shown.set_receipts(money.figures().receipts());
    shown.set_return_receipts(money.figures().return_receipts());
    shown.set_post_voids(money.figures().post_voids());
    shown.set_lines(money.figures().lines());
    shown.set_voided_lines(money.figures().voided_lines());
    shown.set_overridden_lines(money.figures().overridden_lines());
    shown.set_cancelled_baskets(money.figures().cancelled_baskets());
    shown.set_hand_weighed_lines(money.figures().hand_weighed_lines());
    shown.set_reprints(money.figures().reprints());
    *money.mutable_figures() = std::move(shown);
  }
  if (report->has_settled()) MakeBlind(report->mutable_settled());
}

void MakeBlind(v1::CashCounted* counted) {
  for (v1::CountedCash& cash : *counted->mutable_cash()) {
    cash.clear_expected_minor();
    cash.clear_over_short_minor();
  }
}

}  // namespace branchline
