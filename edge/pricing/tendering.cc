#include "edge/pricing/tendering.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "edge/pricing/amount_text.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

struct Given {
  int64_t other_minor = 0;
  int64_t cash_minor = 0;
  bool has_cash = false;
};

absl::StatusOr<Given> SumUp(int64_t total_minor,
                            absl::Span<const TenderGiven> tenders,
                            absl::string_view currency) {
  if (total_minor < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("the receipt comes to ", AmountText(total_minor, currency),
                     "; money is given back by a refund"));
  }
  if (tenders.size() > kTendersOfReceiptMax) {
    return absl::OutOfRangeError(
        absl::StrCat("the receipt has ", tenders.size(), " tenders, at most ",
                     kTendersOfReceiptMax));
  }
  Given given;
  for (const TenderGiven& tender : tenders) {
    if (tender.amount_minor < 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "a tender of ", AmountText(tender.amount_minor, currency),
          ", want 0 or more"));
    }
    const bool cash = tender.means == TenderMeans::kCash;
    given.has_cash = given.has_cash || cash;
    int64_t* sum = cash ? &given.cash_minor : &given.other_minor;
    BL_ASSIGN_OR_RETURN(*sum, CheckedAdd(*sum, tender.amount_minor));
  }
  if (given.other_minor > total_minor) {
    return absl::FailedPreconditionError(absl::StrCat(
        "cards, wallets and vouchers come to ",
        AmountText(given.other_minor, currency), ", the receipt to ",
        AmountText(total_minor, currency), "; only cash gives change, take ",
        AmountText(given.other_minor - total_minor, currency), " less"));
  }
  return given;
}

int Turn(TenderMeans means) {
  switch (means) {
    case TenderMeans::kCard:
    case TenderMeans::kWallet:
      return 0;
    case TenderMeans::kVoucher:
      return 1;
    case TenderMeans::kCash:
      break;
  }
  return 2;
}

}  // namespace

absl::StatusOr<int64_t> CashDue(int64_t total_minor,
                                absl::Span<const TenderGiven> tenders,
                                const CashRounding& rounding) {
  BL_ASSIGN_OR_RETURN(const Given given,
                      SumUp(total_minor, tenders, rounding.currency));
  BL_ASSIGN_OR_RETURN(const int64_t due_minor,
                      RoundCash(total_minor - given.other_minor, rounding));
  return std::max<int64_t>(0, due_minor - given.cash_minor);
}

absl::StatusOr<Settlement> SettleTenders(int64_t total_minor,
                                         absl::Span<const TenderGiven> tenders,
                                         const CashRounding& rounding) {
  BL_ASSIGN_OR_RETURN(const Given given,
                      SumUp(total_minor, tenders, rounding.currency));
  Settlement settlement;
  settlement.other_minor = given.other_minor;
  settlement.cash_given_minor = given.cash_minor;
  const int64_t rest_minor = total_minor - given.other_minor;
  int64_t cash_due_minor = rest_minor;
  if (given.has_cash) {
    BL_ASSIGN_OR_RETURN(cash_due_minor, RoundCash(rest_minor, rounding));
  }
  settlement.rounding_minor = cash_due_minor - rest_minor;
  if (given.cash_minor < cash_due_minor) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the tenders are ",
        AmountText(cash_due_minor - given.cash_minor, rounding.currency),
        " short of ", AmountText(total_minor, rounding.currency),
        "; take more"));
  }
  settlement.change_minor = given.cash_minor - cash_due_minor;
  return settlement;
}

absl::StatusOr<std::vector<int64_t>> AllocateRefund(
    int64_t refund_minor, absl::Span<const TenderPaid> tenders,
    const CashRounding& rounding) {
  if (refund_minor < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "a refund of ", AmountText(refund_minor, rounding.currency),
        ", want 0 or more"));
  }
  std::vector<int64_t> back(tenders.size(), 0);
  int64_t left_minor = refund_minor;
  for (int turn = 0; turn <= 2; ++turn) {
    for (size_t i = 0; i < tenders.size(); ++i) {
      const TenderPaid& tender = tenders[i];
      if (Turn(tender.means) != turn) continue;
      if (tender.paid_minor < 0 || tender.refunded_minor < 0 ||
          tender.refunded_minor > tender.paid_minor) {
        return absl::InvalidArgumentError(absl::StrCat(
            "tender ", i + 1, " paid ", tender.paid_minor, " and got back ",
            tender.refunded_minor, " minor units; want 0 <= back <= paid"));
      }
      back[i] = std::min(left_minor, tender.paid_minor - tender.refunded_minor);
      left_minor -= back[i];
    }
  }
  const auto last_cash = std::find_if(
      tenders.rbegin(), tenders.rend(),
      [](const TenderPaid& t) { return t.means == TenderMeans::kCash; });
  if (left_minor > 0 && last_cash != tenders.rend() &&
      left_minor < rounding.step_minor) {
    // The sale's cash was rounded down by this much.
    back[tenders.rend() - last_cash - 1] += left_minor;
    left_minor = 0;
  }
  if (left_minor > 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the refund of ", AmountText(refund_minor, rounding.currency), " is ",
        AmountText(left_minor, rounding.currency),
        " more than the receipt's tenders have left to give back"));
  }
  return back;
}

}  // namespace branchline
