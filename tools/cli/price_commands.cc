// Over 400 lines: one short function for each command of prices.

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "hub/merge/catalogue_diff.h"
#include "sync/base/money.h"
#include "sync/base/status_macros.h"
#include "tools/cli/catalog_file.h"
#include "tools/cli/commands.h"
#include "tools/cli/differences.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"
#include "tools/cli/rules_check.h"
#include "tools/cli/sheet_file.h"

namespace branchline::cli {
namespace {

constexpr size_t kPriceBatchRows = 500;   // of one ImportCatalogue
constexpr size_t kListBatchRows = 5'000;  // of one Publish

struct PriceOptions {
  std::string hub_data;
  std::string file;
  std::string list;
  std::string sku;
  std::string price;
  std::string currency;
  bool skip_bad = false;
  bool dry_run = false;
  Format format = Format::kTable;
};

absl::StatusOr<HubChannel> Open(const PriceOptions& options, bool changes) {
  return HubChannel::Open(options.hub_data, changes && !options.dry_run
                                                ? HubChannel::Access::kChange
                                                : HubChannel::Access::kRead);
}

absl::StatusOr<v1::PriceBookSet> Book(HubChannel& hub) {
  BL_ASSIGN_OR_RETURN(const v1::PublishRequest published,
                      Call(hub.chain(), &v1::Chain::Stub::GetPublished,
                           v1::GetPublishedRequest()));
  return published.price_book();
}

absl::StatusOr<std::string> CurrencyOf(HubChannel& hub,
                                       const std::string& list_id) {
  BL_ASSIGN_OR_RETURN(const v1::PriceBookSet book, Book(hub));
  for (const v1::PriceList& list : book.lists()) {
    if (list.id() == list_id) return list.currency();
  }
  return absl::NotFoundError(
      absl::StrCat("there is no price list '", list_id,
                   "': publish its head with 'branchline rules publish'"));
}

// Sends `prices` to the catalogue or, if a list is named, to that.
absl::Status SendPrices(const PriceOptions& options,
                        const std::vector<v1::Price>& prices, HubChannel& hub,
                        Differences* differences) {
  const size_t batch = options.list.empty() ? kPriceBatchRows : kListBatchRows;
  for (size_t first = 0; first < prices.size(); first += batch) {
    const size_t end = std::min(first + batch, prices.size());
    if (options.list.empty()) {
      v1::ImportCatalogueRequest request;
      request.set_dry_run(options.dry_run);
      for (size_t i = first; i < end; ++i) *request.add_prices() = prices[i];
      BL_ASSIGN_OR_RETURN(
          const auto response,
          Call(hub.chain(), &v1::Chain::Stub::ImportCatalogue, request));
      differences->Add(response.differences());
      continue;
    }
    v1::PublishRequest request;
    request.set_dry_run(options.dry_run);
    v1::ListPricesSet* set = request.add_list_prices();
    set->set_list_id(options.list);
    for (size_t i = first; i < end; ++i) {
      v1::ListPrice* price = set->add_prices();
      price->set_sku(prices[i].sku());
      price->set_price_minor_e4(prices[i].price_minor_e4());
    }
    BL_ASSIGN_OR_RETURN(const auto response,
                        Call(hub.chain(), &v1::Chain::Stub::Publish, request));
    differences->Add(response.differences());
  }
  return absl::OkStatus();
}

void Report(const PriceOptions& options, uint64_t rows,
            const Differences& differences, Run& run) {
  if (options.dry_run) differences.Print(options.format, run);
  std::ostream& words =
      options.dry_run && options.format != Format::kTable ? run.err : run.out;
  words << rows << " prices read, " << differences.count()
        << (options.dry_run ? " would change\n" : " changed\n");
}

absl::Status Import(const PriceOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(HubChannel hub, Open(options, /*changes=*/true));
  CatalogReading reading;
  reading.prices_only = true;
  reading.default_currency = options.currency;
  if (!options.list.empty()) {
    BL_ASSIGN_OR_RETURN(reading.default_currency,
                        CurrencyOf(hub, options.list));
  }
  BL_ASSIGN_OR_RETURN(CatalogFile file, ReadCatalogFile(options.file, reading));
  std::vector<v1::Price> prices;
  for (const CatalogRow& row : file.rows) {
    if (!row.price.has_value()) continue;
    if (!options.list.empty() &&
        row.price->currency() != reading.default_currency) {
      file.broken.push_back(
          {row.row, "currency",
           absl::StrCat("is ", row.price->currency(), ", the list's is ",
                        reading.default_currency)});
      continue;
    }
    prices.push_back(*row.price);
  }
  for (const BrokenField& broken : file.broken) {
    run.err << "row " << broken.row << ", column " << broken.column << ": "
            << broken.why << "\n";
  }
  if (!file.broken.empty() && !options.skip_bad) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.file, " has ", file.broken.size(),
                     " broken fields, listed above, and nothing was imported: "
                     "mend them, or leave those rows out with --skip-bad"));
  }
  Differences differences;
  BL_RETURN_IF_ERROR(SendPrices(options, prices, hub, &differences));
  Report(options, prices.size(), differences, run);
  return absl::OkStatus();
}

