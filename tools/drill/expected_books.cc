#include "tools/drill/expected_books.h"

#include <set>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_format.h"
#include "sync/base/check.h"
#include "tools/drill/exact.h"

namespace branchline::drill {
namespace {

void AddTo(int64_t* sum, int64_t amount) {
  const bool overflow = __builtin_add_overflow(*sum, amount, sum);
  // The limits of SalesFile rule it out.
  BL_CHECK(!overflow, "sum of a sales file beyond 64 bits");
}

BookTotals TotalsOf(const SalesLine& line) {
  return {.receipts = 0,
          .lines = 1,
          .quantity_milli = line.quantity_milli,
          .discount_minor = line.discount_minor,
          .net_minor = NetMinor(line)};
}

void AddReceipt(const SalesReceipt& receipt, const std::string& branch,
                const std::string& day, ExpectedBooks* books) {
  const std::string currency(receipt.currency);
  const bool stock_document = IsStockDocument(receipt);
  BookTotals all{.receipts = 1};
  std::set<absl::string_view> skus;
  for (const SalesLine& line : receipt.lines) {
    BookTotals totals = TotalsOf(line);
    if (stock_document) totals.discount_minor = 0;
    all.Add(totals);
    totals.receipts = skus.insert(line.sku).second ? 1 : 0;
    const std::string sku(line.sku);
    books->by_sku[{branch, sku, currency}].Add(totals);
    AddTo(&books->on_hand_milli[{branch, sku}],
          stock_document ? line.quantity_milli : -line.quantity_milli);
  }
  books->by_branch[{branch, "", currency}].Add(all);
  books->by_day[{branch, day, currency}].Add(all);
  books->by_month[{branch, day.substr(0, 7), currency}].Add(all);
  books->by_currency[currency].Add(all);
  AddTo(&books->receipts, all.receipts);
  AddTo(&books->lines, all.lines);
}

}  // namespace

void BookTotals::Add(const BookTotals& other) {
  AddTo(&receipts, other.receipts);
  AddTo(&lines, other.lines);
  AddTo(&quantity_milli, other.quantity_milli);
  AddTo(&discount_minor, other.discount_minor);
  AddTo(&net_minor, other.net_minor);
}

int64_t NetMinor(const SalesLine& line) {
  return GrossMinor(line.quantity_milli, line.unit_price_minor_e4) -
         line.discount_minor;
}

ExpectedBooks ComputeExpectedBooks(const SalesFile& file,
                                   const BranchOfStore& branch_of_store) {
  ExpectedBooks books;
  absl::flat_hash_map<absl::string_view, std::string> branches;
  for (absl::string_view store : file.stores) {
    branches[store] = branch_of_store(store);
  }
  for (const SalesDay& day : file.days) {
    const std::string date =
        absl::StrFormat("%04d-%02d-%02d", day.date / 10'000,
                        day.date / 100 % 100, day.date % 100);
    for (const SalesReceipt& receipt : day.receipts) {
      AddReceipt(receipt, branches[receipt.store], date, &books);
    }
  }
  return books;
}

Book SumOverBranches(const Book& book) {
  Book sums;
  for (const auto& [key, totals] : book) {
    sums[{"", key.key, key.currency}].Add(totals);
  }
  return sums;
}

}  // namespace branchline::drill
