#include "hub/report/sales_table.h"

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/ledger/keys.h"

namespace branchline {

SalesTable::Sums& SalesTable::Row(absl::string_view key,
                                  absl::string_view currency) {
  if (last_ == nullptr || last_->first.first != key ||
      last_->first.second != currency) {
    last_ =
        &*rows_.try_emplace({std::string(key), std::string(currency)}).first;
  }
  return last_->second;
}

void SalesTable::Add(absl::string_view key, const Cell& cell) {
  for (const auto& [field, sum] : cell.fields()) {
    // Tills' figures are told by Z reports.
    if (field.empty() || field[0] == books::kTill) continue;
    Sums& row = Row(key, absl::string_view(field).substr(1));
    switch (field[0]) {
      case books::kReceipts:
        row.receipts += sum;
        break;
      case books::kLines:
        row.lines += sum;
        break;
      case books::kQuantity:
        row.quantity_milli += sum;
        break;
      case books::kDiscount:
        row.discount_minor += sum;
        break;
      case books::kNet:
        row.net_minor += sum;
        break;
      default:
        break;  // a metric of a newer version
    }
  }
}

void SalesTable::AddRestated(absl::string_view key, const Cell& cell) {
  for (const auto& [field, sum] : cell.fields()) {
    if (field.empty()) continue;
    const absl::string_view currency = absl::string_view(field).substr(1);
    if (field[0] == books::kNet) Row(key, currency).restated_net_minor += sum;
    if (field[0] == books::kReceipts) {
      Row(key, currency).restated_receipts += sum;
    }
  }
}

absl::StatusOr<v1::SalesRow> SalesTable::MakeRow(const std::string& key,
                                                 const std::string& currency,
                                                 const Sums& sums) {
  const auto narrow = [&](__int128 sum, absl::string_view what) {
    return Narrow(sum, absl::StrCat(what, " of ", key, " in ", currency));
  };
  v1::SalesRow row;
  row.set_key(key);
  row.set_currency(currency);
  BL_ASSIGN_OR_RETURN(const int64_t receipts,
                      narrow(sums.receipts, "receipts"));
  row.set_receipts(receipts);
  BL_ASSIGN_OR_RETURN(const int64_t lines, narrow(sums.lines, "lines"));
  row.set_lines(lines);
  BL_ASSIGN_OR_RETURN(const int64_t quantity,
                      narrow(sums.quantity_milli, "quantity"));
  row.set_quantity_milli(quantity);
  BL_ASSIGN_OR_RETURN(const int64_t discount,
                      narrow(sums.discount_minor, "discount"));
  row.set_discount_minor(discount);
  BL_ASSIGN_OR_RETURN(const int64_t net, narrow(sums.net_minor, "net"));
  row.set_net_minor(net);
  BL_ASSIGN_OR_RETURN(
      const int64_t restated,
      narrow(sums.restated_net_minor, "what came after the seals"));
  row.set_restated_net_minor(restated);
  BL_ASSIGN_OR_RETURN(
      const int64_t restated_receipts,
      narrow(sums.restated_receipts, "receipts after the seals"));
  row.set_restated_receipts(restated_receipts);
  return row;
}

absl::StatusOr<v1::SalesReport> SalesTable::Make() const {
  v1::SalesReport report;
  std::map<std::string, Sums> totals;
  for (const auto& [key, sums] : rows_) {
    BL_ASSIGN_OR_RETURN(*report.add_rows(),
                        MakeRow(key.first, key.second, sums));
    Sums& total = totals[key.second];
    total.receipts += sums.receipts;
    total.lines += sums.lines;
    total.quantity_milli += sums.quantity_milli;
    total.discount_minor += sums.discount_minor;
    total.net_minor += sums.net_minor;
    total.restated_net_minor += sums.restated_net_minor;
    total.restated_receipts += sums.restated_receipts;
  }
  for (const auto& [currency, sums] : totals) {
    BL_ASSIGN_OR_RETURN(*report.add_totals(), MakeRow("total", currency, sums));
  }
  return report;
}

}  // namespace branchline
