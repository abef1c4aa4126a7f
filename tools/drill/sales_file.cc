#include "tools/drill/sales_file.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "sync/base/status_macros.h"
#include "tools/drill/sales_row.h"

namespace branchline::drill {
namespace {

// Gathers rows into receipts. A receipt's rows need not stand together.
class Gatherer {
 public:
  explicit Gatherer(SalesFile* file) : file_(file) {}

  absl::Status Add(const SalesRow& row, int64_t row_number) {
    if (chain_.data() == nullptr) chain_ = Keep(row.chain);
    if (row.chain != chain_) {
      return BadField("chain", row.chain,
                      absl::StrCat("\"", chain_,
                                   "\" as in the rows before: one file is one "
                                   "chain"));
    }
    const auto key = std::make_pair(Keep(row.store), Keep(row.receipt_no));
    const auto found = index_.find(key);
    if (found != index_.end()) {
      const SalesReceipt& receipt = receipts_[found->second];
      if (row.currency != receipt.currency) {
        return BadField("currency", row.currency,
                        absl::StrCat(receipt.currency, " as in row ",
                                     receipt.lines.front().row,
                                     ": a receipt has one currency"));
      }
      if (receipt.lines.size() == kReceiptLineCountMax) {
        return BadField("receipt_no", row.receipt_no,
                        absl::StrCat("at most ", kReceiptLineCountMax,
                                     " lines in a receipt"));
      }
    } else {
      index_.emplace(key, receipts_.size());
      receipts_.push_back({.store = key.first,
                           .receipt_no = key.second,
                           .currency = Keep(row.currency),
                           .time = row.time,
                           .lines = {}});
      NoteStore(key.first);
    }
    SalesReceipt& receipt =
        receipts_[found != index_.end() ? found->second : receipts_.size() - 1];
    receipt.time = std::min(receipt.time, row.time);
    SalesLine& line = receipt.lines.emplace_back(row.line);
    line.row = row_number;
    line.sku = Keep(line.sku);
    line.description = Keep(line.description);
    line.category = Keep(line.category);
    line.member_id = Keep(line.member_id);
    ++file_->line_count;
    return absl::OkStatus();
  }

  void Finish() {
    file_->receipt_count = static_cast<int64_t>(receipts_.size());
    std::stable_sort(receipts_.begin(), receipts_.end(),
                     [](const SalesReceipt& a, const SalesReceipt& b) {
                       return a.time < b.time;
                     });
    for (SalesReceipt& receipt : receipts_) {
      const Date date = static_cast<Date>(receipt.time.year() * 10'000 +
                                          receipt.time.month() * int64_t{100} +
                                          receipt.time.day());
      if (file_->days.empty() || file_->days.back().date != date) {
        file_->days.push_back({.date = date, .receipts = {}});
      }
      file_->days.back().receipts.push_back(std::move(receipt));
    }
  }

 private:
  absl::string_view Keep(absl::string_view text) {
    const auto found = file_->texts.find(text);
    if (found != file_->texts.end()) return *found;
    return *file_->texts.emplace(text).first;
  }

  void NoteStore(absl::string_view store) {
    if (stores_.emplace(store).second) file_->stores.push_back(store);
  }

  SalesFile* const file_;
  absl::string_view chain_;
  std::vector<SalesReceipt> receipts_;
  absl::flat_hash_map<std::pair<absl::string_view, absl::string_view>, size_t>
      index_;
  absl::flat_hash_set<absl::string_view> stores_;
};

absl::Status TooManyRows(absl::string_view name, int64_t max) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": more than ", max, " rows; split the file by date"));
}

// What a file with broken rows gets when they may not be skipped.
absl::Status Refusal(absl::string_view name,
                     const std::vector<SkippedRow>& broken) {
  const std::string more =
      broken.size() == 1
          ? ""
          : absl::StrCat(" (and ", broken.size() - 1, " more broken rows)");
  return absl::InvalidArgumentError(absl::StrCat(
      name, ": row ", broken.front().row, ", ", broken.front().why, more,
      "; nothing was read: mend the file, or skip and list broken rows with "
      "--skip-bad"));
}

}  // namespace

absl::StatusOr<SalesFile> ReadSalesFile(const std::string& path,
                                        const SalesFileOptions& options) {
  BL_ASSIGN_OR_RETURN(const std::unique_ptr<CsvReader> csv,
                      CsvReader::Open(path));
  return ReadSales(csv.get(), path, options);
}

absl::StatusOr<SalesFile> ReadSales(CsvReader* csv, absl::string_view name,
                                    const SalesFileOptions& options) {
  std::vector<std::string> fields;
  absl::StatusOr<bool> more = csv->Next(&fields);
  if (!more.ok()) return Annotate(more.status(), absl::StrCat(name, ": row 1"));
  if (!*more) {
    return absl::InvalidArgumentError(absl::StrCat(
        name, ": the file is empty, want a first row with column names"));
  }
  const absl::StatusOr<Header> header = ReadHeader(fields);
  if (!header.ok()) {
    return Annotate(header.status(), absl::StrCat(name, ": row 1"));
  }

  SalesFile file;
  Gatherer gatherer(&file);
  while (true) {
    more = csv->Next(&fields);
    if (more.ok() && !*more) break;
    if (absl::IsDataLoss(more.status())) {
      return Annotate(more.status(),
                      absl::StrCat(name, ": after row ", csv->row()));
    }
    if (csv->row() > options.row_count_max) {
      return TooManyRows(name, options.row_count_max);
    }
    absl::Status status = more.status();
    if (status.ok()) {
      const absl::StatusOr<SalesRow> row = ReadRow(*header, fields);
      status = row.ok() ? gatherer.Add(*row, csv->row()) : row.status();
    }
    if (status.ok()) continue;
    if (!absl::IsInvalidArgument(status)) return Annotate(status, name);
    if (file.skipped.size() == kSkippedRowCountMax) {
      return absl::InvalidArgumentError(absl::StrCat(
          name, ": more than ", kSkippedRowCountMax,
          " broken rows, the first is row ", file.skipped.front().row, ", ",
          file.skipped.front().why, "; is this the right file?"));
    }
    file.skipped.push_back(
        {.row = csv->row(), .why = std::string(status.message())});
  }
  if (!file.skipped.empty() && !options.skip_bad) {
    return Refusal(name, file.skipped);
  }
  gatherer.Finish();
  return file;
}

bool IsStockDocument(const SalesReceipt& receipt) {
  for (const SalesLine& line : receipt.lines) {
    if (line.kind != LineKind::kAdjust) return false;
  }
  return true;
}

}  // namespace branchline::drill
