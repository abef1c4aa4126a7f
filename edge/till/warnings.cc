#include "edge/till/warnings.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "edge/till/cash_amounts.h"
#include "edge/till/decide_sale.h"
#include "edge/till/item_rules.h"
#include "edge/till/shift_report.h"
#include "sync/base/money.h"

namespace branchline {
namespace {

// Nobody can give what is not there, whatever is put in for it.
void WarnOfDrawer(const DecideView& view, absl::string_view till,
                  const std::string& currency, int64_t out_minor,
                  std::vector<std::string>* warnings) {
  if (out_minor <= 0 || view.training()) return;
  const auto held_minor =
      BalanceOf(view, v1::ACCOUNT_KIND_TENDER,
                TenderDetail(v1::TENDER_KIND_CASH, till), currency);
  if (!held_minor.ok() || *held_minor >= out_minor) return;
  // Who counts blind is not told what the drawer holds.
  const auto staff = view.SignedOn(till);
  const auto blind = staff.ok() ? CountsBlind(view, *staff)
                                : absl::StatusOr<bool>(staff.status());
  if (!blind.ok() || *blind) {
    warnings->push_back(absl::StrCat(CashText(out_minor, currency),
                                     " goes out, more than the drawer should "
                                     "hold"));
    return;
  }
  warnings->push_back(absl::StrCat("the drawer should hold ",
                                   CashText(*held_minor, currency), ", and ",
                                   CashText(out_minor, currency), " goes out"));
}

// Items that may go below zero, of which somebody wants to hear.
void WarnOfStock(const DecideView& view, const v1::Sale& sale,
                 std::vector<std::string>* warnings) {
  if (view.training() || !sale.voids_receipt_no().empty()) return;
  std::map<std::string, int64_t> sold_milli;
  for (const v1::SaleLine& line : sale.lines()) {
    if (line.voided() || !IsStocked(line.item_kind())) continue;
    const auto item = view.FindItem(line.sku());
    if (!item.ok() || *item == nullptr ||
        (*item)->negative_stock() != v1::NEGATIVE_STOCK_WARN) {
      continue;
    }
    sold_milli[line.sku()] += line.quantity_milli();
  }
  for (const auto& [sku, milli] : sold_milli) {
    const auto on_hand_milli = OnHandMilli(view, sku);
    if (milli <= 0 || !on_hand_milli.ok() || *on_hand_milli >= milli) continue;
    warnings->push_back(absl::StrCat(
        "SKU ", sku, ": the books have ", FormatMilli(*on_hand_milli),
        " on hand, ", FormatMilli(milli), " are sold: count it"));
  }
}

// Of what was paid on the customer's word: whether it ever came.
void WarnOfUnconfirmed(const DecideView& view, const v1::Return& back,
                       std::vector<std::string>* warnings) {
  if (view.training() || !back.sold_by_branch().empty()) return;
  for (const v1::Tender& tender : back.tenders()) {
    if (tender.refunds_tender() == 0 || tender.kind() == v1::TENDER_KIND_CASH) {
      continue;
    }
    if (tender.unconfirmed()) {
      warnings->push_back(absl::StrCat(
          "the payment of receipt ", back.original_receipt_no(),
          " never turned up and was written off: nothing of it is given back"));
      continue;
    }
    const uint32_t index = tender.refunds_tender() - 1;
    const auto taken = view.FindUnconfirmed(back.original_receipt_no(), index);
    const auto found = view.FindMatched(back.original_receipt_no(), index);
    if (!taken.ok() || !taken->has_value() || !found.ok() ||
        found->has_value()) {
      continue;
    }
    warnings->push_back(
        absl::StrCat("nobody has confirmed the payment of receipt ",
                     back.original_receipt_no(),
                     " yet: look in the wallet before you give it back"));
  }
}

constexpr char kCreditInvoice[] =
    "an invoice was issued for this receipt: a credit invoice is due";

// Cash that goes out without any coming in.
template <typename Document>
int64_t CashOut(const Document& document) {
  int64_t out_minor = 0;
  for (const v1::Tender& tender : document.tenders()) {
    if (tender.kind() == v1::TENDER_KIND_CASH) {
      out_minor -= tender.amount_minor();
    }
  }
  return out_minor;
}

}  // namespace

std::vector<std::string> WarningsOf(const DecideView& view,
                                    absl::string_view till,
                                    const v1::Sale& sale) {
  std::vector<std::string> warnings;
  WarnOfDrawer(view, till, sale.currency(),
               std::max(sale.change_minor(), CashOut(sale)), &warnings);
  WarnOfStock(view, sale, &warnings);
  if (!sale.member().empty() && sale.voids_receipt_no().empty()) {
    const auto member = view.FindMember(sale.member());
    if (member.ok() && (!member->has_value() || (*member)->removed())) {
      warnings.push_back(
          absl::StrCat("member ", sale.member(),
                       " is not in the list here: no prices of a group"));
    }
  }
  if (sale.credit_invoice_due()) warnings.emplace_back(kCreditInvoice);
  return warnings;
}

std::vector<std::string> WarningsOf(const DecideView& view,
                                    absl::string_view till,
                                    const v1::Return& back) {
  std::vector<std::string> warnings;
  WarnOfDrawer(view, till, back.currency(), CashOut(back), &warnings);
  WarnOfUnconfirmed(view, back, &warnings);
  if (back.credit_invoice_due()) warnings.emplace_back(kCreditInvoice);
  return warnings;
}

std::vector<std::string> WarningsOf(const DecideView& view,
                                    absl::string_view till,
                                    const v1::CashMoved& moved) {
  std::vector<std::string> warnings;
  if (moved.kind() == v1::CASH_MOVE_KIND_SAFE_DROP ||
      moved.kind() == v1::CASH_MOVE_KIND_PAID_OUT) {
    WarnOfDrawer(view, till, moved.cash().currency(),
                 moved.cash().amount_minor(), &warnings);
  }
  return warnings;
}

}  // namespace branchline
