// Any bytes: reading them in one piece or byte by byte gives the same rows, and
// what is let through stays within the limits that the sums rely on.
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "sync/base/check.h"
#include "tests/tools/drill/csv_text.h"
#include "tools/drill/expected_books.h"
#include "tools/drill/sales_file.h"

namespace branchline::drill {
namespace {

std::vector<std::string> Rows(const std::string& text, size_t piece) {
  const auto csv = CsvOf(text, piece);
  std::vector<std::string> seen;
  std::vector<std::string> fields;
  while (true) {
    const absl::StatusOr<bool> more = csv->Next(&fields);
    if (more.ok() && !*more) return seen;
    seen.push_back(absl::StrCat(csv->row(), more.status().message()));
    if (more.ok()) seen.insert(seen.end(), fields.begin(), fields.end());
  }
}

void Check(const std::string& text) {
  BL_CHECK(Rows(text, text.size()) == Rows(text, 1),
           "splitting the bytes changed the rows");
  const auto file = ReadSales(
      CsvOf("store,receipt_no,timestamp,sku,qty,unit_price,discount,line_total,"
            "currency,kind\n" +
            text)
          .get(),
      "fuzz", {.skip_bad = true});
  if (!file.ok()) return;
  for (const SalesDay& day : file->days) {
    for (const SalesReceipt& receipt : day.receipts) {
      for (const SalesLine& line : receipt.lines) {
        const int64_t net_minor = NetMinor(line);
        BL_CHECK(net_minor <= 2 * kLineAmountMinorMax, "amount beyond limit");
        BL_CHECK(net_minor >= -2 * kLineAmountMinorMax, "amount beyond limit");
      }
    }
  }
  const ExpectedBooks books = ComputeExpectedBooks(
      *file, [](absl::string_view store) { return std::string(store); });
  BL_CHECK(books.lines == file->line_count, "a line went missing");
}

}  // namespace
}  // namespace branchline::drill

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  branchline::drill::Check(
      std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}
