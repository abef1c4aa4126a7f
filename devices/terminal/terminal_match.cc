#include "devices/terminal/terminal_match.h"

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace branchline {
namespace {

std::string Number(const std::optional<int64_t>& value) {
  return value.has_value() ? absl::StrCat(*value) : "none";
}

std::string Described(const ZvtStatus& said) {
  return absl::StrCat(
      "it shows receipt ", Number(said.receipt), ", trace ", Number(said.trace),
      ", ", Number(said.amount_minor), " minor units of ",
      said.currency.empty() ? "no currency" : said.currency, ", result ",
      ZvtResultText(said.result),
      said.original_trace.has_value()
          ? absl::StrCat(", taking back trace ", *said.original_trace)
          : "");
}

PaymentAttempt Open(PaymentAttempt attempt, PaymentWhy why,
                    std::string detail) {
  attempt.state = PaymentState::kOpen;
  attempt.why = why;
  attempt.detail = detail.substr(0, kPaymentTextSizeMax);
  return attempt;
}

bool SameReceipt(const std::optional<int64_t>& receipt,
                 const std::optional<int64_t>& trace, const ZvtStatus& said) {
  return said.receipt == receipt && said.trace == trace;
}

bool CurrencyFits(const ZvtStatus& said, int currency_number) {
  int number = 0;
  return said.currency.empty() || (absl::SimpleAtoi(said.currency, &number) &&
                                   number == currency_number);
}

// Is the receipt of about the time at which the attempt began? The terminal
// says no year, so all years near it are tried.
bool TimeFits(const PaymentAttempt& attempt, const ZvtStatus& said,
              absl::TimeZone time_zone) {
  const int date = static_cast<int>(*said.date_mmdd);
  const int time = static_cast<int>(*said.time_hhmmss);
  const absl::CivilSecond began =
      absl::ToCivilSecond(attempt.started_at, time_zone);
  for (const absl::civil_year_t year :
       {began.year() - 1, began.year(), began.year() + 1}) {
    const absl::Time at = absl::FromCivil(
        absl::CivilSecond(year, date / 100, date % 100, time / 10'000,
                          time / 100 % 100, time % 100),
        time_zone);
    if (at >= attempt.started_at - kTerminalTimeBefore &&
        at <= attempt.started_at + kTerminalTimeAfter) {
      return true;
    }
  }
  return false;
}

bool SaysTime(const ZvtStatus& said) {
  return said.date_mmdd.has_value() && said.time_hhmmss.has_value();
}

// The receipt's trace is known: was it this one, or one that takes it back?
PaymentAttempt SettledByItsOwn(const PaymentAttempt& attempt,
                               const ZvtStatus& said) {
  if (SameReceipt(attempt.receipt, attempt.trace, said) &&
      said.amount_minor.value_or(attempt.done_minor) == attempt.done_minor) {
    return Concluded(attempt);
  }
  if (said.original_trace.has_value() && said.original_trace == attempt.trace &&
      said.amount_minor.value_or(attempt.done_minor) == attempt.done_minor) {
    PaymentAttempt back = attempt;
    back.state = PaymentState::kReversed;
    back.why = PaymentWhy::kUndoneByTerminal;
    back.detail = Described(said);
    return back;
  }
  return Open(attempt, PaymentWhy::kTerminalShowsOther, Described(said));
}

}  // namespace

void NoteApproval(const ZvtStatus& status, int currency_number,
                  PaymentAttempt* attempt) {
  attempt->state = PaymentState::kApproved;
  attempt->why = PaymentWhy::kNone;
  attempt->receipt = status.receipt;
  attempt->trace = status.trace;
  attempt->done_minor = status.amount_minor.value_or(0);
  attempt->card_name = status.card_name.substr(0, 40);
  if (!status.terminal_id.empty()) attempt->terminal_id = status.terminal_id;
  if (!CurrencyFits(status, currency_number)) {
    attempt->why = PaymentWhy::kCurrencyDiffers;
    attempt->detail = Described(status);
  }
}

PaymentAttempt Concluded(PaymentAttempt attempt) {
  if (attempt.why == PaymentWhy::kCurrencyDiffers) {
    return Open(attempt, PaymentWhy::kCurrencyDiffers, attempt.detail);
  }
  // A terminal need not say the amount of what it gave back whole.
  if (attempt.kind != PaymentKind::kPayment && attempt.done_minor == 0) {
    attempt.done_minor = attempt.amount_minor;
  }
  // Less than asked is a partial approval, and only of a payment.
  const bool fits =
      attempt.kind == PaymentKind::kPayment
          ? attempt.done_minor > 0 && attempt.done_minor <= attempt.amount_minor
          : attempt.done_minor == attempt.amount_minor;
  if (!fits) {
    return Open(
        attempt, PaymentWhy::kAmountDiffers,
        absl::StrCat("asked ", attempt.amount_minor,
                     " minor units, the terminal says ", attempt.done_minor));
  }
  attempt.state = PaymentState::kDone;
  attempt.why = PaymentWhy::kNone;
  return attempt;
}

PaymentAttempt SettledByReceipt(const PaymentAttempt& attempt,
                                const std::optional<ZvtStatus>& said,
                                int currency_number, absl::TimeZone time_zone) {
  if (!said.has_value() || said->result != 0) {
    return Open(attempt, PaymentWhy::kTerminalForgot,
                said.has_value() ? Described(*said) : "it shows no receipt");
  }
  if (!attempt.terminal_id.empty() && !said->terminal_id.empty() &&
      attempt.terminal_id != said->terminal_id) {
    return Open(attempt, PaymentWhy::kTerminalShowsOther,
                absl::StrCat("it is terminal ", said->terminal_id,
                             ", the attempt went to ", attempt.terminal_id));
  }
  if (attempt.receipt.has_value() || attempt.trace.has_value()) {
    return SettledByItsOwn(attempt, *said);
  }
  const bool knows_earlier =
      attempt.earlier_receipt.has_value() || attempt.earlier_trace.has_value();
  if (knows_earlier &&
      SameReceipt(attempt.earlier_receipt, attempt.earlier_trace, *said)) {
    return Open(attempt, PaymentWhy::kTerminalShowsEarlier, Described(*said));
  }
  // Where the terminal took its own money back, the two receipts belong to one
  // attempt: nothing stands. Else the receipt must be of its kind.
  const bool takes_back = said->original_trace.has_value();
  const bool is_reversal = attempt.kind == PaymentKind::kReversal;
  // Traces count up: one that does not follow is an earlier payment's, perhaps
  // of the same amount. Where they begin anew, a person looks.
  const bool is_later = attempt.earlier_trace.has_value() &&
                        said->trace.has_value() &&
                        *said->trace > *attempt.earlier_trace;
  bool kind_fits = true;
  if (is_reversal) {
    kind_fits = takes_back && said->original_trace == attempt.original_trace;
  } else if (takes_back) {
    kind_fits = attempt.earlier_trace.has_value() &&
                *said->original_trace > *attempt.earlier_trace;
  }
  const bool time_fits =
      !SaysTime(*said) || TimeFits(attempt, *said, time_zone);
  if (!is_later || !said->receipt.has_value() ||
      said->amount_minor != attempt.amount_minor || !kind_fits || !time_fits ||
      !CurrencyFits(*said, currency_number)) {
    return Open(attempt, PaymentWhy::kTerminalShowsOther, Described(*said));
  }
  PaymentAttempt settled = attempt;
  NoteApproval(*said, currency_number, &settled);
  if (takes_back && !is_reversal) {
    settled.state = PaymentState::kReversed;
    settled.why = PaymentWhy::kUndoneByTerminal;
    settled.detail = Described(*said);
    return settled;
  }
  return Concluded(settled);
}

}  // namespace branchline
