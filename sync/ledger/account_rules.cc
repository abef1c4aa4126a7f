#include "sync/ledger/account_rules.h"

#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/mutant.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

absl::string_view KindName(v1::AccountKind kind) {
  switch (kind) {
    case v1::ACCOUNT_KIND_ON_HAND:
      return "on_hand";
    case v1::ACCOUNT_KIND_SOLD:
      return "sold";
    case v1::ACCOUNT_KIND_SHRINKAGE:
      return "shrinkage";
    case v1::ACCOUNT_KIND_FOUND:
      return "found";
    case v1::ACCOUNT_KIND_SUPPLIER:
      return "supplier";
    case v1::ACCOUNT_KIND_IN_TRANSIT:
      return "in_transit";
    case v1::ACCOUNT_KIND_TENDER:
      return "tender";
    case v1::ACCOUNT_KIND_REVENUE:
      return "revenue";
    case v1::ACCOUNT_KIND_RETURNS:
      return "returns";
    case v1::ACCOUNT_KIND_ADJUSTMENT:
      return "adjustment";
    case v1::ACCOUNT_KIND_CLEARING:
      return "clearing";
    case v1::ACCOUNT_KIND_CASH_ROUNDING:
      return "cash_rounding";
    case v1::ACCOUNT_KIND_SAFE:
      return "safe";
    case v1::ACCOUNT_KIND_OVER_SHORT:
      return "over_short";
    case v1::ACCOUNT_KIND_PAID:
      return "paid";
    case v1::ACCOUNT_KIND_BANK_TRANSIT:
      return "bank_transit";
    case v1::ACCOUNT_KIND_BANK:
      return "bank";
    case v1::ACCOUNT_KIND_TAX:
      return "tax";
    case v1::ACCOUNT_KIND_TRAINING:
      return "training";
    case v1::ACCOUNT_KIND_WRITTEN_OFF:
      return "written_off";
    case v1::ACCOUNT_KIND_STOCK_SLICE:
      return "stock_slice";
    case v1::ACCOUNT_KIND_VALUE_SLICE:
      return "value_slice";
    case v1::ACCOUNT_KIND_POINTS_SLICE:
      return "points_slice";
    case v1::ACCOUNT_KIND_COUPON_SLICE:
      return "coupon_slice";
    case v1::ACCOUNT_KIND_MEMBER_FREE:
      return "member_free";
    case v1::ACCOUNT_KIND_LATE:
      return "late";
    case v1::ACCOUNT_KIND_ISSUED:
      return "issued";
    default:
      return "";
  }
}

bool IsSlice(v1::AccountKind kind) {
  return kind == v1::ACCOUNT_KIND_STOCK_SLICE ||
         kind == v1::ACCOUNT_KIND_VALUE_SLICE ||
         kind == v1::ACCOUNT_KIND_POINTS_SLICE ||
         kind == v1::ACCOUNT_KIND_COUPON_SLICE;
}

absl::Status CheckShape(const v1::Event& event, int index) {
  const v1::Posting& posting = event.postings(index);
  const auto bad = [&](absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat("posting ", index, " ", what));
  };
  if (posting.unit() >= static_cast<uint32_t>(event.units_size())) {
    return bad(absl::StrCat("names unit ", posting.unit(), " of ",
                            event.units_size()));
  }
  const auto accounts = static_cast<uint32_t>(event.accounts_size());
  if (posting.source() >= accounts || posting.destination() >= accounts) {
    return bad(absl::StrCat("names account ",
                            std::max(posting.source(), posting.destination()),
                            " of ", accounts));
  }
  if (posting.amount() <= 0 || posting.amount() > kPostingAmountMax) {
    return bad(absl::StrCat("moves ", posting.amount(), ", want 1 to ",
                            kPostingAmountMax));
  }
  const v1::Account& source = event.accounts(posting.source());
  const v1::Account& destination = event.accounts(posting.destination());
  if (source.kind() == destination.kind() &&
      source.owner() == destination.owner() &&
      source.detail() == destination.detail()) {
    return bad("goes to the account it comes from");
  }
  return absl::OkStatus();
}

// in_transit's detail is "<transfer>><receiver>".
bool MayDebit(absl::string_view writer, const v1::Account& account) {
  if (account.owner() == writer) return true;
  if (account.kind() != v1::ACCOUNT_KIND_IN_TRANSIT) {
    return BL_MUTANT(kStrangerDebits);
  }
  return writer == kHub ||
         absl::EndsWith(account.detail(), absl::StrCat(">", writer));
}

