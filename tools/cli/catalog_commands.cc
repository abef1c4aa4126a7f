#include <unistd.h>

#include <algorithm>
#include <memory>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "hub/merge/catalogue_diff.h"
#include "sync/base/status_macros.h"
#include "tools/cli/catalog_columns.h"
#include "tools/cli/catalog_file.h"
#include "tools/cli/commands.h"
#include "tools/cli/differences.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"
#include "tools/cli/sheet_file.h"

namespace branchline::cli {
namespace {

constexpr size_t kBatchRows = 500;  // of one ImportCatalogue

struct CatalogOptions {
  std::string hub_data;
  std::string file;
  std::string branch;
  bool skip_bad = false;
  bool dry_run = false;
  Format format = Format::kTable;
};

void ListBroken(const CatalogFile& file, std::ostream& err) {
  for (const BrokenField& broken : file.broken) {
    err << "row " << broken.row;
    if (!broken.column.empty()) err << ", column " << broken.column;
    err << ": " << broken.why << "\n";
  }
}

struct Imported {
  uint64_t items_changed = 0;
  uint64_t prices_changed = 0;
  Differences differences;
};

absl::StatusOr<Imported> Send(const CatalogFile& file, bool dry_run,
                              HubChannel& hub, std::ostream& err) {
  // A bar is for a person who waits, not for a log.
  const bool progress = isatty(STDERR_FILENO) != 0;
  Imported imported;
  for (size_t first = 0; first < file.rows.size(); first += kBatchRows) {
    const size_t end = std::min(first + kBatchRows, file.rows.size());
    v1::ImportCatalogueRequest request;
    request.set_dry_run(dry_run);
    for (const std::string& field : file.item_fields) {
      request.add_item_fields(field);
    }
    for (size_t i = first; i < end; ++i) {
      if (!file.rows[i].item_repeated) {
        *request.add_items() = file.rows[i].item;
      }
      if (file.rows[i].price.has_value()) {
        *request.add_prices() = *file.rows[i].price;
      }
    }
    const auto response =
        Call(hub.chain(), &v1::Chain::Stub::ImportCatalogue, request);
    BL_RETURN_IF_ERROR(Annotate(
        response.status(),
        absl::StrCat("rows ", file.rows[first].row, " to ",
                     file.rows[end - 1].row, " (those before are imported; ",
                     "the same file can be imported again)")));
    imported.items_changed += response->items_changed();
    imported.prices_changed += response->prices_changed();
    imported.differences.Add(response->differences());
    for (const std::string& warning : response->warnings()) {
      err << "warning: " << warning << "\n";
    }
    if (progress) err << "\r" << end << " of " << file.rows.size() << " rows";
  }
  if (progress) err << "\n";
  return imported;
}

absl::Status Import(const CatalogOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const CatalogFile file, ReadCatalogFile(options.file));
  ListBroken(file, run.err);
  if (!file.broken.empty() && !options.skip_bad) {
    return absl::InvalidArgumentError(absl::StrCat(
        options.file, " has ", file.broken.size(),
        " broken fields, listed above, and nothing was imported: mend them, or "
        "leave those rows out with --skip-bad"));
  }
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, options.dry_run
                                             ? HubChannel::Access::kRead
                                             : HubChannel::Access::kChange));
  BL_ASSIGN_OR_RETURN(const Imported imported,
                      Send(file, options.dry_run, hub, run.err));
  if (options.dry_run) imported.differences.Print(options.format, run);
  std::ostream& words =
      options.dry_run && options.format != Format::kTable ? run.err : run.out;
  words << file.rows.size() << " rows read, " << imported.items_changed
        << " items and " << imported.prices_changed << " prices "
        << (options.dry_run ? "would change\n" : "changed\n");
  return absl::OkStatus();
}

