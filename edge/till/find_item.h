#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/lagging_books.h"
#include "sync/journal/store.h"

namespace branchline {

inline constexpr int kItemMatchesMax = 100;
inline constexpr size_t kScanSizeMax = 512;  // bytes; a GS1 code's limit

// Where a lookup happens. The pointers outlive it.
struct ItemShelf {
  const Store* store = nullptr;
  const LaggingBooks* books = nullptr;
  absl::string_view branch;
  absl::string_view currency;  // of codes with a price of their own
  absl::CivilDay today;        // for the century of a code's dates
};

// What a scan or a typed code means here: one item, or several of which the
// till asks which (two items on one code, the variants of one), each with the
// line that it puts into the basket: a carton's pieces and price, a label's
// weight or amount. Any thread; shows whole commits.
//
//   INVALID_ARGUMENT  empty, too long, or read wrong: its check digit, or what
//                     the symbology promises, is not there; scan it again
//   NOT_FOUND         nobody knows it; names the open departments
//   DATA_LOSS         the store cannot be read
absl::Status FindItems(const ItemShelf& shelf, absl::string_view scan,
                       v1::FindItemResponse* response);

// Fills what a match shows beside its item and line: prices, on hand.
//   DATA_LOSS  the store cannot be read
absl::Status FillMatch(const ItemShelf& shelf, v1::ItemMatch* match);

// Whether `item` has `code`, in any of its forms: codes that it gave up stay in
// the ledger's index.
bool HasCode(const v1::Item& item, absl::string_view code);

}  // namespace branchline
