#include "hub/report/reports.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "hub/report/completeness.h"
#include "hub/report/sales_table.h"
#include "sync/base/date.h"
#include "sync/base/status_macros.h"

namespace branchline {
namespace {

constexpr Date kFirstDate = 0;
constexpr Date kLastDate = 99'991'231;
constexpr size_t kNamesPerRead = 1'000;

struct Range {
  Date from = kFirstDate;
  Date to = kLastDate;
};

absl::StatusOr<Range> ReadRange(const v1::SalesReportRequest& request) {
  Range range;
  if (request.from_date() != 0) {
    BL_RETURN_IF_ERROR(ValidateDate(request.from_date()));
    range.from = request.from_date();
  }
  if (request.to_date() != 0) {
    BL_RETURN_IF_ERROR(ValidateDate(request.to_date()));
    range.to = request.to_date();
  }
  if (range.from > range.to) {
    return absl::InvalidArgumentError(
        absl::StrCat("a report from ", FormatDate(range.from), " to ",
                     FormatDate(range.to), ": the first is after the last"));
  }
  return range;
}

// The row of a day's figures in a report by branch, day or month.
std::string KeyOf(v1::SalesBy by, const DayFigures& day) {
  if (by == v1::SALES_BY_BRANCH) return day.branch;
  const std::string date = FormatDate(day.date);
  return by == v1::SALES_BY_MONTH ? date.substr(0, 7) : date;
}

// Names of `keys`, which come in any order and repeat: the SKU's own where the
// catalogue has none.
template <typename Rows, typename Key>
absl::Status NameRows(const HubStore& store, Rows* rows, Key key) {
  for (int from = 0; from < rows->size();) {
    std::vector<std::string> skus;
    int to = from;
    for (; to < rows->size() && skus.size() < kNamesPerRead; ++to) {
      skus.push_back(key(rows->Get(to)));
    }
    BL_ASSIGN_OR_RETURN(const auto items, store.ReadItems(skus));
    for (int i = from; i < to; ++i) {
      if (items[i - from].has_value()) {
        rows->Mutable(i)->set_name(items[i - from]->name());
      }
    }
    from = to;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Branch>> Reports::Branches(
    const std::string& code) const {
  if (code.empty()) return store_.ReadBranches();
  BL_ASSIGN_OR_RETURN(auto branch, store_.ReadBranch(code));
  if (!branch.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("this chain has no branch ", code,
                     "; 'branchline branch list' shows them"));
  }
  return std::vector<v1::Branch>{*std::move(branch)};
}

absl::StatusOr<v1::SalesReport> Reports::Sales(
    const v1::SalesReportRequest& request) const {
  BL_ASSIGN_OR_RETURN(const Range range, ReadRange(request));
  BL_ASSIGN_OR_RETURN(const std::vector<v1::Branch> branches,
                      Branches(request.branch()));
  std::vector<std::string> codes;
  for (const v1::Branch& branch : branches) codes.push_back(branch.code());

  SalesTable table;
  absl::Status read;
  switch (request.by()) {
    case v1::SALES_BY_BRANCH:
      read = store_.ReadDays(codes, range.from, range.to,
                             [&](const DayFigures& day) {
                               table.Add(day.branch, day.cell);
                               return absl::OkStatus();
                             });
      break;
    case v1::SALES_BY_DAY:
      read = store_.ReadDays(codes, range.from, range.to,
                             [&](const DayFigures& day) {
                               table.Add(FormatDate(day.date), day.cell);
                               return absl::OkStatus();
                             });
      break;
    case v1::SALES_BY_MONTH: {
      Date month = 0;  // as YYYYMM, of `key`
      std::string key;
      read = store_.ReadDays(codes, range.from, range.to,
                             [&](const DayFigures& day) {
                               if (day.date / 100 != month) {
                                 month = day.date / 100;
                                 key = FormatDate(day.date).substr(0, 7);
                               }
                               table.Add(key, day.cell);
                               return absl::OkStatus();
                             });
      break;
    }
    case v1::SALES_BY_SKU:
      read = store_.ReadSkuDays(codes, range.from, range.to,
                                [&](const DayFigures& day) {
                                  table.Add(day.sku, day.cell);
                                  return absl::OkStatus();
                                });
      break;
    default:
      return absl::InvalidArgumentError(
          "a sales report is by branch, day, month or SKU");
  }
  BL_RETURN_IF_ERROR(read);
  if (request.by() != v1::SALES_BY_SKU) {
    BL_RETURN_IF_ERROR(store_.ReadRestated(
        codes, range.from, range.to, [&](const DayFigures& day) {
          table.AddRestated(KeyOf(request.by(), day), day.cell);
          return absl::OkStatus();
        }));
  }
  BL_ASSIGN_OR_RETURN(v1::SalesReport report, table.Make());
  if (request.by() == v1::SALES_BY_SKU) {
    BL_RETURN_IF_ERROR(NameRows(store_, report.mutable_rows(),
                                [](const auto& row) { return row.key(); }));
  } else if (request.by() == v1::SALES_BY_BRANCH) {
    auto branch = branches.begin();  // both are in order of code
    for (v1::SalesRow& row : *report.mutable_rows()) {
      while (branch != branches.end() && branch->code() < row.key()) ++branch;
      if (branch != branches.end() && branch->code() == row.key()) {
        row.set_name(branch->name());
      }
    }
  }
  BL_ASSIGN_OR_RETURN(
      *report.mutable_completeness(),
      CompletenessOf(store_, clock_, branches, request.to_date()));
  return report;
}

absl::StatusOr<v1::StockReport> Reports::Stock(
    const v1::StockReportRequest& request) const {
  BL_ASSIGN_OR_RETURN(const std::vector<v1::Branch> branches,
                      Branches(request.branch()));
  std::vector<std::string> codes;
  for (const v1::Branch& branch : branches) codes.push_back(branch.code());
  v1::StockReport report;
  BL_RETURN_IF_ERROR(store_.ReadStock(
      codes, request.sku(), [&](const StockFigure& figure) -> absl::Status {
        v1::StockRow& row = *report.add_rows();
        row.set_branch(figure.branch);
        row.set_sku(figure.sku);
        BL_ASSIGN_OR_RETURN(
            const int64_t on_hand,
            Narrow(figure.on_hand_milli,
                   absl::StrCat("SKU ", figure.sku, " on hand in ",
                                figure.branch)));
        row.set_on_hand_milli(on_hand);
        return absl::OkStatus();
      }));
  BL_RETURN_IF_ERROR(NameRows(store_, report.mutable_rows(),
                              [](const auto& row) { return row.sku(); }));
  BL_ASSIGN_OR_RETURN(*report.mutable_completeness(),
                      CompletenessOf(store_, clock_, branches, 0));
  return report;
}

}  // namespace branchline
