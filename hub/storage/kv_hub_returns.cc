// What came back at other branches than sold it; see kv_hub_store.h.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hub/storage/kv_hub_store.h"
#include "sync/base/status_macros.h"
#include "sync/journal/journal.h"
#include "sync/ledger/keys.h"

namespace branchline {
namespace {

constexpr int kLinesMax = 1'000;  // of a receipt

absl::Status ReadSale(const Store& store, ReturnedAway* away) {
  BL_ASSIGN_OR_RETURN(
      const auto row,
      store.Get(Table::kDocs, docs::Receipt(away->sold_by, away->receipt_no)));
  if (!row.has_value()) return absl::OkStatus();
  v1::ReceiptAt at;
  if (!at.ParseFromString(*row)) {
    return absl::DataLossError(
        absl::StrCat("the place of receipt ", away->receipt_no, " is damaged"));
  }
  BL_ASSIGN_OR_RETURN(
      const v1::Record record,
      ReadRecord(store, EdgeStream(away->sold_by), at.epoch(), at.seq()));
  v1::Event event;
  if (!event.ParseFromString(record.payload())) {
    return absl::DataLossError(
        absl::StrCat("receipt ", away->receipt_no, " cannot be read"));
  }
  if (event.has_late_record()) {
    const std::string original = event.late_record().record().payload();
    if (!event.ParseFromString(original)) {
      return absl::DataLossError("a late record cannot be read");
    }
  }
  away->epoch = at.epoch();
  away->seq = at.seq();
  if (event.has_sale()) away->sale = std::move(*event.mutable_sale());
  return absl::OkStatus();
}

absl::Status ReadReturned(const Store& store, const std::string& branch,
                          ReturnedAway* away) {
  BL_ASSIGN_OR_RETURN(
      const auto bytes,
      store.Get(Table::kBooks, books::Returned(branch, away->receipt_no)));
  if (!bytes.has_value()) return absl::OkStatus();
  Cell cell;
  BL_RETURN_IF_ERROR(Cell::Decode(*bytes, &cell));
  std::map<uint32_t, int64_t> lines;
  const int count = away->sale.has_value() ? away->sale->lines_size() : 0;
  for (int i = 0; i < std::min(count, kLinesMax); ++i) {
    const auto line = static_cast<uint32_t>(i);
    BL_ASSIGN_OR_RETURN(
        const int64_t milli,
        Narrow(cell.Get(books::ReturnedField(line)), "returned goods"));
    if (milli != 0) lines[line] = milli;
  }
  away->returned.emplace_back(branch, std::move(lines));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<ReturnedAway>> KvHubStore::ReadReturnedAway(
    absl::string_view branch, size_t max) const {
  // Keys of one receipt stand together.
  std::vector<std::pair<ReturnedAway, std::vector<std::string>>> found;
  absl::Status status;
  const std::string prefix = docs::AwayReturns();
  BL_RETURN_IF_ERROR(store_.Scan(
      Table::kDocs, prefix, PrefixEnd(prefix),
      [&](absl::string_view key, absl::string_view) {
        auto parts = docs::ParseAwayReturn(key);
        if (!parts.ok()) {
          status = parts.status();
          return false;
        }
        const bool same = !found.empty() &&
                          found.back().first.sold_by == parts->sold_by &&
                          found.back().first.receipt_no == parts->receipt_no;
        if (!same) {
          if (found.size() == max) return false;
          found.emplace_back();
          found.back().first.sold_by = parts->sold_by;
          found.back().first.receipt_no = parts->receipt_no;
          found.back().second.push_back(parts->sold_by);
        }
        found.back().second.push_back(std::move(parts->returned_at));
        return true;
      }));
  BL_RETURN_IF_ERROR(status);
  std::vector<ReturnedAway> all;
  for (auto& [away, branches] : found) {
    std::sort(branches.begin(), branches.end());
    branches.erase(std::unique(branches.begin(), branches.end()),
                   branches.end());
    if (!branch.empty() &&
        std::find(branches.begin(), branches.end(), branch) == branches.end()) {
      continue;
    }
    BL_RETURN_IF_ERROR(ReadSale(store_, &away));
    for (const std::string& at : branches) {
      BL_RETURN_IF_ERROR(ReadReturned(store_, at, &away));
    }
    all.push_back(std::move(away));
  }
  return all;
}

}  // namespace branchline
