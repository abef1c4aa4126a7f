#include "edge/till/decide_cash.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "edge/commit/posting_builder.h"
#include "edge/till/cash_amounts.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "edge/till/decide_shift.h"
#include "edge/till/shift_report.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

bool WantsReason(v1::CashMoveKind kind) {
  return kind == v1::CASH_MOVE_KIND_PAID_IN ||
         kind == v1::CASH_MOVE_KIND_PAID_OUT ||
         kind == v1::CASH_MOVE_KIND_NO_SALE;
}

bool IsOfBank(v1::CashMoveKind kind) {
  return kind == v1::CASH_MOVE_KIND_BANK_SENT ||
         kind == v1::CASH_MOVE_KIND_BANK_CONFIRMED;
}

absl::Status CheckText(absl::string_view what, absl::string_view text,
                       size_t size_min, size_t size_max) {
  if (text.size() >= size_min && text.size() <= size_max &&
      text.find('\0') == absl::string_view::npos) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("the ", what, " has ", text.size(), " bytes, want ",
                   size_min, " to ", size_max, " and none of them zero"));
}

absl::Status CheckMove(const v1::MoveCashRequest& request, int64_t amount) {
  const v1::CashMoveKind kind = request.kind();
  if (kind == v1::CASH_MOVE_KIND_UNSPECIFIED ||
      kind == v1::CASH_MOVE_KIND_COUNTED || !v1::CashMoveKind_IsValid(kind)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a move of cash of kind ", static_cast<int>(kind), " is not known"));
  }
  const bool no_sale = kind == v1::CASH_MOVE_KIND_NO_SALE;
  const bool may_be_nothing =
      no_sale || kind == v1::CASH_MOVE_KIND_BANK_CONFIRMED;
  if (no_sale && amount != 0) {
    return absl::InvalidArgumentError(
        "a no-sale opens the drawer and moves nothing; give no amount");
  }
  if (!may_be_nothing && amount == 0) {
    return absl::InvalidArgumentError("the amount must be above 0");
  }
  BL_RETURN_IF_ERROR(CheckText("reason", request.reason(),
                               WantsReason(kind) ? 1 : 0, kCashReasonSizeMax));
  BL_RETURN_IF_ERROR(CheckText("note", request.note(), 0, kCashNoteSizeMax));
  return CheckText("reference", request.reference(), IsOfBank(kind) ? 1 : 0,
                   kCashReasonSizeMax);
}

absl::Status CheckMayMove(const v1::MoveCashRequest& request, int64_t amount,
                          const std::string& currency, Authority* authority) {
  switch (request.kind()) {
    case v1::CASH_MOVE_KIND_NO_SALE:
      return authority->Need(v1::RIGHT_NO_SALE,
                             "open the drawer without a sale");
    case v1::CASH_MOVE_KIND_PAID_IN:
      return authority->Need(v1::RIGHT_PAID_IN_OUT, "pay in");
    case v1::CASH_MOVE_KIND_PAID_OUT:
      return authority->Need(
          v1::RIGHT_PAID_IN_OUT, "pay out",
          [&](const v1::Role& role) -> absl::Status {
            if (amount <= role.paid_out_max_minor()) return absl::OkStatus();
            return absl::PermissionDeniedError(absl::StrCat(
                CashText(amount, currency), " is above the limit of the role ",
                role.id(), ", ",
                CashText(role.paid_out_max_minor(), currency)));
          });
    case v1::CASH_MOVE_KIND_SAFE_DROP:  // out of a drawer that is too full
      return authority->Need(v1::RIGHT_SHIFT, "drop cash into the safe");
    default:
      return authority->Need(v1::RIGHT_SAFE, "take cash out of the safe");
  }
}