absl::Status Export(const PriceOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(HubChannel hub, Open(options, /*changes=*/false));
  std::string list_currency;
  if (!options.list.empty()) {
    BL_ASSIGN_OR_RETURN(list_currency, CurrencyOf(hub, options.list));
  }
  BL_ASSIGN_OR_RETURN(const auto sink, CreateRows(options.file));
  BL_RETURN_IF_ERROR(sink->Add({"sku", "name", "price", "currency"}));
  v1::ListItemsRequest request;
  request.set_list_id(options.list);
  uint64_t rows = 0;
  while (true) {
    BL_ASSIGN_OR_RETURN(
        const auto page,
        Call(hub.chain(), &v1::Chain::Stub::ListItems, request));
    if (page.entries().empty()) break;
    for (const v1::CatalogueEntry& entry : page.entries()) {
      const v1::Item& item = entry.item();
      request.set_after_sku(item.sku());
      if (!options.list.empty()) {
        if (!entry.has_list_price_minor_e4()) continue;
        ++rows;
        BL_RETURN_IF_ERROR(
            sink->Add({item.sku(), item.name(),
                       PriceText(entry.list_price_minor_e4(), list_currency),
                       list_currency}));
        continue;
      }
      for (const v1::Price& price : entry.prices()) {
        ++rows;
        BL_RETURN_IF_ERROR(
            sink->Add({item.sku(), item.name(),
                       PriceText(price.price_minor_e4(), price.currency()),
                       price.currency()}));
      }
    }
  }
  BL_RETURN_IF_ERROR(sink->Close());
  run.out << rows << " prices written to " << options.file << "\n";
  return absl::OkStatus();
}

absl::Status Set(PriceOptions options, Run& run) {
  BL_ASSIGN_OR_RETURN(HubChannel hub, Open(options, /*changes=*/true));
  if (!options.list.empty()) {
    BL_ASSIGN_OR_RETURN(options.currency, CurrencyOf(hub, options.list));
  }
  BL_ASSIGN_OR_RETURN(const int digits, MinorDigits(options.currency));
  v1::Price price;
  price.set_sku(options.sku);
  price.set_currency(options.currency);
  BL_ASSIGN_OR_RETURN(const int64_t minor_e4,
                      ParseDecimal(options.price, digits + 4));
  price.set_price_minor_e4(minor_e4);
  Differences differences;
  BL_RETURN_IF_ERROR(SendPrices(options, {price}, hub, &differences));
  Report(options, 1, differences, run);
  return absl::OkStatus();
}

std::string When(int64_t unix_micros) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S",
                          absl::FromUnixMicros(unix_micros),
                          absl::UTCTimeZone());
}

absl::Status History(const PriceOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(HubChannel hub, Open(options, /*changes=*/false));
  v1::GetPriceHistoryRequest request;
  request.set_sku(options.sku);
  BL_ASSIGN_OR_RETURN(
      const auto history,
      Call(hub.chain(), &v1::Chain::Stub::GetPriceHistory, request));
  Table table({{"published", "published (UTC)"},
               {"list", "list"},
               {"price", "price", Kind::kDecimal},
               {"currency", "currency"},
               {"record", "record", Kind::kCount}});
  for (const v1::PriceChange& change : history.changes()) {
    table.Add({When(change.recorded_at_unix_micros()), change.list_id(),
               change.removed()
                   ? std::string()
                   : PriceText(change.price_minor_e4(), change.currency()),
               change.currency(), Value::Count(change.at().seq())});
  }
  table.Print(options.format, "it never had a price", run.out);
  return absl::OkStatus();
}

std::string Joined(
    const google::protobuf::RepeatedPtrField<std::string>& names) {
  std::string all;
  for (const std::string& name : names) {
    absl::StrAppend(&all, all.empty() ? "" : " ", name);
  }
  return all;
}

