#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

inline constexpr int kReceiptLinesMax = 1'000;
inline constexpr int kTendersMax = 20;
// Beyond these a finger slipped: ten million pieces, a billion of money.
inline constexpr int64_t kLineQuantityMaxMilli = 10'000'000'000;
inline constexpr int64_t kUnitPriceMaxMinorE4 = 1'000'000'000'000'000;

// Rings up a sale: prices, amounts, totals, number, postings. A request with
// `pricing` is priced by the branch's book, see PriceSale(), whose codes it
// gives too. `event` has the time at which it happens. Pure.
//
//   INVALID_ARGUMENT     a line or tender is wrong; names it
//   NOT_FOUND            no such SKU, no price, no such basket
//   OUT_OF_RANGE         an amount or total does not fit
//   FAILED_PRECONDITION  see PostingDate(); or the item is delisted
absl::Status DecideSale(const DecideView& view, absl::string_view till,
                        const v1::RingRequest& request, v1::Event* event);

// May a line of this kind have this quantity?
//   INVALID_ARGUMENT  0, or the wrong sign for its kind
//   OUT_OF_RANGE      beyond kLineQuantityMaxMilli
absl::Status CheckLineQuantity(v1::LineKind kind, int64_t quantity_milli);

// "S014-T2-1-000123": branch, till, epoch, number. No two receipts of a chain
// share one, whatever box stood in the branch.
std::string ReceiptNo(absl::string_view branch, absl::string_view till,
                      uint64_t epoch, uint64_t counter);

// "cash:T1": the detail of a tender's account.
std::string TenderDetail(v1::TenderKind kind, absl::string_view till);

}  // namespace branchline
