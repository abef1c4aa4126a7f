#include "sync/journal/rebuild.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "branchline/v1/replication.pb.h"
#include "sync/base/bytes.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/journal/record.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr size_t kRebuildCommitBytes = 4 << 20;

absl::Status WriteVersion(Store* store) {
  WriteSet writes;
  std::string version;
  AppendU64(&version, kProjectionVersion);
  writes.Put(Table::kDocs, std::string(kProjectionVersionKey), version);
  writes.Delete(Table::kJournal, std::string(kBooksEndKey));
  return store->Commit(writes);
}

absl::StatusOr<uint64_t> ReadVersion(const Store& store) {
  BL_ASSIGN_OR_RETURN(const auto bytes,
                      store.Get(Table::kDocs, kProjectionVersionKey));
  if (!bytes.has_value() || bytes->size() != 8) return uint64_t{0};
  return U64FromBytes(*bytes);
}

// Rows of the snapshot a stream started from, then its records.
absl::StatusOr<uint64_t> FoldStream(Store* store, const std::string& stream) {
  Effects effects;
  size_t pending_bytes = 0;
  const auto flush = [&]() -> absl::Status {
    WriteSet writes;
    writes.Take(effects);
    effects = Effects();
    pending_bytes = 0;
    return store->CommitUnsynced(writes);
  };

  BL_ASSIGN_OR_RETURN(const auto base,
                      store->Get(Table::kJournal, SnapshotBaseKey(stream)));
  Cursor after;
  if (base.has_value()) {
    v1::Position position;
    if (!position.ParseFromString(*base)) {
      return absl::DataLossError(
          absl::StrCat("the position of ", stream, "'s snapshot is damaged"));
    }
    after = FromProto(position);
    // Of the one that was installed whole; the next may be half here.
    const std::string prefix = SnapshotChunksAt(stream, after);
    absl::Status damaged;
    BL_RETURN_IF_ERROR(
        store->Scan(Table::kJournal, prefix, PrefixEnd(prefix),
                    [&](absl::string_view, absl::string_view value) {
                      v1::SnapshotChunk chunk;
                      if (!chunk.ParseFromArray(
                              value.data(), static_cast<int>(value.size()))) {
                        damaged = absl::DataLossError(absl::StrCat(
                            "a snapshot chunk of ", stream, " is damaged"));
                        return false;
                      }
                      for (const v1::SnapshotRow& row : chunk.rows()) {
                        effects.puts[row.key()] = row.value();
                      }
                      return true;
                    }));
    BL_RETURN_IF_ERROR(damaged);
    BL_RETURN_IF_ERROR(flush());
  }
  uint64_t records = 0;
  BL_RETURN_IF_ERROR(ForEachRecord(
      *store, stream, after, [&](const v1::Record& record) -> absl::Status {
        BL_RETURN_IF_ERROR(FoldRecord(*store, stream, record, &effects));
        ++records;
        pending_bytes += record.payload().size();
        return pending_bytes > kRebuildCommitBytes ? flush() : absl::OkStatus();
      }));
  BL_RETURN_IF_ERROR(flush());
  return records;
}

// Whether the event had seen more of what the hub grants its writer than the
// node holds.
absl::StatusOr<bool> SawMore(EndReader ends, absl::string_view writer,
                             const v1::Event& event) {
  const std::string stream = BranchStream(writer);
  for (const v1::Seen& seen : event.seen()) {
    if (seen.stream() != stream) continue;
    BL_ASSIGN_OR_RETURN(const Cursor head, ends(stream));
    return head.IsBefore({seen.epoch(), seen.seq(), ""});
  }
  return false;
}

}  // namespace