absl::Status Lists(const PriceOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(HubChannel hub, Open(options, /*changes=*/false));
  BL_ASSIGN_OR_RETURN(const v1::PriceBookSet book, Book(hub));
  Table table({{"list", "list", Kind::kText, /*whole=*/true},
               {"kind", "kind"},
               {"currency", "currency"},
               {"from", "from"},
               {"until", "until"},
               {"priority", "priority", Kind::kCount},
               {"branches", "branch groups"},
               {"customers", "customer groups"}});
  for (const v1::PriceList& list : book.lists()) {
    table.Add(
        {list.id(),
         list.kind() == v1::PRICE_LIST_KIND_MARKDOWN ? "markdown" : "regular",
         list.currency(), LocalTimeText(list.from_local_seconds()),
         LocalTimeText(list.until_local_seconds()),
         Value::Count(int64_t{list.priority()}), Joined(list.branch_groups()),
         Joined(list.customer_groups())});
  }
  table.Print(options.format, "no price lists: the catalogue's prices count",
              run.out);
  for (const std::string& overlap : OverlapsOfLists(book)) {
    run.err << "warning: " << overlap << "\n";
  }
  return absl::OkStatus();
}

}  // namespace

void AddPriceCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "price", "What it sells at");
  const std::vector<ExitCode> exits = {ExitCode::kNotReachable,
                                       ExitCode::kDamaged, ExitCode::kNoSpace};
  using Action = absl::Status (*)(PriceOptions, Run&);
  const auto add = [&](const CommandText& text, Action action) {
    const auto o = std::make_shared<PriceOptions>();
    CLI::App* command = AddCommand(*group, text, exits, run, [o, action, &run] {
      return action(*o, run);
    });
    AddHubData(command, &o->hub_data);
    return std::pair(command, o);
  };
  {
    const auto [command, o] = add(
        {"import",
         "Sets prices from a CSV or XLSX file with the columns sku and price, "
         "and currency unless a list or --currency says it; other columns are "
         "passed over. Without --list they are the catalogue's own.",
         "  branchline price import spring.xlsx --list spring --dry-run "
         "--hub-data hub\n"
         "  branchline price import prices.csv --currency EUR --hub-data "
         "hub\n"},
        [](PriceOptions p, Run& r) { return Import(p, r); });
    command->add_option("file", o->file, "The prices")
        ->type_name("FILE")
        ->required();
    command->add_option("--list", o->list, "Of this price list")
        ->type_name("ID");
    command->add_option("--currency", o->currency, "Of rows that name none")
        ->type_name("CODE");
    command->add_flag("--skip-bad", o->skip_bad,
                      "Import the other rows, and list the broken ones");
    command->add_flag("--dry-run", o->dry_run,
                      "Show every price that would change, change nothing");
    AddFormat(command, &o->format);
  }
  {
    const auto [command, o] =
        add({"export",
             "Writes the prices of the catalogue, or of a list, as 'price "
             "import' takes them. XLSX if the name ends so, else CSV.",
             "  branchline price export spring.xlsx --list spring --hub-data "
             "hub\n"},
            [](PriceOptions p, Run& r) { return Export(p, r); });
    command->add_option("file", o->file, "Where to")
        ->type_name("FILE")
        ->required();
    command->add_option("--list", o->list, "Of this price list")
        ->type_name("ID");
  }
  {
    const auto [command, o] = add(
        {"set", "Sets one price: of the catalogue in a currency, or of a list.",
         "  branchline price set 85123A 1.99 --currency GBP --hub-data "
         "hub\n"
         "  branchline price set 85123A 1.49 --list spring --hub-data "
         "hub\n"},
        [](PriceOptions p, Run& r) { return Set(std::move(p), r); });
    command->add_option("sku", o->sku, "The item")->required();
    command->add_option("price", o->price, "The price")->required();
    command->add_option("--list", o->list, "Of this price list")
        ->type_name("ID");
    command->add_option("--currency", o->currency, "Without a list: of what")
        ->type_name("CODE");
    command->add_flag("--dry-run", o->dry_run,
                      "Show what would change, change nothing");
    AddFormat(command, &o->format);
  }
  {
    const auto [command, o] = add(
        {"history",
         "Every price that an item was given, oldest first: in the catalogue "
         "and in price lists.",
         "  branchline price history 85123A --hub-data hub\n"},
        [](PriceOptions p, Run& r) { return History(p, r); });
    command->add_option("sku", o->sku, "The item")->required();
    AddFormat(command, &o->format);
  }
  {
    const auto [command, o] =
        add({"lists",
             "The price lists, whom they are for and when; warns of lists that "
             "overlap with one priority.",
             "  branchline price lists --hub-data hub\n"},
            [](PriceOptions p, Run& r) { return Lists(p, r); });
    AddFormat(command, &o->format);
  }
  AddPriceLabelCommand(*group, run);
}

}  // namespace branchline::cli
