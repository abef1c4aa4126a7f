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
constexpr absl::string_view kVersionKey = "!projections";

absl::Status WriteVersion(Store* store) {
  WriteSet writes;
  std::string version;
  AppendU64(&version, kProjectionVersion);
  writes.Put(Table::kDocs, std::string(kVersionKey), version);
  return store->Commit(writes);
}

absl::StatusOr<uint64_t> ReadVersion(const Store& store) {
  BL_ASSIGN_OR_RETURN(const auto bytes, store.Get(Table::kDocs, kVersionKey));
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

  const std::string chunks = SnapshotChunkKey(stream, 0);
  const absl::string_view prefix(chunks.data(), chunks.size() - 8);
  absl::Status damaged;
  BL_RETURN_IF_ERROR(
      store->Scan(Table::kJournal, prefix, PrefixEnd(prefix),
                  [&](absl::string_view, absl::string_view value) {
                    v1::SnapshotChunk chunk;
                    if (!chunk.ParseFromArray(value.data(),
                                              static_cast<int>(value.size()))) {
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

absl::Status FoldEvent(const Store& store, const RecordAt& at,
                       const v1::Event& event, Effects* pending) {
  return FoldEvent(
      [&](absl::string_view owner, absl::string_view unit) {
        return ReadCell(store, books::Balance(owner, unit));
      },
      [&](const std::string& stream) { return ReadHead(store, stream); }, at,
      event, pending);
}

absl::Status FoldRecord(const Store& store, absl::string_view stream,
                        const v1::Record& record, Effects* pending) {
  const RecordAt at{stream, record.epoch(), record.seq()};
  v1::Event event;
  if (!event.ParseFromString(record.payload())) {
    FoldAside(at, "its bytes are no event that this program can read", pending);
    return absl::OkStatus();
  }
  return FoldEvent(store, at, event, pending);
}

absl::StatusOr<RebuildResult> Rebuild(Store* store) {
  BL_RETURN_IF_ERROR(store->Clear(Table::kBooks));
  BL_RETURN_IF_ERROR(store->Clear(Table::kDocs));
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
  BL_RETURN_IF_ERROR(WriteVersion(store));
  return result;
}

absl::StatusOr<RebuildResult> RebuildIfNeeded(Store* store) {
  BL_ASSIGN_OR_RETURN(const auto numbers, store->CommitNumbers());
  const uint64_t journal = numbers[static_cast<size_t>(Table::kJournal)];
  const uint64_t local = numbers[static_cast<size_t>(Table::kLocal)];
  const uint64_t ahead = *std::max_element(numbers.begin(), numbers.end());
  if (ahead == 0) {
    BL_RETURN_IF_ERROR(WriteVersion(store));
    return RebuildResult{};
  }
  if (journal < ahead || local < ahead) {
    return absl::DataLossError(absl::StrCat(
        journal < ahead ? "the journal" : "the local table", " ends at commit ",
        std::min(journal, local), " of ", ahead,
        ": the disk lost what had been written. Nothing is served from it. "
        "Keep the disk, and rebuild the branch with 'branchline edge "
        "recover'"));
  }
  const bool behind =
      std::any_of(numbers.begin(), numbers.end(),
                  [&](uint64_t number) { return number != ahead; });
  BL_ASSIGN_OR_RETURN(const uint64_t version, ReadVersion(*store));
  if (!behind && version == kProjectionVersion) return RebuildResult{};
  return Rebuild(store);
}

}  // namespace branchline
