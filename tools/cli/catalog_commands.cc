#include <unistd.h>

#include <memory>
#include <ostream>
#include <string>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "tools/cli/catalog_file.h"
#include "tools/cli/commands.h"
#include "tools/cli/hub_channel.h"
#include "tools/cli/rpc.h"

namespace branchline::cli {
namespace {

constexpr size_t kBatchRows = 500;  // of one ImportCatalogue

struct ImportOptions {
  std::string hub_data;
  std::string file;
  bool skip_bad = false;
};

struct Imported {
  uint64_t items_changed = 0;
  uint64_t prices_changed = 0;
};

void ListBroken(const CatalogFile& file, std::ostream& err) {
  for (const BrokenField& broken : file.broken) {
    err << "row " << broken.row;
    if (!broken.column.empty()) err << ", column " << broken.column;
    err << ": " << broken.why << "\n";
  }
}

absl::StatusOr<Imported> Send(const CatalogFile& file, HubChannel& hub,
                              std::ostream& err) {
  // A bar is for a person who waits, not for a log.
  const bool progress = isatty(STDERR_FILENO) != 0;
  Imported imported;
  for (size_t first = 0; first < file.rows.size(); first += kBatchRows) {
    const size_t end = std::min(first + kBatchRows, file.rows.size());
    v1::ImportCatalogueRequest request;
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
    if (progress) err << "\r" << end << " of " << file.rows.size() << " rows";
  }
  if (progress) err << "\n";
  return imported;
}

absl::Status Import(const ImportOptions& options, Run& run) {
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
      HubChannel::Open(options.hub_data, HubChannel::Access::kChange));
  BL_ASSIGN_OR_RETURN(const Imported imported, Send(file, hub, run.err));
  run.out << file.rows.size() << " rows read, " << imported.items_changed
          << " items and " << imported.prices_changed << " prices changed\n";
  return absl::OkStatus();
}

}  // namespace

void AddCatalogCommands(CLI::App& app, Run& run) {
  CLI::App* group = AddGroup(app, "catalog", "What the chain sells");
  const auto o = std::make_shared<ImportOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"import",
       "Sets items and prices from a CSV file (plain or gzipped) with the "
       "columns sku, name, price, currency and, if there, category, name_zh, "
       "barcode. Every broken row is named with its column, and then nothing "
       "is "
       "imported. Items that the file does not name stay as they are.",
       "  branchline catalog import items.csv --hub-data hub\n"
       "  branchline catalog import items.csv.gz --skip-bad --hub-data hub\n"},
      {ExitCode::kNotReachable, ExitCode::kDamaged, ExitCode::kNoSpace}, run,
      [o, &run] { return Import(*o, run); });
  AddHubData(command, &o->hub_data);
  command->add_option("file", o->file, "The catalogue")
      ->type_name("FILE")
      ->required();
  command->add_flag("--skip-bad", o->skip_bad,
                    "Import the other rows, and list the broken ones");
}

}  // namespace branchline::cli
