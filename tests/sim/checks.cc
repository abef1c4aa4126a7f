#include "tests/sim/checks.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "sync/base/bytes.h"
#include "sync/base/check.h"
#include "sync/journal/journal.h"
#include "sync/journal/rebuild.h"
#include "sync/journal/verify.h"
#include "sync/ledger/account_rules.h"
#include "sync/ledger/cell.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

using Rows = std::map<std::string, std::string>;

// Makes `copy` what the next start would leave: it lacks nothing that lags.
void CatchUp(const MemoryStore& disk, MemoryStore* copy) {
  copy->Restore(disk.Image());
  const auto caught_up = RebuildIfNeeded(copy);
  BL_CHECK(caught_up.ok() && !caught_up->rebuilt,
           "a simulated disk loses no table");
}

// A cell that came to nothing may be there or not.
Rows BooksOf(const MemoryStore& disk) {
  MemoryStore copy;
  CatchUp(disk, &copy);
  Rows rows;
  for (auto& [key, value] : copy.Dump(Table::kBooks)) {
    if (!value.empty()) rows[key] = value;
  }
  return rows;
}

std::string Printable(absl::string_view key) {
  std::string text;
  for (const char c : key) {
    if (c >= ' ' && c <= '~') {
      text.push_back(c);
    } else {
      absl::StrAppend(&text, "\\", static_cast<int>(static_cast<uint8_t>(c)));
    }
  }
  return text;
}

// Names the first key on which two sets of rows differ; empty: none.
std::string Difference(const Rows& a, const Rows& b) {
  for (const auto& [key, value] : a) {
    const auto it = b.find(key);
    if (it == b.end()) return absl::StrCat(Printable(key), " is in one only");
    if (it->second != value) {
      return absl::StrCat(Printable(key), " is ", Hex(value), " and ",
                          Hex(it->second));
    }
  }
  for (const auto& [key, value] : b) {
    if (a.count(key) == 0) {
      return absl::StrCat(Printable(key), " is in the other only");
    }
  }
  return std::string();
}

uint64_t ForgedIn(const SimOutsider& outsider, const MemoryStore& disk,
                  const std::string& stream) {
  uint64_t forged = 0;
  const absl::Status read = ForEachRecord(
      disk, stream, Cursor(), [&](const v1::Record& record) -> absl::Status {
        v1::Event event;
        if (event.ParseFromString(record.payload()) &&
            outsider.forged().count(event.command_id()) > 0) {
          ++forged;
        }
        return absl::OkStatus();
      });
  return read.ok() ? forged : 0;
}

}  // namespace

void CheckBooks(SimContext* context, absl::string_view node,
                const MemoryStore& disk, bool floors) {
  std::map<std::string, __int128> sums;
  const absl::Status scanned = disk.Scan(
      Table::kBooks, "b", "c",
      [&](absl::string_view key, absl::string_view value) {
        const auto place = books::ParseBalanceKey(key);
        Cell cell;
        if (!place.ok() || !Cell::Decode(value, &cell).ok()) {
          context->Violate("balance", node, " has a damaged cell");
          return false;
        }
        for (const auto& [field, amount] : cell.fields()) {
          sums[place->unit] += amount;
          if (amount >= 0 || !floors ||
              !IsFloored(static_cast<v1::AccountKind>(
                  static_cast<uint8_t>(field[0])))) {
            continue;
          }
          context->Violate("floor", node, ": an account of ", place->owner,
                           " is below zero in ", place->unit);
        }
        return true;
      });
  if (!scanned.ok()) context->Violate("balance", scanned.ToString());
  for (const auto& [unit, sum] : sums) {
    if (sum != 0) {
      context->Violate("balance", node, ": all accounts of ", unit,
                       " do not sum to zero");
    }
  }
}

// A snapshot that is coming in sets registers before the cursor moves.
bool HalfInstalled(const MemoryStore& disk) {
  bool half = false;
  const absl::Status read = disk.Scan(
      Table::kJournal, "s", "t",
      [&](absl::string_view, absl::string_view value) {
        v1::SnapshotChunk chunk;
        chunk.ParseFromArray(value.data(), static_cast<int>(value.size()));
        const auto base =
            disk.Get(Table::kJournal, SnapshotBaseKey(chunk.stream()));
        half |= !base.ok() || !base->has_value() ||
                **base != chunk.at().SerializeAsString();
        return true;
      });
  return half || !read.ok();
}