absl::Status FoldEvent(BalanceReader balances, EndReader ends,
                       const RecordAt& at, const v1::Event& event,
                       Effects* pending) {
  BL_ASSIGN_OR_RETURN(const std::string writer, WriterOf(at.stream));
  absl::Status allowed = CheckPostings(writer, event);
  bool floors = allowed.ok() && DebitsFloored(event);
  if (floors) {
    BL_ASSIGN_OR_RETURN(const bool saw_more, SawMore(ends, writer, event));
    floors = !saw_more;
  }
  if (floors) {
    absl::Status unreadable;
    allowed = CheckFloors(
        event,
        [&](const v1::Account& account,
            absl::string_view unit) -> absl::StatusOr<int64_t> {
          const std::string key = books::Balance(account.owner(), unit);
          auto cell = balances(account.owner(), unit);
          if (!cell.ok()) {
            unreadable = cell.status();
            return unreadable;
          }
          const auto more = pending->cells.find(key);
          if (more != pending->cells.end()) cell->Merge(more->second);
          return Narrow(cell->Get(AccountField(account)), unit);
        });
    BL_RETURN_IF_ERROR(unreadable);
  }
  if (allowed.ok()) allowed = Fold(at, event, pending);
  if (!allowed.ok()) FoldAside(at, allowed.message(), pending);
  return absl::OkStatus();
}

absl::Status FoldRecord(BalanceReader balances, EndReader ends,
                        absl::string_view stream, const v1::Record& record,
                        Effects* pending) {
  const RecordAt at{stream, record.epoch(), record.seq(), &record.parts()};
  v1::Event event;
  if (!event.ParseFromString(record.payload())) {
    FoldAside(at, "its bytes are no event that this program can read", pending);
    return absl::OkStatus();
  }
  return FoldEvent(balances, ends, at, event, pending);
}

absl::Status FoldRecord(const Store& store, absl::string_view stream,
                        const v1::Record& record, Effects* pending) {
  return FoldRecord(
      [&](absl::string_view owner, absl::string_view unit) {
        return ReadCell(store, books::Balance(owner, unit));
      },
      [&](const std::string& end) { return ReadHead(store, end); }, stream,
      record, pending);
}

namespace {

// What a record that was folded before did: whether it counts was decided then
// and stands in docs.
absl::Status FoldAgain(const Store& store, absl::string_view stream,
                       absl::string_view bytes, Effects* effects) {
  v1::Record record;
  v1::Event event;
  const bool parsed =
      record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  BL_ASSIGN_OR_RETURN(
      const auto listed,
      store.Get(Table::kDocs,
                docs::Exception(stream, record.epoch(), record.seq())));
  if (listed.has_value() && absl::StartsWith(*listed, kAsidePrefix)) {
    return absl::OkStatus();
  }
  if (!parsed || !event.ParseFromString(record.payload())) {
    return absl::DataLossError(
        absl::StrCat("a record of ", stream, " in the journal is damaged"));
  }
  return Fold({stream, record.epoch(), record.seq(), &record.parts()}, event,
              effects);
}

// Lists the commands of the records that the index may lack, counted or not.
absl::Status IndexCommands(Store* store) {
  BL_ASSIGN_OR_RETURN(const auto end, ReadBooksEnd(*store));
  if (!end.has_value()) return absl::OkStatus();
  WriteSet writes;
  BL_RETURN_IF_ERROR(store->Scan(
      Table::kJournal, RecordKey(end->stream(), end->epoch(), end->seq() + 1),
      RecordKey(end->stream(), ~uint64_t{0}, ~uint64_t{0}),
      [&](absl::string_view, absl::string_view bytes) {
        v1::Record record;
        v1::Event event;
        if (record.ParseFromArray(bytes.data(),
                                  static_cast<int>(bytes.size())) &&
            event.ParseFromString(record.payload()) &&
            !event.command_id().empty()) {
          writes.Put(Table::kLocal, CommandKey(event.command_id()),
                     CommandPlace(record.epoch(), record.seq()));
        }
        return true;
      }));
  return writes.empty() ? absl::OkStatus() : store->Commit(writes);
}

}  // namespace

absl::StatusOr<RebuildResult> Rebuild(Store* store) {
  BL_RETURN_IF_ERROR(IndexCommands(store));
  // Then the version goes: a start after a power cut begins again.
  WriteSet begun;
  begun.Delete(Table::kDocs, std::string(kProjectionVersionKey));
  BL_RETURN_IF_ERROR(store->Commit(begun));
  BL_RETURN_IF_ERROR(store->Clear(Table::kDocs));
  BL_RETURN_IF_ERROR(store->Clear(Table::kBooks));
  BL_ASSIGN_OR_RETURN(std::vector<std::string> streams, ListStreams(*store));
  // The hub's first: its grants come before what branches spend of them.
  std::stable_partition(
      streams.begin(), streams.end(),
      [](const std::string& s) { return !absl::StartsWith(s, "edge:"); });
  RebuildResult result;
  result.rebuilt = true;
  for (const std::string& stream : streams) {
    BL_ASSIGN_OR_RETURN(const uint64_t records, FoldStream(store, stream));
    result.records += records;
  }
  BL_RETURN_IF_ERROR(store->AlignCommitNumbers());
  BL_RETURN_IF_ERROR(WriteVersion(store));
  return result;
}

