#include "edge/till/cash_amounts.h"

#include "absl/strings/str_cat.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::StatusOr<int64_t> SumOf(const v1::CashAmount& cash) {
  if (cash.denominations_size() > kDenominationsMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        cash.denominations_size(), " denominations are counted, at most ",
        kDenominationsMax));
  }
  __int128 sum = 0;
  for (const v1::Denomination& denomination : cash.denominations()) {
    if (denomination.value_minor() <= 0 || denomination.count() < 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          denomination.count(), " pieces of ", denomination.value_minor(),
          " minor units cannot be counted"));
    }
    sum += static_cast<__int128>(denomination.value_minor()) *
           denomination.count();
  }
  if (sum > kPostingAmountMax) {
    return absl::OutOfRangeError("the denominations come to more than fits");
  }
  return static_cast<int64_t>(sum);
}

}  // namespace

absl::StatusOr<v1::CashAmount> CheckedCash(const DecideView& view,
                                           const v1::CashAmount& cash) {
  v1::CashAmount checked = cash;
  if (checked.currency().empty()) checked.set_currency(view.currency());
  BL_RETURN_IF_ERROR(MinorDigits(checked.currency()).status());
  if (cash.amount_minor() < 0 || cash.amount_minor() > kPostingAmountMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("an amount of cash of ",
                     CashText(cash.amount_minor(), checked.currency()),
                     " is not between 0 and ",
                     CashText(kPostingAmountMax, checked.currency())));
  }
  if (cash.denominations().empty()) return checked;
  BL_ASSIGN_OR_RETURN(const int64_t sum, SumOf(cash));
  if (cash.amount_minor() != 0 && cash.amount_minor() != sum) {
    return absl::InvalidArgumentError(
        absl::StrCat("the denominations come to ",
                     CashText(sum, checked.currency()), ", the amount says ",
                     CashText(cash.amount_minor(), checked.currency())));
  }
  checked.set_amount_minor(sum);
  return checked;
}

absl::StatusOr<std::vector<v1::CashAmount>> CheckedCashes(
    const DecideView& view,
    const google::protobuf::RepeatedPtrField<v1::CashAmount>& cashes) {
  if (cashes.size() > kCurrenciesMax) {
    return absl::InvalidArgumentError(absl::StrCat(
        cashes.size(), " currencies are given, at most ", kCurrenciesMax));
  }
  std::vector<v1::CashAmount> checked;
  for (const v1::CashAmount& cash : cashes) {
    BL_ASSIGN_OR_RETURN(v1::CashAmount one, CheckedCash(view, cash));
    for (const v1::CashAmount& other : checked) {
      if (other.currency() == one.currency()) {
        return absl::InvalidArgumentError(
            absl::StrCat(one.currency(), " is given twice"));
      }
    }
    checked.push_back(std::move(one));
  }
  return checked;
}

std::string CashText(int64_t amount_minor, absl::string_view currency) {
  const auto digits = MinorDigits(currency);
  return absl::StrCat(FormatMinor(amount_minor, digits.ok() ? *digits : 0), " ",
                      currency);
}

absl::StatusOr<int64_t> BalanceOf(const DecideView& view, v1::AccountKind kind,
                                  absl::string_view detail,
                                  absl::string_view currency) {
  BL_ASSIGN_OR_RETURN(const Cell cell,
                      view.BookCell(books::Balance(view.branch(), currency)));
  v1::Account account;
  account.set_kind(kind);
  account.set_detail(std::string(detail));
  return Narrow(cell.Get(AccountField(account)), "what an account holds");
}

}  // namespace branchline