void CheckReplay(SimContext* context, absl::string_view node,
                 const MemoryStore& disk) {
  MemoryStore copy;
  copy.Restore(disk.Image());
  const Rows books = BooksOf(disk);
  MemoryStore caught_up;
  CatchUp(disk, &caught_up);
  const auto docs_list = caught_up.Dump(Table::kDocs);
  const Rows docs(docs_list.begin(), docs_list.end());
  const auto rebuilt = Rebuild(&copy);
  if (!rebuilt.ok()) {
    context->Violate("replay", node, ": ", rebuilt.status().ToString());
    return;
  }
  const std::string books_differ = Difference(books, BooksOf(copy));
  if (!books_differ.empty()) {
    context->Violate("replay", node,
                     ", books and their replay: ", books_differ);
  }
  const auto again = copy.Dump(Table::kDocs);
  const std::string docs_differ =
      Difference(docs, Rows(again.begin(), again.end()));
  if (!docs_differ.empty() && !HalfInstalled(disk)) {
    context->Violate("replay", node, ", docs and their replay: ", docs_differ);
  }
}

void CheckVerify(SimContext* context, const SimOutsider& outsider,
                 absl::string_view node, const MemoryStore& disk) {
  const auto report = VerifyJournal(disk, {SimHub::PublicKey(), ""});
  if (!report.ok()) {
    context->Violate("verify", node, ": ", report.status().ToString());
    return;
  }
  for (const StreamVerdict& stream : report->streams) {
    const uint64_t forged = ForgedIn(outsider, disk, stream.stream);
    const bool as_forged =
        stream.faults.count == forged &&
        (forged == 0 ||
         absl::StrContains(stream.faults.first, "moves what it may not"));
    if (!as_forged) {
      context->Violate("verify", node, ", ", stream.stream, ": ",
                       stream.faults.count, " faults, ", forged,
                       " forged: ", stream.faults.first);
    }
  }
  if (report->docs.faults.count > 0) {
    context->Violate("verify", node, ", docs: ", report->docs.faults.first);
  }
  if (report->books.faults.count > 0) {
    context->Violate("verify", node, ", books: ", report->books.faults.first);
  }
}

void CheckAcked(SimChain* chain) {
  const auto& all = chain->context.healing && chain->hub.running()
                        ? chain->network.acked_ever()
                        : chain->network.acked();
  for (const auto& [branch, acked] : all) {
    const auto record =
        ReadRecord(chain->hub.disk, EdgeStream(branch), acked.epoch, acked.seq);
    if (acked.seq == 0) continue;
    if (!record.ok() || record->hash() != acked.hash) {
      chain->context.Violate("acked", "the hub acked ", branch, " to ",
                             ToText(acked), " and does not have it");
    }
  }
}

void CheckSame(SimChain* chain) {
  SimContext& context = chain->context;
  const Rows hub_books = BooksOf(chain->hub.disk);
  for (const auto& branch : chain->branches) {
    const SimBox* const box = chain->Live(*branch);
    if (box == nullptr) {
      context.Violate("drain", branch->code, " has no box that sells");
      continue;
    }
    for (const std::string& stream :
         {EdgeStream(branch->code), BranchStream(branch->code),
          std::string(kChainStream)}) {
      const auto ours = ReadHead(chain->hub.disk, stream);
      const auto theirs = ReadHead(box->disk, stream);
      if (!ours.ok() || !theirs.ok() || *ours != *theirs) {
        context.Violate("drain", stream, " ends elsewhere at the hub than at ",
                        box->name);
      }
    }
    Rows at_hub;
    Rows at_box;
    const Rows box_books = BooksOf(box->disk);
    const auto keep = [&](const Rows& all, Rows* own) {
      for (const auto& [key, value] : all) {
        const std::string owner = absl::StrCat(key.substr(0, 1), branch->code,
                                               absl::string_view("\0", 1));
        if (absl::StartsWith(key, owner)) (*own)[key] = value;
      }
    };
    keep(hub_books, &at_hub);
    keep(box_books, &at_box);
    const std::string differ = Difference(at_hub, at_box);
    if (!differ.empty()) {
      context.Violate("same-books", "hub and ", box->name, ": ", differ);
    }
  }
}

}  // namespace branchline