// Posts the move. `difference_minor`: what the bank found beside what was sent.
void PostMove(absl::string_view till, const v1::CashMoved& moved,
              PostingBuilder* postings) {
  const std::string cash = TenderDetail(v1::TENDER_KIND_CASH, till);
  const std::string& currency = moved.cash().currency();
  const int64_t amount = moved.cash().amount_minor();
  using Leg = PostingBuilder::Leg;
  const Leg till_gives = {v1::ACCOUNT_KIND_TENDER, cash, amount};
  const Leg till_gets = {v1::ACCOUNT_KIND_TENDER, cash, -amount};
  switch (moved.kind()) {
    case v1::CASH_MOVE_KIND_FLOAT:
      return postings->Settle(currency,
                              {{v1::ACCOUNT_KIND_SAFE, "", amount}, till_gets});
    case v1::CASH_MOVE_KIND_SAFE_DROP:
      return postings->Settle(
          currency, {till_gives, {v1::ACCOUNT_KIND_SAFE, "", -amount}});
    case v1::CASH_MOVE_KIND_PAID_IN:
      return postings->Settle(
          currency,
          {{v1::ACCOUNT_KIND_PAID, moved.reason(), amount}, till_gets});
    case v1::CASH_MOVE_KIND_PAID_OUT:
      return postings->Settle(
          currency,
          {till_gives, {v1::ACCOUNT_KIND_PAID, moved.reason(), -amount}});
    case v1::CASH_MOVE_KIND_BANK_SENT:
      return postings->Settle(currency, {{v1::ACCOUNT_KIND_SAFE, "", amount},
                                         {v1::ACCOUNT_KIND_BANK_TRANSIT,
                                          moved.reference(), -amount}});
    case v1::CASH_MOVE_KIND_BANK_CONFIRMED:
      return postings->Settle(
          currency,
          {{v1::ACCOUNT_KIND_BANK_TRANSIT, moved.reference(),
            amount - moved.difference_minor()},
           {v1::ACCOUNT_KIND_OVER_SHORT, "bank", moved.difference_minor()},
           {v1::ACCOUNT_KIND_BANK, "", -amount}});
    default:
      return;  // a no-sale moves nothing
  }
}

// What is expected of each currency at the place that is counted.
absl::StatusOr<int64_t> ExpectedAt(const DecideView& view,
                                   absl::string_view till, v1::CashPlace place,
                                   absl::string_view currency) {
  if (place == v1::CASH_PLACE_SAFE) {
    return BalanceOf(view, v1::ACCOUNT_KIND_SAFE, "", currency);
  }
  return BalanceOf(view, v1::ACCOUNT_KIND_TENDER,
                   TenderDetail(v1::TENDER_KIND_CASH, till), currency);
}

// What the drawer held at that Z, as far as was known then.
int64_t AtZ(const v1::ShiftClosed& z, absl::string_view currency) {
  for (const v1::ShiftMoney& money : z.money()) {
    if (money.currency() != currency) continue;
    return z.counted() ? money.counted_minor() : money.expected_minor();
  }
  return 0;
}

