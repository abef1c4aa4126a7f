#include "edge/till/decide_return.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "edge/commit/posting_builder.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::Status AddLine(const v1::Sale& sale, const Cell& returned,
                     const v1::ReturnGoodsLine& asked,
                     std::map<uint32_t, int64_t>* in_this_return,
                     v1::Return* back) {
  const uint32_t index = asked.original_line();
  const std::string name =
      absl::StrCat("line ", index + 1, " of ", sale.receipt_no());
  if (index >= static_cast<uint32_t>(sale.lines_size())) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": the receipt has ", sale.lines_size(), " lines"));
  }
  const v1::SaleLine& line = sale.lines(static_cast<int>(index));
  if (line.voided() || line.quantity_milli() <= 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": nothing was sold on it"));
  }
  if (asked.quantity_milli() <= 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": quantity ", FormatMilli(asked.quantity_milli()),
                     " to return must be above 0"));
  }
  BL_ASSIGN_OR_RETURN(
      int64_t before,
      Narrow(returned.Get(books::ReturnedField(index)), "returned goods"));
  int64_t& now = (*in_this_return)[index];
  before += now;
  const int64_t sold = line.quantity_milli();
  if (asked.quantity_milli() > sold - before) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, " (SKU ", line.sku(), "): ", FormatMilli(sold),
                     " sold, ", FormatMilli(before), " came back already, ",
                     FormatMilli(asked.quantity_milli()), " more cannot"));
  }
  now += asked.quantity_milli();
  v1::ReturnLine* out = back->add_lines();
  out->set_original_line(index);
  out->set_sku(line.sku());
  out->set_quantity_milli(asked.quantity_milli());
  out->set_amount_minor(ShareOfLine(line.amount_minor(), before,
                                    before + asked.quantity_milli(), sold));
  return absl::OkStatus();
}

}  // namespace

absl::Status DecideReturn(const DecideView& view, absl::string_view till,
                          const v1::ReturnGoodsRequest& request,
                          v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, request.date()));
  BL_ASSIGN_OR_RETURN(const auto sale,
                      view.FindSale(request.original_receipt_no()));
  if (!sale.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("receipt ", request.original_receipt_no().substr(0, 64),
                     " is not a sale of ", view.branch(),
                     "; take the goods back as lines of kind return"));
  }
  if (request.lines().empty() || request.lines_size() > kReceiptLinesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("return has ", request.lines_size(), " lines, want 1 to ",
                     kReceiptLinesMax));
  }
  BL_ASSIGN_OR_RETURN(
      const Cell returned,
      view.BookCell(books::Returned(view.branch(), sale->receipt_no())));

  event->set_business_date(date);
  v1::Return* back = event->mutable_return_();
  back->set_original_receipt_no(sale->receipt_no());
  back->set_currency(sale->currency());
  std::map<uint32_t, int64_t> in_this_return;
  int64_t given_back_minor = 0;
  for (const v1::ReturnGoodsLine& line : request.lines()) {
    BL_RETURN_IF_ERROR(AddLine(*sale, returned, line, &in_this_return, back));
    const v1::ReturnLine& added = back->lines(back->lines_size() - 1);
    BL_ASSIGN_OR_RETURN(given_back_minor,
                        CheckedAdd(given_back_minor, added.amount_minor()));
  }
  back->set_total_minor(-given_back_minor);
  const v1::TenderKind kind = request.tender() == v1::TENDER_KIND_UNSPECIFIED
                                  ? v1::TENDER_KIND_CASH
                                  : request.tender();
  if (!v1::TenderKind_IsValid(kind)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "tender kind ", static_cast<int>(kind), " is not known here"));
  }
  if (given_back_minor != 0) {
    v1::Tender* tender = back->add_tenders();
    tender->set_kind(kind);
    tender->set_amount_minor(-given_back_minor);
  }
  const uint64_t counter = view.receipts_of(till) + 1;
  back->set_receipt_counter(counter);
  back->set_receipt_no(ReceiptNo(view.branch(), till, view.epoch(), counter));

  PostingBuilder postings(view.branch(), event);
  for (const v1::ReturnLine& line : back->lines()) {
    postings.Move(SkuUnit(line.sku()), v1::ACCOUNT_KIND_SOLD,
                  v1::ACCOUNT_KIND_ON_HAND, line.quantity_milli());
  }
  postings.Settle(
      back->currency(),
      {{v1::ACCOUNT_KIND_TENDER, TenderDetail(kind, till), given_back_minor},
       {v1::ACCOUNT_KIND_RETURNS, "", -given_back_minor}});
  return absl::OkStatus();
}

}  // namespace branchline
