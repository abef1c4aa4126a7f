#include <fstream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/export.h"
#include "sync/journal/journal.h"
#include "sync/journal/json_string.h"
#include "sync/journal/verify.h"
#include "tools/cli/commands.h"
#include "tools/cli/data_dir.h"

namespace branchline::cli {
namespace {

struct JournalOptions {
  std::string data;
  std::string stream;
  std::string hub_key;
  std::string from;
  bool parts = false;
  Format format = Format::kTable;
};

absl::StatusOr<std::string> HubKey(const JournalOptions& options) {
  if (options.hub_key.empty()) return ReadHubPublicKey(options.data);
  const auto key = ParseHubKey(options.hub_key);
  return key.ok() ? key : UsageError(key.status().message());
}

std::string ResultOf(const Faults& faults) {
  if (faults.count == 0) return "whole";
  return absl::StrCat(faults.count, faults.count == 1 ? " fault" : " faults");
}

Table StreamTable(const VerifyReport& report, bool for_people) {
  std::vector<Column> columns = {{"stream", "stream"},
                                 {"records", "records", Kind::kCount},
                                 {"epochs", "epochs", Kind::kCount},
                                 {"checkpoints", "signed", Kind::kCount},
                                 {"unsigned_records", "unsigned", Kind::kCount},
                                 {"aside", "aside", Kind::kCount},
                                 {"newer", "newer", Kind::kCount},
                                 {"erased_parts", "erased", Kind::kCount},
                                 {"result", "result"}};
  if (!for_people) {
    columns.push_back({"faults", "", Kind::kCount});
    columns.push_back({"first_fault", ""});
    columns.push_back({"end", ""});
    columns.push_back({"end_hash", ""});
  }
  Table table(std::move(columns));
  for (const StreamVerdict& s : report.streams) {
    std::vector<Value> row = {s.stream,
                              Value::Count(s.records),
                              Value::Count(s.epochs),
                              Value::Count(s.checkpoints),
                              Value::Count(s.unsigned_records),
                              Value::Count(s.aside),
                              Value::Count(s.newer),
                              Value::Count(s.erased_parts),
                              ResultOf(s.faults)};
    if (!for_people) {
      row.push_back(Value::Count(s.faults.count));
      row.push_back(s.faults.first);
      row.push_back(absl::StrCat(s.end.epoch, "/", s.end.seq));
      row.push_back(Hex(s.end.hash));
    }
    table.Add(std::move(row));
  }
  return table;
}

std::string BooksText(const BooksVerdict& books) {
  if (books.faults.count > 0) return ResultOf(books.faults);
  if (!books.compared) return absl::StrCat("not compared: ", books.why_not);
  return absl::StrCat("equal to the journal's sums in all ", books.cells,
                      " cells",
                      books.cells_of_unknown_kind == 0
                          ? ""
                          : absl::StrCat("; ", books.cells_of_unknown_kind,
                                         " of an unknown kind not checked"));
}

std::string DocsText(const DocsVerdict& docs) {
  if (docs.faults.count > 0) return ResultOf(docs.faults);
  if (!docs.compared) return absl::StrCat("not compared: ", docs.why_not);
  return absl::StrCat("as the journal says in all ", docs.rows, " rows",
                      docs.rows_of_unknown_kind == 0
                          ? ""
                          : absl::StrCat("; ", docs.rows_of_unknown_kind,
                                         " of an unknown kind not checked"));
}

void PrintFaults(const VerifyReport& report, std::ostream& out) {
  for (const StreamVerdict& s : report.streams) {
    if (s.faults.count > 0) out << s.stream << ": " << s.faults.first << "\n";
  }
  if (report.books.faults.count > 0) {
    out << "books: " << report.books.faults.first << "\n";
  }
  if (report.docs.faults.count > 0) {
    out << "docs: " << report.docs.faults.first << "\n";
  }
  if (report.disk.count > 0) out << "disk: " << report.disk.first << "\n";
}

void PrintReport(const VerifyReport& report, Format format, Run& run) {
  const Table table = StreamTable(report, format == Format::kTable);
  if (format == Format::kJson) {
    const BooksVerdict& books = report.books;
    const DocsVerdict& docs = report.docs;
    run.out << "{\"streams\": " << table.Json()
            << ",\n\"books\": {\"compared\": "
            << (books.compared ? "true" : "false")
            << ", \"cells\": " << books.cells
            << ", \"faults\": " << books.faults.count
            << ", \"first_fault\": " << JsonString(books.faults.first)
            << "},\n\"docs\": {\"compared\": "
            << (docs.compared ? "true" : "false") << ", \"rows\": " << docs.rows
            << ", \"faults\": " << docs.faults.count
            << ", \"first_fault\": " << JsonString(docs.faults.first)
            << "},\n\"whole\": " << (report.ok() ? "true" : "false") << "}\n";
    return;
  }
  table.Print(format, "the ledger is empty", run.out);
  if (format != Format::kTable) return;
  run.out << "\nbooks: " << BooksText(report.books) << "\n";
  run.out << "docs: " << DocsText(report.docs) << "\n";
  PrintFaults(report, run.out);
}

absl::Status Verify(const JournalOptions& options, Run& run) {
  VerifyOptions verify;
  verify.stream = options.stream;
  BL_ASSIGN_OR_RETURN(verify.hub_public_key, HubKey(options));
  BL_ASSIGN_OR_RETURN(const auto store, OpenLedgerToRead(options.data));
  BL_ASSIGN_OR_RETURN(const VerifyReport report, VerifyJournal(*store, verify));
  PrintReport(report, options.format, run);
  if (report.ok()) return absl::OkStatus();
  if (options.format != Format::kTable) PrintFaults(report, run.err);
  return absl::DataLossError(absl::StrCat(
      "the ledger in ", options.data,
      " is not as it was written: keep the disk as it is, and compare with "
      "the other copy of the journal (the hub has every branch's, each branch "
      "has what it pulled)"));
}

// "5", or "2/5" for an epoch: the first record to show.
absl::StatusOr<Cursor> AfterOf(const std::string& from) {
  Cursor after;
  if (from.empty()) return after;
  const std::vector<std::string> parts = absl::StrSplit(from, '/');
  const bool epoch = parts.size() == 2;
  uint64_t seq = 0;
  if (parts.size() > 2 || !absl::SimpleAtoi(parts.back(), &seq) || seq == 0 ||
      (epoch &&
       (!absl::SimpleAtoi(parts[0], &after.epoch) || after.epoch == 0))) {
    return UsageError(absl::StrCat("--from '", from,
                                   "' is no position: want a record's number, "
                                   "57, or epoch and number, 2/57"));
  }
  after.seq = seq - 1;
  return after;
}

absl::Status Export(const JournalOptions& options, Run& run) {
  BL_ASSIGN_OR_RETURN(const Cursor after, AfterOf(options.from));
  if (!options.from.empty() && options.stream.empty()) {
    return UsageError("--from needs the --stream whose position it is");
  }
  BL_ASSIGN_OR_RETURN(const auto store, OpenLedgerToRead(options.data));
  // Without a key the chain of hashes can still be checked.
  const auto key = HubKey(options);
  if (!key.ok() && !absl::IsNotFound(key.status())) return key.status();
  std::vector<std::string> streams = {options.stream};
  if (options.stream.empty()) {
    BL_ASSIGN_OR_RETURN(streams, ListStreams(*store));
  }
  run.out << ExportHeader(key.ok() ? *key : "") << "\n";
  for (const std::string& stream : streams) {
    BL_RETURN_IF_ERROR(ExportStream(*store, stream, after,
                                    {.with_parts = options.parts},
                                    [&](const std::string& line) {
                                      run.out << line << "\n";
                                      return run.out.good();
                                    }));
    if (!run.out.good()) break;
  }
  run.out.flush();
  if (!run.out.good()) {
    return absl::ResourceExhaustedError(
        "the export could not be written whole: is the disk full, or did the "
        "reader stop?");
  }
  return absl::OkStatus();
}

}  // namespace

void AddJournalTailCommand(CLI::App& group, Run& run);

void AddJournalCommands(CLI::App& app, Run& run) {
  CLI::App* group =
      AddGroup(app, "journal", "A box's or a hub's journal, read and checked");

  auto o = std::make_shared<JournalOptions>();
  CLI::App* command = AddCommand(
      *group,
      {"verify",
       "Reads the ledger with a reader of its own: hashes every record anew, "
       "checks that none is missing, who granted and signed what, and that "
       "nobody moved what is another's; then sums all books again from the "
       "payloads, makes every row and register of the docs again, and compares "
       "both. Writes nothing; the daemon may run meanwhile.",
       "  branchline journal verify --data /var/lib/branchline\n"
       "  branchline journal verify --data /var/lib/branchline-hub \\\n"
       "      --stream edge:S014\n"},
      {ExitCode::kDamaged}, run, [o, &run] { return Verify(*o, run); });
  AddData(command, &o->data);
  command
      ->add_option(
          "--stream", o->stream,
          "Only this one; books and docs are then not compared. Default: all")
      ->type_name("STREAM");
  command
      ->add_option(
          "--hub-key", o->hub_key,
          "The hub's public key, 64 hex digits, from a source that you "
          "trust. Default: the one in the data directory")
      ->type_name("HEX");
  AddFormat(command, &o->format);

  AddJournalTailCommand(*group, run);

  o = std::make_shared<JournalOptions>();
  command = AddCommand(
      *group,
      {"export",
       "Prints the journal as JSON lines, with what it takes to check the "
       "chain "
       "by a program of your own: docs/JOURNAL.md has the format and such a "
       "program. Detachable parts, which hold personal data, are left out.",
       "  branchline journal export --data /var/lib/branchline > chain.jsonl\n"
       "  branchline journal export --data hub --stream edge:S014 --from "
       "2/1\n"},
      {ExitCode::kDamaged, ExitCode::kNoSpace}, run,
      [o, &run] { return Export(*o, run); });
  AddData(command, &o->data);
  command->add_option("--stream", o->stream, "Only this one. Default: all")
      ->type_name("STREAM");
  command
      ->add_option(
          "--from", o->from,
          "The first record, 57 or 2/57 for epoch 2. Default: the first")
      ->type_name("POSITION");
  command
      ->add_option("--hub-key", o->hub_key,
                   "Written into the export's first line. Default: the one in "
                   "the data directory")
      ->type_name("HEX");
  command->add_flag("--parts", o->parts,
                    "With the detachable parts: names, PIN hashes");
}

}  // namespace branchline::cli
