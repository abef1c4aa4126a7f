#include "tools/cli/drill_report.h"

#include <map>
#include <ostream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "sync/journal/json_string.h"

namespace branchline::cli {
namespace {

using drill::BranchResult;
using drill::DrillResult;
using Money = std::map<std::string, int64_t>;  // by currency

struct Total {
  int64_t receipts = 0;
  int64_t lines = 0;
  Money net_minor;
  int64_t outages = 0;
  int64_t slow_lines = 0;
  int64_t kills = 0;
  int64_t repeated = 0;
  int64_t retried = 0;
  int64_t events = 0;
  int64_t lost = 0;
  int64_t doubled = 0;
  absl::Duration caught_up_after;
};

Total TotalOf(const DrillResult& result) {
  Total total;
  total.kills = result.hub_kills;
  for (const BranchResult& branch : result.branches) {
    total.receipts += branch.receipts;
    total.lines += branch.lines;
    for (const auto& [currency, net_minor] : branch.net_minor) {
      total.net_minor[currency] += net_minor;
    }
    total.outages += branch.tally.outages;
    total.slow_lines += branch.tally.slow_lines;
    total.kills += branch.tally.kills;
    total.repeated += branch.tally.repeated;
    total.retried += branch.tally.retried;
    total.events += branch.events;
    total.lost += branch.lost;
    total.doubled += branch.doubled;
    total.caught_up_after =
        std::max(total.caught_up_after, branch.caught_up_after);
  }
  return total;
}

std::string Seconds(absl::Duration duration) {
  const int64_t hundredths = absl::ToInt64Milliseconds(duration) / 10;
  return absl::StrFormat("%d.%02d", hundredths / 100, hundredths % 100);
}

std::string NetJson(const Money& net_minor) {
  std::string json;
  for (const auto& [currency, amount_minor] : net_minor) {
    absl::StrAppend(&json, json.empty() ? "" : ", ", JsonString(currency), ": ",
                    JsonString(MoneyText(amount_minor, currency)));
  }
  return absl::StrCat("{", json, "}");
}

// The fields that a branch and the total share.
std::string FiguresJson(const Total& figures) {
  return absl::StrCat(
      "\"receipts\": ", figures.receipts, ", \"lines\": ", figures.lines,
      ", \"net\": ", NetJson(figures.net_minor),
      ", \"outages\": ", figures.outages,
      ", \"slow_lines\": ", figures.slow_lines, ", \"kills\": ", figures.kills,
      ", \"events\": ", figures.events, ", \"lost\": ", figures.lost,
      ", \"doubled\": ", figures.doubled, ", \"retried\": ", figures.retried,
      ", \"repeated\": ", figures.repeated, ", \"catch_up_millis\": ",
      absl::ToInt64Milliseconds(figures.caught_up_after));
}

Total FiguresOf(const BranchResult& branch) {
  DrillResult alone;
  alone.branches.push_back(branch);
  return TotalOf(alone);
}

std::string ResultJson(const DrillResult& result) {
  std::string branches;
  for (const BranchResult& branch : result.branches) {
    absl::StrAppend(&branches, branches.empty() ? "" : ",\n",
                    "{\"branch\": ", JsonString(branch.code),
                    ", \"stores\": ", branch.stores, ", ",
                    FiguresJson(FiguresOf(branch)), "}");
  }
  std::string differences;
  for (const std::string& what : result.differences.first) {
    absl::StrAppend(&differences, differences.empty() ? "" : ",\n",
                    JsonString(what));
  }
  std::string skipped;
  for (const drill::SkippedRow& row : result.skipped) {
    absl::StrAppend(&skipped, skipped.empty() ? "" : ",\n",
                    "{\"row\": ", row.row, ", \"why\": ", JsonString(row.why),
                    "}");
  }
  return absl::StrCat(
      "{\"branches\": [", branches, "],\n\"total\": {",
      FiguresJson(TotalOf(result)), ", \"hub_kills\": ", result.hub_kills,
      "},\n\"exact\": ", result.differences.count == 0 ? "true" : "false",
      ", \"differences\": ", result.differences.count,
      ", \"first_differences\": [", differences, "],\n\"skipped_rows\": [",
      skipped,
      "],\n\"rang_millis\": ", absl::ToInt64Milliseconds(result.rang_for),
      ", \"took_millis\": ", absl::ToInt64Milliseconds(result.took), "}\n");
}

// One row a currency: the first has the figures, the others their net alone.
void AddRows(const std::string& name, const Total& figures, bool foot,
             Table* table) {
  Money net_minor = figures.net_minor;
  if (net_minor.empty()) net_minor[""] = 0;
  bool first = true;
  for (const auto& [currency, amount_minor] : net_minor) {
    const auto count = [&](int64_t number) {
      return first ? Value::Count(number) : Value("");
    };
    std::vector<Value> row = {
        first ? name : std::string(),
        count(figures.receipts),
        count(figures.lines),
        currency.empty() ? Value("0") : Value::Money(amount_minor, currency),
        currency,
        count(figures.outages),
        count(figures.kills),
        count(figures.events),
        count(figures.lost),
        count(figures.doubled),
        first ? Seconds(figures.caught_up_after) : std::string()};
    if (foot) {
      table->AddFoot(std::move(row));
    } else {
      table->Add(std::move(row));
    }
    first = false;
  }
}

}  // namespace

std::string DrillProgressText(const drill::Progress::Seen& seen,
                              int64_t receipts_per_second) {
  if (seen.receipts_total == 0) return seen.phase;
  return absl::StrCat(seen.phase, ": ", seen.receipts, " of ",
                      seen.receipts_total, " receipts, ", receipts_per_second,
                      "/s; ", seen.outages, " outages, ", seen.kills,
                      " kills, ", seen.repeated, " repeats");
}

void PrintDrill(const DrillResult& result, Format format,
                const std::string& work_dir, Run& run) {
  if (format == Format::kJson) {
    run.out << ResultJson(result) << std::flush;
    return;
  }
  Table table({{"branch", "branch"},
               {"receipts", "receipts", Kind::kCount},
               {"lines", "lines", Kind::kCount},
               {"net", "net", Kind::kDecimal},
               {"currency", "cur"},
               {"outages", "cuts", Kind::kCount},
               {"kills", "kill", Kind::kCount},
               {"events", "events", Kind::kCount},
               {"lost", "lost", Kind::kCount},
               {"doubled", "dbl", Kind::kCount},
               {"catch_up_seconds", "late", Kind::kDecimal}});
  for (const BranchResult& branch : result.branches) {
    AddRows(branch.code, FiguresOf(branch), /*foot=*/false, &table);
  }
  const Total total = TotalOf(result);
  AddRows("total", total, /*foot=*/true, &table);
  table.Print(format, "", run.out);
  std::ostream& out = format == Format::kTable ? run.out : run.err;
  for (const drill::SkippedRow& row : result.skipped) {
    out << "row " << row.row << " left out: " << row.why << "\n";
  }
  for (const std::string& what : result.differences.first) {
    out << "DIFFERS  " << what << "\n";
  }
  if (result.differences.count > 0) return;
  out << "\nExact: not a penny and not a piece differs from the file, by "
         "branch, day,\nmonth, SKU and stock on hand; every receipt is there "
         "once, and all journals\nverify. The hub was killed "
      << result.hub_kills << " times; " << total.retried
      << " commands were sent again, and " << total.repeated
      << " of\nthem had been committed before: the same receipt, not a second "
         "one. Rang up in\n"
      << Seconds(result.rang_for) << " s, all in " << Seconds(result.took)
      << " s. 'cuts' are cut lines; 'late' is for how many seconds\nafter an "
         "outage the hub did not have everything, at the worst.\n\n"
         "To look at it:\n"
      << "  branchline report sales --hub-data " << work_dir
      << "/hub --by month\n"
      << "  branchline journal verify --data " << work_dir << "/hub\n"
      << std::flush;
}

}  // namespace branchline::cli
