#include "edge/pricing/return_figures.h"

#include "absl/strings/str_cat.h"
#include "sync/base/money.h"

namespace branchline {

absl::StatusOr<ReturnFigures> FiguresOfReturn(const SoldLine& line,
                                              int64_t returned_milli,
                                              int64_t quantity_milli) {
  if (quantity_milli <= 0 || line.quantity_milli <= 0 || returned_milli < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "returning ", FormatMilli(quantity_milli), " of ",
        FormatMilli(line.quantity_milli), " sold with ",
        FormatMilli(returned_milli), " back: want quantities above 0"));
  }
  const int64_t left_milli = line.quantity_milli - returned_milli;
  if (quantity_milli > left_milli) {
    return absl::FailedPreconditionError(
        absl::StrCat("returning ", FormatMilli(quantity_milli), ": of ",
                     FormatMilli(line.quantity_milli), " sold, ",
                     FormatMilli(left_milli), " are left to come back"));
  }
  const auto share = [&](int64_t figure_minor) {
    return ShareOfLine(figure_minor, returned_milli,
                       returned_milli + quantity_milli, line.quantity_milli);
  };
  ReturnFigures figures;
  figures.amount_minor = share(line.amount_minor);
  for (LineTax tax : line.taxes) {
    tax.base_minor = share(tax.base_minor);
    tax.tax_minor = share(tax.tax_minor);
    figures.taxes.push_back(std::move(tax));
  }
  return figures;
}

}  // namespace branchline
