#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/lagging_books.h"
#include "sync/journal/store.h"

namespace branchline {

// What tills look up; any thread. Shows whole commits, the one that is being
// synced at this moment too.
//
//   NOT_FOUND  names what was looked for
//   DATA_LOSS  the store cannot be read
absl::Status ReadReceipt(const Store& store, const LaggingBooks& books,
                         absl::string_view branch, absl::string_view receipt_no,
                         v1::GetReceiptResponse* response);
// The Z of that number; empty: the last of `till`.
absl::Status ReadZ(const Store& store, absl::string_view branch,
                   absl::string_view till, absl::string_view z_no,
                   v1::ShiftReport* report);
absl::Status ReadBasket(const Store& store, absl::string_view basket_id,
                        v1::Basket* basket);
absl::Status ReadBaskets(const Store& store, v1::ListBasketsResponse* response);

// Items in the catalogue here.
absl::StatusOr<uint64_t> CountItems(const Store& store);

}  // namespace branchline
