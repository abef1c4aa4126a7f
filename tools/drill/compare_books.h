#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tools/drill/expected_books.h"

namespace branchline::drill {

// The chain's books as the hub's reports give them, in the shape of what is
// expected. Quantities are left out: the hub counts them by SKU and of sales
// alone; stock on hand says the same and more.
struct HubBooks {
  Book by_branch;
  Book by_day;    // of a branch
  Book by_month;  // of a branch
  Book by_sku;    // of a branch; `receipts` is 0
  // The whole chain, each report's own totals.
  std::vector<std::pair<std::string, std::map<std::string, BookTotals>>>
      by_currency;
  std::map<std::pair<std::string, std::string>, int64_t>
      on_hand_milli;  // (branch, SKU), none that are zero
};

inline constexpr size_t kDifferencesShown = 20;

// What differs, in words: "B02 2010-12-01 GBP: net is 10.00, the file comes to
// 10.01"; the first kDifferencesShown. Empty: not a penny and not a piece.
struct Differences {
  int64_t count = 0;
  std::vector<std::string> first;

  void Add(std::string what);
};

void Compare(const ExpectedBooks& expected, const HubBooks& found,
             Differences* differences);

}  // namespace branchline::drill
