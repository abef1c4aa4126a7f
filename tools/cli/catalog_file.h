#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "branchline/v1/master.pb.h"

namespace branchline::cli {

inline constexpr size_t kCatalogRowsMax = 2'000'000;

// One row that can be imported.
struct CatalogRow {
  int64_t row = 0;  // as an editor counts: 1 is the header
  v1::Item item;
  bool item_repeated = false;  // an earlier row has the same
  std::optional<v1::Price> price;
};

// One thing that is wrong with one row.
struct BrokenField {
  int64_t row = 0;
  std::string column;  // empty: the row as a whole
  std::string why;
};

struct CatalogFile {
  std::vector<CatalogRow> rows;     // in the file's order, none of them broken
  std::vector<BrokenField> broken;  // likewise
  // Names of Item's fields that the file has a column for.
  std::vector<std::string> item_fields;
};

// What a file is read for.
struct CatalogReading {
  bool prices_only = false;      // rows say nothing of items but their SKU
  std::string default_currency;  // of rows without one; empty: they need it
};

// Reads a catalogue: CSV, plain or gzipped, or the first sheet of an XLSX
// workbook. The first row names the columns, in any order:
//
//   sku       one row for each currency it has a price in, all else the same
//   name
//   price     a decimal number, of at most four decimals more than the
//             currency; may be 0 or negative; empty, as its currency then is:
//             no price
//   currency  ISO 4217
//   and those of CatalogColumns(), which may be left out
//
// Prices only: sku and price are wanted, currency unless there is a default,
// and other columns are passed over. Sizes are those that the hub takes:
// hub/merge/catalogue_import.h.
//
//   NOT_FOUND         it cannot be opened
//   INVALID_ARGUMENT  the header lacks a column, or has one that is not known:
//                     says which
//   RESOURCE_EXHAUSTED  more than kCatalogRowsMax rows
//   DATA_LOSS         it cannot be read to its end
absl::StatusOr<CatalogFile> ReadCatalogFile(const std::string& path,
                                            const CatalogReading& reading = {});

}  // namespace branchline::cli
