#include "sync/journal/verify.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/identity/signing_key.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/verify_docs.h"
#include "sync/journal/verify_stream.h"
#include "sync/journal/verify_sums.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

// Streams by what they hold, and those of which only a checkpoint is left: a
// stream whose records were all taken away must not go unseen.
absl::StatusOr<std::vector<std::string>> StreamsOf(const Store& store) {
  BL_ASSIGN_OR_RETURN(std::vector<std::string> streams, ListStreams(store));
  BL_RETURN_IF_ERROR(store.Scan(
      Table::kJournal, "k", "l", [&](absl::string_view key, absl::string_view) {
        std::string stream(key.substr(1, key.find('\0') - 1));
        if (streams.empty() || streams.back() != stream) {
          streams.push_back(std::move(stream));
        }
        return true;
      }));
  std::sort(streams.begin(), streams.end());
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  return streams;
}

// Whether the books stand at the journal's end, so that comparing them means
// something. Adds a fault or a reason if not.
absl::StatusOr<bool> BooksAreCurrent(const Store& store,
                                     BooksVerdict* verdict) {
  BL_ASSIGN_OR_RETURN(const CommitNumbers numbers, store.ReadCommitNumbers());
  bool current = true;
  for (size_t i = 0; i < kTableCount; ++i) {
    const uint64_t found = numbers.found[i];
    const uint64_t wanted = numbers.wanted[i];
    if (found == wanted) continue;
    current = false;
    // The journal lacks what a table has that is ahead of it.
    const auto table = found < wanted ? static_cast<Table>(i) : Table::kJournal;
    verdict->faults.Add(
        absl::StrCat("the table ", TableName(table), " ends at commit ",
                     std::min(found, wanted), " of ", std::max(found, wanted),
                     ": the disk lost what had been written"));
  }
  BL_ASSIGN_OR_RETURN(const auto version,
                      store.Get(Table::kDocs, kProjectionVersionKey));
  if (!version.has_value()) {
    current = false;
    verdict->why_not =
        "they are being made again from the journal, or were when the power "
        "went: the daemon does it anew when it starts";
  } else if (version->size() == 8 &&
             U64FromBytes(*version) != kProjectionVersion) {
    current = false;
    verdict->why_not =
        absl::StrCat("written by another version of the program (books ",
                     U64FromBytes(*version), ", here ", kProjectionVersion,
                     "): the daemon makes them again when it starts");
  }
  return current;
}

// Reads everything once, whatever it is: the disk's own checksums tell damage
// where nothing else looks.
void ReadAll(const Store& store, Faults* disk) {
  for (size_t i = 0; i < kTableCount; ++i) {
    const auto table = static_cast<Table>(i);
    const absl::Status read =
        store.Scan(table, "", "",
                   [](absl::string_view, absl::string_view) { return true; });
    if (!read.ok()) disk->Add(std::string(read.message()));
  }
}

// Where the books end in `stream`, if before its own end.
std::optional<StreamVerifier::Place> EndIn(const std::optional<v1::Seen>& end,
                                           const std::string& stream) {
  if (!end.has_value() || end->stream() != stream) return std::nullopt;
  return StreamVerifier::Place(end->epoch(), end->seq());
}

}  // namespace

bool VerifyReport::ok() const {
  return books.faults.count == 0 && docs.faults.count == 0 &&
         std::all_of(
             streams.begin(), streams.end(),
             [](const StreamVerdict& s) { return s.faults.count == 0; });
}

absl::StatusOr<VerifyReport> VerifyJournal(const Store& store,
                                           const VerifyOptions& options) {
  if (options.hub_public_key.size() != kSigningPublicKeySize) {
    return absl::InvalidArgumentError(
        absl::StrCat("the hub's public key has ", options.hub_public_key.size(),
                     " bytes, want ", kSigningPublicKeySize));
  }
  BL_ASSIGN_OR_RETURN(const std::vector<std::string> streams, StreamsOf(store));
  VerifyReport report;
  ReadAll(store, &report.disk);
  VerifySums sums;
  VerifyDocs docs;
  const auto books_end = ReadBooksEnd(store);
  if (!books_end.ok()) return books_end.status();
  for (const std::string& stream : streams) {
    if (!options.stream.empty() && stream != options.stream) continue;
    const auto writer = WriterOf(stream);
    if (!writer.ok()) {
      StreamVerdict& verdict = report.streams.emplace_back();
      verdict.stream = stream;
      verdict.faults.Add(std::string(writer.status().message()));
      continue;
    }
    report.streams.push_back(
        StreamVerifier(store, stream, *writer, options.hub_public_key,
                       EndIn(*books_end, stream), &sums, &docs)
            .Run());
  }
  if (!options.stream.empty()) {
    if (report.streams.empty()) {
      return absl::NotFoundError(absl::StrCat(
          "there is no stream '", options.stream, "' here; there are ",
          streams.size(), (streams.empty() ? "" : ": "), [&] {
            std::string names;
            for (const std::string& name : streams) {
              absl::StrAppend(&names, names.empty() ? "" : ", ", name);
            }
            return names;
          }()));
    }
    report.books.why_not = "they are sums over all streams";
    report.docs.why_not = "they are of all streams";
    return report;
  }
  const auto current = BooksAreCurrent(store, &report.books);
  const absl::Status compared = !current.ok() ? current.status()
                                : *current ? sums.Compare(store, &report.books)
                                           : absl::OkStatus();
  if (!compared.ok()) report.books.faults.Add(std::string(compared.message()));
  if (current.ok() && *current) {
    const absl::Status as_said = docs.Compare(store, &report.docs);
    if (!as_said.ok()) report.docs.faults.Add(std::string(as_said.message()));
  } else {
    report.docs.why_not = report.books.why_not.empty()
                              ? "the tables do not end together"
                              : report.books.why_not;
  }
  return report;
}

}  // namespace branchline
