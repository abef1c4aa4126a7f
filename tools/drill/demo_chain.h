#pragma once

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace branchline::drill {

inline constexpr int kDemoDaysMax = 3'660;
inline constexpr int kDemoReceiptsMax = 10'000;

struct DemoChainOptions {
  uint64_t seed = 0;
  absl::CivilDay first_day = absl::CivilDay(2026, 3, 2);  // a Monday
  int days = 7;
  // Of an average branch on an average day of the week.
  int receipts_per_branch_day = 120;
};

// Writes the sales of a chain of eight supermarkets in Singapore that does not
// exist, as a sales file (see sales_file.h) in the order in which they happen:
//
//   - opening stock on the first morning, a delivery every morning for what was
//     sold the day before, fresh goods thrown away every evening (documents of
//     adjust lines, at most kDemoDocumentLines each)
//   - sales through the day with a noon and an evening peak and busy weekends;
//     goods by the piece and by the gram; weekly offers as line discounts; four
//     receipts in ten of members; now and then a free bag as an adjust line
//   - returns of what was bought earlier that day, and exchanges
//
// The same options give the same bytes on every machine, and more days go on
// from where fewer days end. `sink` gets the file in pieces.
//
//   INVALID_ARGUMENT  days or receipts are not between 1 and their maximum
absl::Status WriteDemoChain(const DemoChainOptions& options,
                            absl::FunctionRef<void(absl::string_view)> sink);

inline constexpr size_t kDemoDocumentLines = 100;

}  // namespace branchline::drill
