#pragma once

#include <cstdint>
#include <string>

#include "tools/cli/command.h"
#include "tools/drill/drill.h"

namespace branchline::cli {

// "ringing up  1,234 of 16,459 receipts  230/s  3 outages  2 kills".
std::string DrillProgressText(const drill::Progress::Seen& seen,
                              int64_t receipts_per_second);

// The result as a table, as JSON (docs/CLI.md has its fields), or as CSV of the
// branches alone. What differs is always there in words.
void PrintDrill(const drill::DrillResult& result, Format format,
                const std::string& work_dir, Run& run);

}  // namespace branchline::cli