absl::Status Export(const CatalogOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  BL_ASSIGN_OR_RETURN(const auto sink, CreateRows(options.file));
  std::vector<std::string> fields;
  for (const CatalogColumn& column : CatalogColumns()) {
    fields.emplace_back(column.name);
  }
  fields.emplace_back("price");
  fields.emplace_back("currency");
  BL_RETURN_IF_ERROR(sink->Add(fields));
  v1::ListItemsRequest request;
  uint64_t items = 0;
  while (true) {
    BL_ASSIGN_OR_RETURN(
        const auto page,
        Call(hub.chain(), &v1::Chain::Stub::ListItems, request));
    if (page.entries().empty()) break;
    for (const v1::CatalogueEntry& entry : page.entries()) {
      ++items;
      fields.clear();
      for (const CatalogColumn& column : CatalogColumns()) {
        fields.push_back(column.print(entry.item()));
      }
      fields.resize(fields.size() + 2);
      if (entry.prices().empty()) BL_RETURN_IF_ERROR(sink->Add(fields));
      for (const v1::Price& price : entry.prices()) {
        fields[fields.size() - 2] =
            PriceText(price.price_minor_e4(), price.currency());
        fields.back() = price.currency();
        BL_RETURN_IF_ERROR(sink->Add(fields));
      }
      request.set_after_sku(entry.item().sku());
    }
  }
  BL_RETURN_IF_ERROR(sink->Close());
  run.out << items << " items written to " << options.file << "\n";
  return absl::OkStatus();
}

absl::Status Unknown(const CatalogOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(
      HubChannel hub,
      HubChannel::Open(options.hub_data, HubChannel::Access::kRead));
  v1::ListUnknownCodesRequest request;
  request.set_branch(options.branch);
  BL_ASSIGN_OR_RETURN(
      const auto codes,
      Call(hub.chain(), &v1::Chain::Stub::ListUnknownCodes, request));
  Table table({{"code", "code", Kind::kText, /*whole=*/true},
               {"branch", "branch"},
               {"department", "department"},
               {"price", "price", Kind::kDecimal},
               {"currency", "currency"},
               {"note", "note"},
               {"receipt", "last receipt"}});
  for (const v1::UnknownCode& code : codes.codes()) {
    table.Add({code.code(), code.branch(), code.department(),
               PriceText(code.unit_price_minor_e4(), code.currency()),
               code.currency(), code.note(), code.receipt_no()});
  }
  table.Print(options.format, "no unknown codes", run.out);
  return absl::OkStatus();
}

}  // namespace

void AddCatalogCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "catalog", "What the chain sells");
  auto o = std::make_shared<CatalogOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"import",
       "Sets items and prices from a CSV file (plain or gzipped) or the first "
       "sheet of an XLSX workbook with the columns sku, name, price, currency "
       "and any of those that 'catalog export' writes (docs/CLI.md). Columns "
       "that the file does not have, and items that it does not name, stay as "
       "they are. Every broken row is named with its column, and then nothing "
       "is imported.",
       "  branchline catalog import items.xlsx --dry-run --hub-data hub\n"
       "  branchline catalog import items.csv.gz --skip-bad --hub-data hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged, ExitCode::kNoSpace}, run,
      [o, &run] { return Import(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("file", o->file, "The catalogue")
      ->type_name("FILE")
      ->required();
  command->add_flag("--skip-bad", o->skip_bad,
                    "Import the other rows, and list the broken ones");
  command->add_flag("--dry-run", o->dry_run,
                    "Show every field that would change, change nothing");
  AddFormat(command, &o->format);

  o = std::make_shared<CatalogOptions>();
  command = AddCommand(
      *group,
      {"export",
       "Writes the whole catalogue as 'catalog import' takes it: a row for "
       "each item and currency. XLSX if the name ends so, else CSV.",
       "  branchline catalog export items.xlsx --hub-data hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged, ExitCode::kNoSpace}, run,
      [o, &run] { return Export(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("file", o->file, "Where to")
      ->type_name("FILE")
      ->required();

  o = std::make_shared<CatalogOptions>();
  command = AddCommand(
      *group,
      {"unknown",
       "Codes that tills sold under an open department because nobody knew "
       "them, and that no item has yet.",
       "  branchline catalog unknown --branch S014 --hub-data hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged}, run,
      [o, &run] { return Unknown(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("--branch", o->branch, "Of this branch alone")
      ->type_name("CODE");
  AddFormat(command, &o->format);
}

}  // namespace branchline::cli
