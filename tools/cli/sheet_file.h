#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace branchline::cli {

inline constexpr size_t kSheetPartSizeMax = size_t{1} << 30;  // unpacked bytes
inline constexpr int64_t kSheetRowsMax = 1'048'576;           // as Excel's

// Rows of a table that people keep: CSV, plain or gzipped, or the first sheet
// of an XLSX workbook, by what the file begins with. Not thread-safe.
class RowSource {
 public:
  virtual ~RowSource() = default;

  // The next row that is not empty; false at the end.
  //   INVALID_ARGUMENT  this row is broken: call again for the next one
  //   DATA_LOSS         it cannot be read to its end
  virtual absl::StatusOr<bool> Next(std::vector<std::string>* fields) = 0;
  // Number of the row that Next() gave: 1 is the first of the file.
  virtual int64_t row() const = 0;
};

//   NOT_FOUND           it cannot be opened
//   DATA_LOSS           (XLSX) it is damaged, or holds no sheet
//   RESOURCE_EXHAUSTED  (XLSX) a part has more than kSheetPartSizeMax bytes
absl::StatusOr<std::unique_ptr<RowSource>> OpenRows(const std::string& path);

// Writes such a file: XLSX if `path` ends so, CSV else. The file appears whole
// under its name with Close(), or not at all.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual absl::Status Add(const std::vector<std::string>& fields) = 0;
  virtual absl::Status Close() = 0;
};

//   FAILED_PRECONDITION  it cannot be written there
absl::StatusOr<std::unique_ptr<RowSink>> CreateRows(const std::string& path);

// What stands in a cell that holds a number, as decimal text: without exponent,
// and without the noise of binary fractions beyond 15 digits. Other text as it
// is.
std::string PlainNumber(absl::string_view text);

}  // namespace branchline::cli
