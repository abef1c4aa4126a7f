#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "tools/drill/sales_file.h"

namespace branchline::drill {

// Which branch a store's receipts are rung up at. Must give the same answer
// each time.
using BranchOfStore = std::function<std::string(absl::string_view store)>;

// One cell of the books: a branch's sum for one business date, month or SKU in
// one currency. `key` is "2010-12-01", "2010-12" or the SKU, and empty in
// `by_branch`.
struct BookKey {
  std::string branch;  // empty where branches are summed
  std::string key;
  std::string currency;

  friend auto operator<=>(const BookKey&, const BookKey&) = default;
};

struct BookTotals {
  int64_t receipts = 0;  // those with at least one line in the cell
  int64_t lines = 0;
  int64_t quantity_milli = 0;  // signed as in the file, adjustments included
  int64_t discount_minor = 0;
  int64_t net_minor = 0;

  void Add(const BookTotals& other);
  friend bool operator==(const BookTotals&, const BookTotals&) = default;
};

using Book = std::map<BookKey, BookTotals>;

// What must come out when a file has been rung up, computed from the file and
// nothing else.
struct ExpectedBooks {
  Book by_branch;
  Book by_day;                                    // of a branch
  Book by_month;                                  // of a branch
  Book by_sku;                                    // of a branch
  std::map<std::string, BookTotals> by_currency;  // the whole chain
  std::map<std::pair<std::string, std::string>, int64_t>
      on_hand_milli;     // (branch, SKU); every SKU that the branch ever moved
  int64_t receipts = 0;  // the whole chain, stock documents included
  int64_t lines = 0;
};

// The rules:
//   - a line comes to round(quantity x unit price) - discount
//   - a sale or return takes its signed quantity off the branch's stock (a
//     return's is negative, so it brings in), and so does an adjust line beside
//     other kinds; a document of adjust lines alone adds its signed quantities
//   - a document of adjust lines alone has no discounts: what one says is part
//     of its price
//   - a receipt belongs to the date of its earliest line
ExpectedBooks ComputeExpectedBooks(const SalesFile& file,
                                   const BranchOfStore& branch_of_store);

// What `line` comes to.
int64_t NetMinor(const SalesLine& line);

// `book` with its branches summed: `branch` is empty in every key.
Book SumOverBranches(const Book& book);

}  // namespace branchline::drill
