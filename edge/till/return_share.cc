#include "edge/till/return_share.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/money.h"

namespace branchline {

absl::StatusOr<ReturnFigures> ShareOfSaleLine(const v1::Sale& sale,
                                              uint32_t index,
                                              int64_t quantity_milli,
                                              int64_t returned_milli) {
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
  if (quantity_milli <= 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": quantity ", FormatMilli(quantity_milli),
                     " to return must be above 0"));
  }
  const int64_t sold = line.quantity_milli();
  if (quantity_milli > sold - returned_milli) {
    return absl::FailedPreconditionError(absl::StrCat(
        name, " (SKU ", line.sku(), "): ", FormatMilli(sold), " sold, ",
        FormatMilli(returned_milli), " came back already, ",
        FormatMilli(quantity_milli), " more cannot"));
  }
  SoldLine figures{sold, line.amount_minor(), {}};
  for (const v1::LineTax& tax : line.taxes()) {
    figures.taxes.push_back({tax.code(), tax.rate_e6(), !tax.on_top(),
                             tax.base_minor(), tax.tax_minor()});
  }
  return FiguresOfReturn(figures, returned_milli, quantity_milli);
}

}  // namespace branchline
