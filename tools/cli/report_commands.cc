#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/date.h"
#include "sync/base/status_macros.h"
#include "sync/journal/json_string.h"
#include "tools/cli/commands.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"

namespace branchline::cli {
namespace {

struct SalesOptions {
  std::string hub_data;
  std::string by = "branch";
  std::string from;
  std::string to;
  std::string branch;
  Format format = Format::kTable;
};

struct StockOptions {
  std::string hub_data;
  std::string branch;
  std::string sku;
  Format format = Format::kTable;
};

const std::map<std::string, v1::SalesBy>& SalesByNames() {
  static const std::map<std::string, v1::SalesBy> names = {
      {"branch", v1::SALES_BY_BRANCH},
      {"day", v1::SALES_BY_DAY},
      {"month", v1::SALES_BY_MONTH},
      {"sku", v1::SALES_BY_SKU}};
  return names;
}

// What a report is complete to, one statement a line.
std::vector<std::string> CompletenessLines(const v1::Completeness& c) {
  std::vector<std::string> lines = {
      c.complete_to_date() == 0
          ? std::string("complete to no day yet")
          : absl::StrCat("complete to ", FormatDate(c.complete_to_date()))};
  for (const std::string& missing : c.missing()) lines.push_back(missing);
  if (c.aside() > 0) {
    lines.push_back(absl::StrCat(c.aside(),
                                 " events were put aside and are not in the "
                                 "figures: 'branchline exceptions list'"));
  }
  if (c.newer() > 0) {
    lines.push_back(absl::StrCat(c.newer(),
                                 " events are newer than this hub: only their "
                                 "postings are summed; update it"));
  }
  return lines;
}

std::string CompletenessJson(const v1::Completeness& c) {
  std::string missing;
  for (const std::string& line : c.missing()) {
    absl::StrAppend(&missing, missing.empty() ? "" : ", ", JsonString(line));
  }
  return absl::StrCat("{\"complete_to\": ",
                      c.complete_to_date() == 0
                          ? std::string("null")
                          : JsonString(FormatDate(c.complete_to_date())),
                      ", \"missing\": [", missing, "], \"aside\": ", c.aside(),
                      ", \"newer\": ", c.newer(), "}");
}

// For people under the table; for spreadsheets beside it, not in it.
void PrintCompleteness(const v1::Completeness& completeness, Format format,
                       Run& run) {
  std::ostream& out = format == Format::kTable ? run.out : run.err;
  if (format == Format::kTable) out << "\n";
  for (const std::string& line : CompletenessLines(completeness)) {
    out << line << "\n";
  }
}

std::vector<Value> SalesValues(const v1::SalesRow& row, bool by_sku) {
  return {row.key(), row.name(), row.currency(),
          by_sku ? Value("") : Value::Count(row.receipts()),
          Value::Count(row.lines()),
          // A sum over pieces and kilograms means nothing.
          by_sku ? Value::Quantity(row.quantity_milli()) : Value(""),
          Value::Money(row.discount_minor(), row.currency()),
          Value::Money(row.net_minor(), row.currency()),
          // Told where there is a difference.
          row.restated_receipts() == 0
              ? Value("")
              : Value::Money(row.net_minor() - row.restated_net_minor(),
                             row.currency()),
          row.restated_receipts() == 0
              ? Value("")
              : Value::Money(row.restated_net_minor(), row.currency())};
}

std::vector<Column> SalesColumns(const std::string& by) {
  return {{by, by, Kind::kText, /*whole=*/true},
          {"name", "name", Kind::kText, false, /*if_any=*/true},
          {"currency", "cur", Kind::kText, /*whole=*/true},
          {"receipts", "receipts", Kind::kCount, false, /*if_any=*/true},
          {"lines", "lines", Kind::kCount},
          {"quantity", "quantity", Kind::kDecimal, false, /*if_any=*/true},
          {"discount", "discount", Kind::kDecimal},
          {"net", "net", Kind::kDecimal},
          {"sealed", "as sealed", Kind::kDecimal, false, /*if_any=*/true},
          {"restated", "after seal", Kind::kDecimal, false, /*if_any=*/true}};
}

absl::StatusOr<Date> ParseDateOption(const char* option,
                                     const std::string& text) {
  if (text.empty()) return Date{0};
  const auto date = ParseDate(text);
  if (!date.ok()) {
    return UsageError(absl::StrCat(option, " ", date.status().message()));
  }
  return *date;
}

absl::Status ReportSales(const SalesOptions& options, Run& run) {
  v1::SalesReportRequest request;
  request.set_by(SalesByNames().at(options.by));
  BL_ASSIGN_OR_RETURN(const Date from, ParseDateOption("--from", options.from));
  BL_ASSIGN_OR_RETURN(const Date to, ParseDateOption("--to", options.to));
  if (from != 0 && to != 0 && from > to) {
    return UsageError(absl::StrCat("--from ", FormatDate(from),
                                   " is after --to ", FormatDate(to)));
  }
  request.set_from_date(from);
  request.set_to_date(to);
  request.set_branch(options.branch);
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(const v1::SalesReport report,
                      Call(hub.report(), &v1::Report::Stub::Sales, request));

  const bool by_sku = options.by == "sku";
  Table table(SalesColumns(options.by));
  for (const v1::SalesRow& row : report.rows()) {
    table.Add(SalesValues(row, by_sku));
  }
  Table totals(SalesColumns(options.by));
  for (const v1::SalesRow& row : report.totals()) {
    std::vector<Value> values = SalesValues(row, by_sku);
    values[0] = Value("total");
    table.AddFoot(values);
    totals.Add(std::move(values));
  }
  if (options.format == Format::kJson) {
    run.out << "{\"rows\": " << table.Json()
            << ",\n\"totals\": " << totals.Json() << ",\n\"completeness\": "
            << CompletenessJson(report.completeness()) << "}\n";
    return absl::OkStatus();
  }
  table.Print(options.format, "no sales", run.out);
  PrintCompleteness(report.completeness(), options.format, run);
  return absl::OkStatus();
}

absl::Status ReportStock(const StockOptions& options, Run& run) {
  v1::StockReportRequest request;
  request.set_branch(options.branch);
  request.set_sku(options.sku);
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(const v1::StockReport report,
                      Call(hub.report(), &v1::Report::Stub::Stock, request));
  Table table({{"branch", "branch", Kind::kText, /*whole=*/true},
               {"sku", "sku", Kind::kText, /*whole=*/true},
               {"name", "name"},
               {"on_hand", "on hand", Kind::kDecimal}});
  for (const v1::StockRow& row : report.rows()) {
    table.Add({row.branch(), row.sku(), row.name(),
               Value::Quantity(row.on_hand_milli())});
  }
  if (options.format == Format::kJson) {
    run.out << "{\"rows\": " << table.Json() << ",\n\"completeness\": "
            << CompletenessJson(report.completeness()) << "}\n";
    return absl::OkStatus();
  }
  table.Print(options.format, "no stock", run.out);
  PrintCompleteness(report.completeness(), options.format, run);
  return absl::OkStatus();
}

}  // namespace

void AddReportCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "report", "The chain's figures");

  const auto sales = std::make_shared<SalesOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"sales",
       "What the chain sold, by branch, day, month or SKU: receipts, lines, "
       "quantity, discount and net, with one total a currency, and what the "
       "figures are complete to. Changes nothing.",
       "  branchline report sales --hub-data /var/lib/branchline-hub\n"
       "  branchline report sales --hub-data hub --by day --from 2026-11-01\n"
       "  branchline report sales --hub-data hub --by sku --branch S014 \\\n"
       "      --format csv\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged}, run,
      [sales, &run] { return ReportSales(*sales, run); });
  AddHubData(command, &sales->hub_data);
  command
      ->add_option(
          "--by", sales->by,
          "What each row is. Default: branch. A receipt has many SKUs, "
          "so a report by sku counts no receipts; quantities of different "
          "goods have no sum, so only that one has them")
      ->check(CLI::IsMember({"branch", "day", "month", "sku"}));
  command
      ->add_option("--from", sales->from,
                   "First business date, 2026-11-21. Default: the first")
      ->type_name("DATE");
  command
      ->add_option("--to", sales->to,
                   "Last business date, included. Default: the last")
      ->type_name("DATE");
  command->add_option("--branch", sales->branch, "Only this one. Default: all")
      ->type_name("CODE");
  AddFormat(command, &sales->format);

  const auto stock = std::make_shared<StockOptions>();
  command = AddCommand(
      *group,
      {"stock",
       "What every branch has on hand, by its own books: below zero means that "
       "more was sold than the books knew of. Changes nothing.",
       "  branchline report stock --hub-data /var/lib/branchline-hub\n"
       "  branchline report stock --hub-data hub --sku 85123A --format csv\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged}, run,
      [stock, &run] { return ReportStock(*stock, run); });
  AddHubData(command, &stock->hub_data);
  command->add_option("--branch", stock->branch, "Only this one. Default: all")
      ->type_name("CODE");
  command->add_option("--sku", stock->sku, "Only this one. Default: all")
      ->type_name("SKU");
  AddFormat(command, &stock->format);
}

}  // namespace branchline::cli
