#include "tools/drill/hub_books.h"

#include <map>
#include <string>
#include <utility>

#include "sync/base/status_macros.h"

namespace branchline::drill {
namespace {

BookTotals TotalsOf(const v1::SalesRow& row) {
  return {.receipts = row.receipts(),
          .lines = row.lines(),
          .quantity_milli = 0,
          .discount_minor = row.discount_minor(),
          .net_minor = row.net_minor()};
}

// One report of the chain or of one branch.
absl::Status ReadSales(ChainRig* rig, v1::SalesBy by, const std::string& branch,
                       Book* book, HubBooks* books) {
  v1::SalesReportRequest request;
  request.set_by(by);
  request.set_branch(branch);
  BL_ASSIGN_OR_RETURN(const v1::SalesReport report, rig->Sales(request));
  for (const v1::SalesRow& row : report.rows()) {
    const BookKey key = by == v1::SALES_BY_BRANCH
                            ? BookKey{row.key(), "", row.currency()}
                            : BookKey{branch, row.key(), row.currency()};
    if (book != nullptr) (*book)[key].Add(TotalsOf(row));
  }
  if (!branch.empty()) return absl::OkStatus();
  std::map<std::string, BookTotals> totals;
  for (const v1::SalesRow& row : report.totals()) {
    totals[row.currency()] = TotalsOf(row);
  }
  books->by_currency.emplace_back(v1::SalesBy_Name(by), std::move(totals));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<HubBooks> ReadHubBooks(ChainRig* rig) {
  HubBooks books;
  BL_RETURN_IF_ERROR(
      ReadSales(rig, v1::SALES_BY_BRANCH, "", &books.by_branch, &books));
  for (const v1::SalesBy by :
       {v1::SALES_BY_DAY, v1::SALES_BY_MONTH, v1::SALES_BY_SKU}) {
    Book* const book = by == v1::SALES_BY_DAY     ? &books.by_day
                       : by == v1::SALES_BY_MONTH ? &books.by_month
                                                  : &books.by_sku;
    BL_RETURN_IF_ERROR(ReadSales(rig, by, "", nullptr, &books));
    for (size_t i = 0; i < rig->branches(); ++i) {
      BL_RETURN_IF_ERROR(ReadSales(rig, by, rig->code(i), book, &books));
    }
  }
  BL_ASSIGN_OR_RETURN(const v1::StockReport stock,
                      rig->Stock(v1::StockReportRequest()));
  for (const v1::StockRow& row : stock.rows()) {
    books.on_hand_milli[{row.branch(), row.sku()}] = row.on_hand_milli();
  }
  return books;
}

}  // namespace branchline::drill
