#include "edge/till/sold_receipt.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "edge/receipt/receipt_code.h"
#include "edge/till/cash_amounts.h"
#include "edge/till/return_share.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/identity/signing_key.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr size_t kReceiptNoShownMax = 64;

absl::Status CheckIsNoReversal(const v1::Sale& sale) {
  if (sale.voids_receipt_no().empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("receipt ", sale.receipt_no(), " voids ",
                   sale.voids_receipt_no(), ": it sold nothing"));
}

absl::StatusOr<SoldReceipt> OwnReceipt(const DecideView& view,
                                       absl::string_view receipt_no) {
  SoldReceipt sold;
  BL_ASSIGN_OR_RETURN(auto sale, view.FindSale(receipt_no));
  if (!sale.has_value()) {
    return absl::NotFoundError(absl::StrCat(
        "receipt ", receipt_no.substr(0, kReceiptNoShownMax),
        " is not a sale of ", view.branch(),
        "; of another branch's receipt scan the code, or take the goods back "
        "as lines of kind return"));
  }
  BL_RETURN_IF_ERROR(CheckIsNoReversal(*sale));
  sold.sale = *std::move(sale);
  return sold;
}

}  // namespace

absl::StatusOr<v1::ReceiptEvidence> CheckedEvidence(
    const DecideView& view, const v1::SignedReceipt& receipt) {
  BL_ASSIGN_OR_RETURN(v1::ReceiptEvidence evidence, EvidenceIn(receipt));
  const std::string branch_text = evidence.branch().substr(0, 32);
  BL_ASSIGN_OR_RETURN(const auto branch, view.FindBranch(evidence.branch()));
  if (!branch.has_value()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the receipt is of branch ", branch_text, ", which ", view.branch(),
        " does not know: a manager may take the goods back without it"));
  }
  if (branch->status() == v1::BRANCH_STATUS_FENCED) {
    return absl::FailedPreconditionError(
        absl::StrCat("branch ", branch_text,
                     " is fenced, two boxes sell as it: its "
                     "receipts count nowhere else until one is recovered"));
  }
  for (const v1::ReceiptKey& key : branch->receipt_keys()) {
    if (key.epoch() != evidence.key_epoch()) continue;
    const absl::Status signed_by =
        VerifySignature(key.public_key(), kReceiptPurpose, receipt.evidence(),
                        receipt.signature());
    if (signed_by.ok()) return evidence;
    return absl::UnauthenticatedError(
        absl::StrCat("the code was not made by branch ", branch_text,
                     ": pay nothing for it, and keep the receipt"));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the key of branch ", branch_text, " of epoch ", evidence.key_epoch(),
      " has not come here yet: try again when the line is up, or a manager "
      "takes the goods back without the receipt"));
}

absl::StatusOr<SoldReceipt> FindSold(const DecideView& view,
                                     const v1::ReturnGoodsRequest& request) {
  if (request.signed_code().empty()) {
    return OwnReceipt(view, request.original_receipt_no());
  }
  if (!request.original_receipt_no().empty()) {
    return absl::InvalidArgumentError(
        "give the number of the receipt or its code, not both");
  }
  BL_ASSIGN_OR_RETURN(const v1::SignedReceipt receipt,
                      DecodeReceiptCode(request.signed_code()));
  BL_ASSIGN_OR_RETURN(const v1::ReceiptEvidence evidence,
                      CheckedEvidence(view, receipt));
  if (evidence.branch() == view.branch()) {
    BL_ASSIGN_OR_RETURN(const auto known, view.FindSale(evidence.receipt_no()));
    // One that a lost disk took along is proven by its code alone.
    if (known.has_value()) return OwnReceipt(view, evidence.receipt_no());
  }
  if (view.training()) {
    return absl::FailedPreconditionError(
        "a till that trains takes back receipts of training alone");
  }
  if (evidence.currency() != view.currency()) {
    return absl::FailedPreconditionError(
        absl::StrCat("the receipt was paid in ", evidence.currency(), ", ",
                     view.branch(), " pays back in ", view.currency()));
  }
  SoldReceipt sold;
  sold.sale = SaleOf(evidence);
  sold.away_branch = evidence.branch();
  sold.evidence = receipt.SerializeAsString();
  // Priced by a branch: cash is rounded as it was there.
  sold.sale.mutable_lines(0)->set_price_source(v1::PRICE_SOURCE_PRICE_LIST);
  return sold;
}

absl::Status PayAway(const DecideView& view, const v1::Sale& sale,
                     const Cell& returned, v1::TenderKind asked,
                     v1::Return* back) {
  if (asked != v1::TENDER_KIND_UNSPECIFIED && asked != v1::TENDER_KIND_CASH) {
    return absl::InvalidArgumentError(
        "for another branch's receipt cash is paid back, nothing else");
  }
  int64_t before_minor = 0;
  for (int i = 0; i < sale.lines_size(); ++i) {
    const auto index = static_cast<uint32_t>(i);
    BL_ASSIGN_OR_RETURN(
        const int64_t milli,
        Narrow(returned.Get(books::ReturnedField(index)), "returned goods"));
    if (milli <= 0) continue;
    BL_ASSIGN_OR_RETURN(const ReturnFigures share,
                        ShareOfSaleLine(sale, index, milli, 0));
    BL_ASSIGN_OR_RETURN(before_minor,
                        CheckedAdd(before_minor, share.amount_minor));
  }
  BL_ASSIGN_OR_RETURN(const int64_t in_all_minor,
                      CheckedSub(before_minor, back->total_minor()));
  BL_ASSIGN_OR_RETURN(const v1::TillPolicy* policy, view.Policy());
  const int64_t max_minor = policy->away_return_max_minor();
  if (in_all_minor <= max_minor) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      "for receipt ", sale.receipt_no(), " of another branch ",
      CashText(in_all_minor, sale.currency()),
      " would be paid out here in all; the cap is ",
      CashText(max_minor, sale.currency()), ", of which ",
      CashText(std::max<int64_t>(max_minor - before_minor, 0), sale.currency()),
      " is left"));
}

}  // namespace branchline
