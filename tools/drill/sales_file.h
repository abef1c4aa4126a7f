#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/node_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "sync/base/date.h"
#include "tools/drill/csv_reader.h"

namespace branchline::drill {

inline constexpr int64_t kSalesRowCountMax = 20'000'000;
inline constexpr size_t kReceiptLineCountMax = 10'000;
inline constexpr size_t kKeySizeMax = 100;  // bytes: store, receipt_no, sku
inline constexpr size_t kSkippedRowCountMax = 10'000;

// With these, sums over kSalesRowCountMax lines fit 64 bits.
inline constexpr int64_t kLineAmountMinorMax = 100'000'000'000;
inline constexpr int64_t kLineQuantityMilliMax = 100'000'000'000;
inline constexpr int64_t kUnitPriceMinorE4Max = 1'000'000'000'000'000;

enum class LineKind { kSale, kReturn, kAdjust, kUnlinked };

// Views point into the SalesFile.
struct SalesLine {
  int64_t row = 0;  // of the file; 1 is the header
  LineKind kind = LineKind::kSale;
  absl::string_view sku;
  absl::string_view description;  // may be empty, as may the next two
  absl::string_view category;
  absl::string_view member_id;
  int64_t quantity_milli = 0;       // signed: a return has a minus
  int64_t unit_price_minor_e4 = 0;  // signed
  int64_t discount_minor = 0;       // signed: off the gross amount
  // The file gives no unit price: it was worked out from line_total, and
  // discount_minor carries what the rounded price cannot, so that the line
  // comes to line_total.
  bool price_derived = false;
};

struct SalesReceipt {
  absl::string_view store;
  absl::string_view receipt_no;  // unique within the store
  absl::string_view currency;
  absl::CivilSecond time;        // shop's local time of its earliest line
  std::vector<SalesLine> lines;  // in the order of the file; at least one
};

struct SalesDay {
  Date date = 0;
  std::vector<SalesReceipt> receipts;  // by time, then by the order of the file
};

struct SkippedRow {
  int64_t row = 0;
  std::string why;  // "column qty: found ..., want ..."
};

// A chain's sales as its file has them, in the order in which they happened.
// Movable; views stay good while it lives.
struct SalesFile {
  std::vector<SalesDay> days;             // by date; only dates with receipts
  std::vector<absl::string_view> stores;  // in the order they first appear
  int64_t receipt_count = 0;
  int64_t line_count = 0;
  std::vector<SkippedRow> skipped;
  absl::node_hash_set<std::string> texts;  // what the views point to
};

struct SalesFileOptions {
  bool skip_bad = false;  // leave broken rows out and list them
  int64_t row_count_max = kSalesRowCountMax;  // no more than that
};

// Reads FILE.csv or FILE.csv.gz. Columns are found by their names in the first
// row, in any order; others are passed over:
//
//   store, receipt_no, sku   required; a receipt is (store, receipt_no)
//   timestamp                required: 2010-12-01T08:26:00, :26, or the date
//   qty, unit_price          required; unit_price may be empty where line_total
//                            is not
//   kind                     required: sale, return, adjust, unlinked
//   currency                 required: ISO 4217, one per receipt
//   chain                    one chain per file
//   discount                 empty is 0; rounded by itself
//   line_total               must agree with the others within one minor unit
//   description, category, member_id
//
//   NOT_FOUND         the file cannot be opened
//   INVALID_ARGUMENT  a column is missing; or rows are broken (without
//                     skip_bad: the first one is named by row and column, and
//                     how many more there are); or too many rows
//   DATA_LOSS         the file is damaged or cut short
absl::StatusOr<SalesFile> ReadSalesFile(const std::string& path,
                                        const SalesFileOptions& options = {});

// The same from a source of bytes; `name` is what messages call it.
absl::StatusOr<SalesFile> ReadSales(CsvReader* csv, absl::string_view name,
                                    const SalesFileOptions& options = {});

// True if all lines adjust: it moves stock by its signed quantities and is no
// sale.
bool IsStockDocument(const SalesReceipt& receipt);

}  // namespace branchline::drill
