#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "tools/cli/sheet_file.h"

namespace branchline::cli {

// The first sheet of an XLSX workbook (ECMA-376, part 1, 18.2 to 18.4): texts,
// numbers as they are written in the file, the results of formulas. Dates are
// numbers, as they are in the file. Reads the whole sheet at once.
//   as OpenRows()
absl::StatusOr<std::unique_ptr<RowSource>> OpenXlsx(const std::string& path);

}  // namespace branchline::cli