absl::Status CheckNotCountedSince(const DecideView& view,
                                  absl::string_view till,
                                  absl::string_view z_no) {
  BL_ASSIGN_OR_RETURN(const v1::ShiftClosed now, MakeZ(view, till));
  for (const v1::ShiftMoney& money : now.money()) {
    for (const v1::MoveFigure& move : money.figures().moves()) {
      if (move.kind() != v1::CASH_MOVE_KIND_COUNTED) continue;
      return absl::FailedPreconditionError(
          absl::StrCat("the drawer of till ", till, " was counted since ", z_no,
                       ", which settled it; count what the drawer holds now"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status DecideMoveCash(const DecideView& view, absl::string_view till,
                            const v1::MoveCashRequest& request,
                            Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  BL_ASSIGN_OR_RETURN(const v1::CashAmount cash,
                      CheckedCash(view, request.cash()));
  BL_RETURN_IF_ERROR(CheckMove(request, cash.amount_minor()));
  if (!IsOfBank(request.kind())) BL_RETURN_IF_ERROR(CheckShift(view, till));
  BL_RETURN_IF_ERROR(
      CheckMayMove(request, cash.amount_minor(), cash.currency(), authority));
  event->set_business_date(date);
  v1::CashMoved* moved = event->mutable_cash_moved();
  moved->set_kind(request.kind());
  *moved->mutable_cash() = cash;
  moved->set_reason(request.reason());
  moved->set_note(request.note());
  moved->set_reference(request.reference());
  if (IsOfBank(request.kind())) {
    BL_ASSIGN_OR_RETURN(const int64_t on_its_way,
                        BalanceOf(view, v1::ACCOUNT_KIND_BANK_TRANSIT,
                                  request.reference(), cash.currency()));
    const bool sent = request.kind() == v1::CASH_MOVE_KIND_BANK_SENT;
    if (sent && on_its_way != 0) {
      return absl::FailedPreconditionError(absl::StrCat(
          "deposit ", request.reference(), " of ",
          CashText(on_its_way, cash.currency()),
          " is on its way already: give this one another reference"));
    }
    if (!sent && on_its_way == 0) {
      return absl::NotFoundError(
          absl::StrCat("no deposit ", request.reference(), " in ",
                       cash.currency(), " is on its way to the bank"));
    }
    if (!sent) moved->set_difference_minor(cash.amount_minor() - on_its_way);
  }
  PostingBuilder postings(view.branch(), event);
  PostMove(till, *moved, &postings);
  return absl::OkStatus();
}

absl::Status DecideCountCash(const DecideView& view, absl::string_view till,
                             const v1::CountCashRequest& request,
                             Authority* authority, v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, 0));
  const v1::CashPlace place = request.place();
  if (place == v1::CASH_PLACE_UNSPECIFIED || !v1::CashPlace_IsValid(place)) {
    return absl::InvalidArgumentError(
        "say what is counted: the till, the safe, or the till's last Z");
  }
  const bool of_safe = place == v1::CASH_PLACE_SAFE;
  BL_RETURN_IF_ERROR(
      of_safe ? authority->Need(v1::RIGHT_SAFE, "count the safe")
              : authority->Need(v1::RIGHT_SHIFT, "count the drawer"));
  BL_ASSIGN_OR_RETURN(const std::vector<v1::CashAmount> counts,
                      CheckedCashes(view, request.counts()));
  if (counts.empty()) return absl::InvalidArgumentError("nothing is counted");
  BL_RETURN_IF_ERROR(CheckText("note", request.note(), 0, kCashNoteSizeMax));

  event->set_business_date(date);
  v1::CashCounted* counted = event->mutable_cash_counted();
  counted->set_place(place);
  counted->set_note(request.note());
  std::optional<v1::ShiftClosed> z;
  if (place == v1::CASH_PLACE_LAST_Z) {
    BL_ASSIGN_OR_RETURN(z, view.LastZ(till));
    if (!z.has_value()) {
      return absl::NotFoundError(absl::StrCat("till ", till, " made no Z yet"));
    }
    counted->set_z_no(z->z_no());
    BL_RETURN_IF_ERROR(CheckNotCountedSince(view, till, z->z_no()));
  }
  PostingBuilder postings(view.branch(), event);
  for (const v1::CashAmount& cash : counts) {
    v1::CountedCash* one = counted->add_cash();
    one->set_currency(cash.currency());
    one->set_counted_minor(cash.amount_minor());
    *one->mutable_denominations() = cash.denominations();
    if (z.has_value()) {
      one->set_expected_minor(AtZ(*z, cash.currency()));
    } else {
      BL_ASSIGN_OR_RETURN(const int64_t expected,
                          ExpectedAt(view, till, place, cash.currency()));
      one->set_expected_minor(expected);
    }
    one->set_over_short_minor(cash.amount_minor() - one->expected_minor());
    const PostingBuilder::Leg place_gets =
        of_safe ? PostingBuilder::Leg{v1::ACCOUNT_KIND_SAFE, "",
                                      -one->over_short_minor()}
                : PostingBuilder::Leg{v1::ACCOUNT_KIND_TENDER,
                                      TenderDetail(v1::TENDER_KIND_CASH, till),
                                      -one->over_short_minor()};
    postings.Settle(cash.currency(), {{v1::ACCOUNT_KIND_OVER_SHORT,
                                       of_safe ? std::string("safe")
                                               : absl::StrCat("till:", till),
                                       one->over_short_minor()},
                                      place_gets});
  }
  return absl::OkStatus();
}

}  // namespace branchline