namespace {

// Adds what the last records of the node's own stream did and the disk lacks.
absl::StatusOr<RebuildResult> CatchUp(Store* store) {
  BL_ASSIGN_OR_RETURN(const auto end, ReadBooksEnd(*store));
  RebuildResult result;
  if (!end.has_value()) return result;
  Effects effects;
  absl::Status folded;
  BL_RETURN_IF_ERROR(store->Scan(
      Table::kJournal, RecordKey(end->stream(), end->epoch(), end->seq() + 1),
      RecordKey(end->stream(), ~uint64_t{0}, ~uint64_t{0}),
      [&](absl::string_view, absl::string_view bytes) {
        folded = FoldAgain(*store, end->stream(), bytes, &effects);
        ++result.records;
        return folded.ok();
      }));
  BL_RETURN_IF_ERROR(folded);
  BL_RETURN_IF_ERROR(IndexCommands(store));
  WriteSet writes;
  writes.TakeCells(effects);
  writes.TakePuts(effects, docs::MayLag);
  writes.Delete(Table::kJournal, std::string(kBooksEndKey));
  BL_RETURN_IF_ERROR(store->Commit(writes));
  result.caught_up = result.records > 0;
  return result;
}

}  // namespace

absl::StatusOr<std::optional<v1::Seen>> ReadBooksEnd(const Store& store) {
  BL_ASSIGN_OR_RETURN(const auto bytes,
                      store.Get(Table::kJournal, kBooksEndKey));
  if (!bytes.has_value()) return std::optional<v1::Seen>();
  std::optional<v1::Seen> end(std::in_place);
  if (!end->ParseFromString(*bytes)) {
    return absl::DataLossError("where the books end in the journal is damaged");
  }
  return end;
}

absl::StatusOr<bool> ProjectionsAreCurrent(const Store& store) {
  BL_ASSIGN_OR_RETURN(const CommitNumbers numbers, store.ReadCommitNumbers());
  const uint64_t last =
      *std::max_element(numbers.found.begin(), numbers.found.end());
  if (last == 0) return true;
  BL_ASSIGN_OR_RETURN(const uint64_t version, ReadVersion(store));
  return numbers.Agree() && version == kProjectionVersion;
}

absl::StatusOr<RebuildResult> RebuildIfNeeded(Store* store) {
  BL_ASSIGN_OR_RETURN(const CommitNumbers numbers, store->ReadCommitNumbers());
  const uint64_t last =
      *std::max_element(numbers.found.begin(), numbers.found.end());
  if (last == 0) {
    BL_RETURN_IF_ERROR(WriteVersion(store));
    return RebuildResult{};
  }
  const auto lost = [](absl::string_view what, uint64_t found,
                       uint64_t wanted) {
    return absl::DataLossError(absl::StrCat(
        what, " ends at commit ", found, " of ", wanted,
        ": the disk lost what had been written. Nothing is served from it. "
        "Keep the disk, and rebuild the branch with 'branchline edge "
        "recover'"));
  };
  constexpr auto kJournalAt = static_cast<size_t>(Table::kJournal);
  constexpr auto kLocalAt = static_cast<size_t>(Table::kLocal);
  if (numbers.found[kJournalAt] < last) {
    return lost("the journal", numbers.found[kJournalAt], last);
  }
  if (numbers.found[kLocalAt] != numbers.wanted[kLocalAt]) {
    return lost("the local table", numbers.found[kLocalAt],
                numbers.wanted[kLocalAt]);
  }
  BL_ASSIGN_OR_RETURN(const uint64_t version, ReadVersion(*store));
  if (!numbers.Agree() || version != kProjectionVersion) return Rebuild(store);
  return CatchUp(store);
}

}  // namespace branchline
