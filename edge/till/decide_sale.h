#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"

namespace branchline {

inline constexpr int kReceiptLinesMax = 1'000;
inline constexpr int kTendersMax = 20;
inline constexpr size_t kReferenceSizeMax = 64;  // bytes; of a tender too
inline constexpr size_t kSaleNoteSizeMax = 200;  // bytes; of a line too
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
//   FAILED_PRECONDITION  see PostingDate() and CheckShift(); the item is
//                        delisted, or nobody has looked at the customer's age
//   PERMISSION_DENIED    see CheckSaleRights()
absl::Status DecideSale(const DecideView& view, absl::string_view till,
                        const v1::RingRequest& request, Authority* authority,
                        v1::Event* event);
// The same without a number, postings or rights: what it would come to.
absl::Status QuoteSale(const DecideView& view, const v1::RingRequest& request,
                       absl::Time at, v1::Sale* sale);

// Whether what was quoted could be rung up now, by whoever is signed on and
// without anybody's approval. Payments through the edge are left aside.
//   as DecideSale(); its first reason
absl::Status CheckMayRing(const DecideView& view, absl::string_view till,
                          const v1::RingRequest& request, const v1::Sale& sale,
                          absl::Time wall_now);

// The request with what stands in the basket that it names, if it names one.
//   INVALID_ARGUMENT     it has lines of its own too
//   NOT_FOUND            there is no such basket
//   FAILED_PRECONDITION  it is of training, and the till is not, or the reverse
absl::StatusOr<v1::RingRequest> WithBasket(const DecideView& view,
                                           const v1::RingRequest& request);

// What a person added to a line: note, salesperson, reasons.
void CopyRemarks(const v1::RingLine& asked, v1::SaleLine* line);

// Posts goods, money and taxes of `sale`, which is whole, and its number.
void PostSale(const DecideView& view, absl::string_view till, v1::Event* event);

// May a line of this kind have this quantity?
//   INVALID_ARGUMENT  0, or the wrong sign for its kind
//   OUT_OF_RANGE      beyond kLineQuantityMaxMilli
absl::Status CheckLineQuantity(v1::LineKind kind, int64_t quantity_milli);

// "S014-T2-1-000123": branch, till, epoch, number. No two receipts of a chain
// share one, whatever box stood in the branch.
std::string ReceiptNo(absl::string_view branch, absl::string_view till,
                      uint64_t epoch, uint64_t counter);

// "code:T1": where payments stand that nobody has confirmed.
std::string UnconfirmedDetail(absl::string_view till);
// "cash:T1": the detail of a tender's account.
std::string TenderDetail(v1::TenderKind kind, absl::string_view till);

}  // namespace branchline