bool MayCredit(absl::string_view writer, const v1::Event& event,
               const v1::Account& source, const v1::Account& destination) {
  if (!IsFloored(destination.kind()) || writer == kHub) return true;
  if (IsFloored(source.kind()) && source.owner() == writer) return true;
  return source.kind() == v1::ACCOUNT_KIND_ISSUED && event.has_sale() &&
         IsSlice(destination.kind()) && destination.owner() == writer;
}

}  // namespace

std::string AccountText(const v1::Account& account) {
  const absl::string_view name = KindName(account.kind());
  std::string text =
      name.empty() ? absl::StrCat("kind ", static_cast<int>(account.kind()))
                   : std::string(name);
  absl::StrAppend(&text, ":", account.owner());
  if (!account.detail().empty()) absl::StrAppend(&text, "/", account.detail());
  return text;
}

bool IsFloored(v1::AccountKind kind) {
  return IsSlice(kind) || kind == v1::ACCOUNT_KIND_MEMBER_FREE;
}

std::string AccountField(const v1::Account& account) {
  std::string field(1, static_cast<char>(account.kind()));
  field.append(account.detail());
  return field;
}

absl::Status CheckPostings(absl::string_view writer, const v1::Event& event) {
  if (event.postings_size() > kPostingCountMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("event has ", event.postings_size(), " postings, at most ",
                     kPostingCountMax));
  }
  for (const std::string& unit : event.units()) {
    if (unit.empty() || unit.size() > kUnitSizeMax ||
        unit.find('\0') != std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat("a unit has ", unit.size(), " bytes, want 1 to ",
                       kUnitSizeMax, " and none of them zero"));
    }
  }
  for (const v1::Account& account : event.accounts()) {
    if (account.kind() <= 0 || account.kind() > 255) {
      return absl::InvalidArgumentError(
          absl::StrCat("account kind ", static_cast<int>(account.kind()),
                       " is out of 1 to 255"));
    }
    if (account.detail().size() > kAccountDetailSizeMax) {
      return absl::InvalidArgumentError(absl::StrCat(
          "detail of ", AccountText(account), " has ", account.detail().size(),
          " bytes, at most ", kAccountDetailSizeMax));
    }
    if (account.owner().empty() || account.owner().size() > 16) {
      return absl::InvalidArgumentError(
          absl::StrCat("owner of ", AccountText(account), " has ",
                       account.owner().size(), " bytes, want 1 to 16"));
    }
  }
  for (int i = 0; i < event.postings_size(); ++i) {
    BL_RETURN_IF_ERROR(CheckShape(event, i));
  }
  for (const v1::Posting& posting : event.postings()) {
    const v1::Account& source = event.accounts(posting.source());
    const v1::Account& destination = event.accounts(posting.destination());
    if (!MayDebit(writer, source)) {
      return absl::PermissionDeniedError(
          absl::StrCat(writer, " debits ", AccountText(source), ", which only ",
                       source.owner(), " may"));
    }
    if (!MayCredit(writer, event, source, destination)) {
      return absl::PermissionDeniedError(
          absl::StrCat(writer, " credits ", AccountText(destination), " from ",
                       AccountText(source), ", which only the hub may"));
    }
  }
  return absl::OkStatus();
}

bool DebitsFloored(const v1::Event& event) {
  for (const v1::Posting& posting : event.postings()) {
    if (IsFloored(event.accounts(posting.source()).kind())) return true;
  }
  return false;
}

absl::Status CheckFloors(const v1::Event& event,
                         absl::FunctionRef<absl::StatusOr<int64_t>(
                             const v1::Account&, absl::string_view unit)>
                             balance) {
  // What the event changes, by what the account and unit are, not by index: an
  // event may list one account twice.
  struct Change {
    const v1::Account* account;
    __int128 amount = 0;
  };
  std::map<std::tuple<std::string, std::string, std::string>, Change> changes;
  const auto add = [&](const v1::Posting& posting, uint32_t index,
                       int64_t amount) {
    const v1::Account& account = event.accounts(index);
    Change& change = changes[{account.owner(), AccountField(account),
                              event.units(posting.unit())}];
    change.account = &account;
    change.amount += amount;
  };
  for (const v1::Posting& posting : event.postings()) {
    add(posting, posting.source(), -posting.amount());
    add(posting, posting.destination(), posting.amount());
  }
  for (const auto& [place, change] : changes) {
    const __int128 amount = change.amount;
    const v1::Account& account = *change.account;
    if (amount >= 0 || !IsFloored(account.kind())) continue;
    const std::string& unit = std::get<2>(place);
    BL_ASSIGN_OR_RETURN(const int64_t held, balance(account, unit));
    if (held + amount < 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(AccountText(account), " holds ", held, " of ", unit,
                       ", ", static_cast<int64_t>(-amount), " is asked of it"));
    }
  }
  return absl::OkStatus();
}

}  // namespace branchline
