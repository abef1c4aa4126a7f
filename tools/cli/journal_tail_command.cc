#include <poll.h>

#include <CLI/CLI.hpp>
#include <deque>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "sync/journal/export.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "tools/cli/commands.h"
#include "tools/cli/data_dir.h"
#include "tools/cli/texts.h"

namespace branchline::cli {
namespace {

constexpr int kFollowMillis = 1'000;

struct TailOptions {
  std::string data;
  std::string stream;
  uint64_t lines = 10;
  bool follow = false;
  bool json = false;
};

std::string TailLine(absl::string_view stream, const v1::Record& record,
                     bool json) {
  if (json) return ExportRecord(stream, record, {});
  v1::Event event;
  const bool readable = event.ParseFromString(record.payload());
  return absl::StrCat(
      stream, " ", record.epoch(), "/", record.seq(), "  ",
      TimeText(event.recorded_at_unix_micros()), "  ",
      readable ? EventText(event) : "an event that cannot be read");
}

// Prints the last `lines` records of `stream`, and returns where it ends.
absl::StatusOr<Cursor> PrintLast(const Store& store, const std::string& stream,
                                 const TailOptions& options, Run& run) {
  const std::string prefix = RecordKey(stream, 0, 0);
  const absl::string_view start(prefix.data(), prefix.size() - 16);
  std::string end = PrefixEnd(start);
  std::deque<std::string> lines;
  BL_ASSIGN_OR_RETURN(const Cursor head, ReadHead(store, stream));
  while (lines.size() < options.lines) {
    BL_ASSIGN_OR_RETURN(const auto last,
                        store.Last(branchline::Table::kJournal, start, end));
    if (!last.has_value()) break;
    v1::Record record;
    if (!record.ParseFromString(last->second)) {
      return absl::DataLossError(
          absl::StrCat("a record of ", stream, " cannot be read"));
    }
    lines.push_front(TailLine(stream, record, options.json));
    end = last->first;
  }
  for (const std::string& line : lines) run.out << line << "\n";
  return head;
}

absl::StatusOr<Cursor> PrintNew(const Store& store, const std::string& stream,
                                const Cursor& after, const TailOptions& options,
                                Run& run) {
  Cursor end = after;
  BL_RETURN_IF_ERROR(
      ForEachRecord(store, stream, after, [&](const v1::Record& record) {
        run.out << TailLine(stream, record, options.json) << "\n";
        end = CursorOf(record);
        return absl::OkStatus();
      }));
  return end;
}

absl::Status Tail(const TailOptions& options, Run& run) {
  std::map<std::string, Cursor> ends;
  bool first = true;
  do {
    // A read-only ledger shows the moment it was opened at: look again.
    BL_ASSIGN_OR_RETURN(const auto store, OpenLedgerToRead(options.data));
    std::vector<std::string> streams = {options.stream};
    if (options.stream.empty()) {
      BL_ASSIGN_OR_RETURN(streams, ListStreams(*store));
    }
    for (const std::string& stream : streams) {
      const auto known = ends.find(stream);
      BL_ASSIGN_OR_RETURN(
          ends[stream],
          known == ends.end() && first
              ? PrintLast(*store, stream, options, run)
              : PrintNew(*store, stream, ends[stream], options, run));
    }
    if (first && !options.stream.empty() && ends[options.stream] == Cursor()) {
      return absl::NotFoundError(
          absl::StrCat("there is no stream '", options.stream, "' here"));
    }
    first = false;
    run.out.flush();
    // Ctrl-C ends the command; a reader that went away, too.
    if (options.follow) poll(nullptr, 0, kFollowMillis);
  } while (options.follow && run.out.good());
  return absl::OkStatus();
}

}  // namespace

void AddJournalTailCommand(CLI::App& group, Run& run) {
  const auto o = std::make_shared<TailOptions>();
  CLI::App* command = AddCommand(
      group,
      {"tail",
       "The last records of each stream, one a line: stream, epoch/number, "
       "when, and what it is. With --follow also those that come, until "
       "Ctrl-C.",
       "  branchline journal tail --data /var/lib/branchline --lines 20\n"
       "  branchline journal tail --data hub --stream edge:S014 --follow\n"},
      {ExitCode::kDamaged}, run, [o, &run] { return Tail(*o, run); });
  AddData(command, &o->data);
  command->add_option("--stream", o->stream, "Only this one. Default: all")
      ->type_name("STREAM");
  command->add_option("-n,--lines", o->lines, "Of each stream. Default: 10")
      ->check(CLI::Range(1, 100'000));
  command->add_flag("--follow", o->follow, "Go on with what comes");
  command->add_flag("--json", o->json, "As 'journal export' prints records");
}

}  // namespace branchline::cli
