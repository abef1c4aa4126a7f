#include "edge/stock/decide_stock_change.h"

#include "absl/strings/str_cat.h"
#include "edge/commit/posting_builder.h"
#include "edge/till/decide_day.h"
#include "edge/till/decide_sale.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

absl::Status AddLine(const DecideView& view, v1::StockChangeReason reason,
                     const v1::ChangeStockLine& asked,
                     v1::StockChangeLine* line) {
  const int64_t quantity = asked.quantity_milli();
  // That a count found no difference is a fact worth keeping.
  if (quantity == 0 && reason != v1::STOCK_CHANGE_REASON_COUNTED) {
    return absl::InvalidArgumentError(
        "quantity is 0, which only a count may find");
  }
  if (quantity > kLineQuantityMaxMilli || quantity < -kLineQuantityMaxMilli) {
    return absl::OutOfRangeError(
        absl::StrCat("quantity ", FormatMilli(quantity), " is beyond ",
                     FormatMilli(kLineQuantityMaxMilli)));
  }
  const int64_t price = asked.unit_price_minor_e4();
  if (price > kUnitPriceMaxMinorE4 || price < -kUnitPriceMaxMinorE4) {
    return absl::OutOfRangeError(
        absl::StrCat("unit price ", FormatMinor(price, 4), " is beyond ",
                     FormatMinor(kUnitPriceMaxMinorE4, 4), " minor units"));
  }
  BL_ASSIGN_OR_RETURN(const v1::Item* item, view.FindItem(asked.sku()));
  if (item == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("no such SKU in the catalogue of ", view.branch()));
  }
  line->set_sku(asked.sku());
  line->set_quantity_milli(quantity);
  line->set_unit_price_minor_e4(price);
  BL_ASSIGN_OR_RETURN(const int64_t amount,
                      PriceTimesQuantity(price, quantity));
  line->set_amount_minor(amount);
  return absl::OkStatus();
}

void PostLine(const v1::StockChange& change, const v1::StockChangeLine& line,
              PostingBuilder* postings) {
  const bool supplier = change.reason() == v1::STOCK_CHANGE_REASON_RECEIVED;
  const std::string unit = SkuUnit(line.sku());
  if (line.quantity_milli() > 0) {
    postings->Move(
        unit, supplier ? v1::ACCOUNT_KIND_SUPPLIER : v1::ACCOUNT_KIND_FOUND,
        v1::ACCOUNT_KIND_ON_HAND, line.quantity_milli());
  } else {
    postings->Move(
        unit, v1::ACCOUNT_KIND_ON_HAND,
        supplier ? v1::ACCOUNT_KIND_SUPPLIER : v1::ACCOUNT_KIND_SHRINKAGE,
        -line.quantity_milli());
  }
}

}  // namespace

absl::Status DecideStockChange(const DecideView& view,
                               const v1::ChangeStockRequest& request,
                               v1::Event* event) {
  BL_ASSIGN_OR_RETURN(const Date date, PostingDate(view, request.date()));
  if (request.lines().empty() || request.lines_size() > kReceiptLinesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("stock change has ", request.lines_size(),
                     " lines, want 1 to ", kReceiptLinesMax));
  }
  if (request.reason() == v1::STOCK_CHANGE_REASON_UNSPECIFIED ||
      !v1::StockChangeReason_IsValid(request.reason())) {
    return absl::InvalidArgumentError(
        absl::StrCat("reason ", static_cast<int>(request.reason()),
                     " of a stock change is not known here"));
  }
  if (request.reference().size() > 64) {
    return absl::InvalidArgumentError("a reference has at most 64 bytes");
  }
  event->set_business_date(date);
  v1::StockChange* change = event->mutable_stock_change();
  change->set_reason(request.reason());
  change->set_reference(request.reference());
  change->set_currency(request.currency().empty() ? view.currency()
                                                  : request.currency());
  BL_RETURN_IF_ERROR(MinorDigits(change->currency()).status());
  int64_t value_minor = 0;
  for (int i = 0; i < request.lines_size(); ++i) {
    v1::StockChangeLine* line = change->add_lines();
    BL_RETURN_IF_ERROR(
        Annotate(AddLine(view, request.reason(), request.lines(i), line),
                 absl::StrCat("line ", i + 1, " (SKU ",
                              request.lines(i).sku().substr(0, 64), ")")));
    BL_ASSIGN_OR_RETURN(value_minor,
                        CheckedAdd(value_minor, line->amount_minor()));
  }
  PostingBuilder postings(view.branch(), event);
  for (const v1::StockChangeLine& line : change->lines()) {
    PostLine(*change, line, &postings);
  }
  postings.Settle(change->currency(),
                  {{v1::ACCOUNT_KIND_REVENUE, "", value_minor},
                   {v1::ACCOUNT_KIND_ADJUSTMENT, "", -value_minor}});
  return absl::OkStatus();
}

}  // namespace branchline
