#include "edge/till/refund.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "edge/pricing/cash_rounding.h"
#include "edge/pricing/tendering.h"
#include "edge/till/price_sale.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

void AddTender(v1::TenderKind kind, int64_t back_minor, uint32_t refunds,
               v1::Return* back) {
  if (back_minor == 0) return;
  v1::Tender* tender = back->add_tenders();
  tender->set_kind(kind);
  tender->set_amount_minor(-back_minor);
  tender->set_refunds_tender(refunds);
}

// What goes back to the sale's own tenders; returns what they cannot take.
absl::StatusOr<int64_t> ToOwnTenders(const v1::Sale& sale, const Cell& returned,
                                     int64_t refund_minor, v1::Return* back) {
  std::vector<TenderPaid> paid;
  int64_t left_minor = 0;
  for (int i = 0; i < sale.tenders_size(); ++i) {
    TenderPaid& one = paid.emplace_back();
    BL_ASSIGN_OR_RETURN(one.means, MeansOf(sale.tenders(i).kind()));
    one.paid_minor = std::max<int64_t>(sale.tenders(i).amount_minor(), 0);
    BL_ASSIGN_OR_RETURN(
        const int64_t refunded,
        Narrow(returned.Get(books::RefundedField(static_cast<uint32_t>(i))),
               "what was refunded"));
    // Rounded cash may have given back a coin more than was paid.
    one.refunded_minor = std::clamp<int64_t>(refunded, 0, one.paid_minor);
    left_minor += one.paid_minor - one.refunded_minor;
  }
  const int64_t own_minor = std::min(refund_minor, left_minor);
  BL_ASSIGN_OR_RETURN(const std::vector<int64_t> split,
                      AllocateRefund(own_minor, paid, CashRounding()));
  for (int i = 0; i < sale.tenders_size(); ++i) {
    AddTender(sale.tenders(i).kind(), split[static_cast<size_t>(i)],
              static_cast<uint32_t>(i) + 1, back);
  }
  return refund_minor - own_minor;
}

// Rounds what is paid in cash to coins; the difference is the receipt's.
absl::Status RoundCashOf(v1::Return* back) {
  BL_ASSIGN_OR_RETURN(const CashRounding rounding,
                      CashRoundingOf(back->currency()));
  int64_t cash_minor = 0;
  for (const v1::Tender& tender : back->tenders()) {
    if (tender.kind() == v1::TENDER_KIND_CASH) {
      cash_minor += tender.amount_minor();
    }
  }
  BL_ASSIGN_OR_RETURN(const int64_t rounded, RoundCash(cash_minor, rounding));
  back->set_cash_rounding_minor(rounded - cash_minor);
  for (int i = back->tenders_size(); i-- > 0;) {
    v1::Tender* tender = back->mutable_tenders(i);
    if (tender->kind() != v1::TENDER_KIND_CASH) continue;
    tender->set_amount_minor(tender->amount_minor() + rounded - cash_minor);
    if (tender->amount_minor() == 0) {
      back->mutable_tenders()->DeleteSubrange(i, 1);
    }
    break;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Refund(const v1::Sale& sale, const Cell& returned,
                    v1::TenderKind asked, v1::Return* back) {
  const int64_t refund_minor = -back->total_minor();
  if (asked != v1::TENDER_KIND_UNSPECIFIED) {
    BL_RETURN_IF_ERROR(MeansOf(asked).status());
    AddTender(asked, refund_minor, 0, back);
  } else if (refund_minor < 0) {
    AddTender(v1::TENDER_KIND_CASH, refund_minor, 0, back);
  } else {
    BL_ASSIGN_OR_RETURN(const int64_t rest,
                        ToOwnTenders(sale, returned, refund_minor, back));
    int own_cash = -1;
    for (int i = 0; i < back->tenders_size(); ++i) {
      if (back->tenders(i).kind() == v1::TENDER_KIND_CASH) own_cash = i;
    }
    if (rest != 0 && own_cash >= 0) {
      v1::Tender* cash = back->mutable_tenders(own_cash);
      cash->set_amount_minor(cash->amount_minor() - rest);
    } else {
      AddTender(v1::TENDER_KIND_CASH, rest, 0, back);
    }
  }
  // A sale whose lines say what they come to rounds nothing, nor does this.
  const bool priced = !sale.lines().empty() && sale.lines(0).price_source() !=
                                                   v1::PRICE_SOURCE_UNSPECIFIED;
  return priced ? RoundCashOf(back) : absl::OkStatus();
}

}  // namespace branchline
