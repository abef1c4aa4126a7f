#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/state.pb.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"
#include "sync/journal/store.h"

namespace branchline {

// Payments to a static code, taken on the customer's word while the shop's line
// was down, found on the channel's bill later.

inline constexpr int kBillEntriesMax = 2'000;
inline constexpr size_t kUnconfirmedListedMax = 5'000;

struct UnconfirmedPayments {
  std::vector<v1::UnconfirmedTender> open;
  std::vector<v1::UnconfirmedTender> written_off;

  // All that a bill may still show.
  std::vector<v1::UnconfirmedTender> Findable() const;
};

// Those of `branch` that no bill has shown yet, by receipt; at most
// kUnconfirmedListedMax of each. Reads what is on disk.
//   DATA_LOSS  the ledger cannot be read
absl::StatusOr<UnconfirmedPayments> ReadUnconfirmed(const Store& store,
                                                    absl::string_view branch);

// Which of `open` stand on the bill: the same currency and amount, a
// transaction number that ends with the digits that were keyed, and a day
// between them at most. Where several could be meant, on either side, none is
// taken: a person looks. Pure.
std::vector<v1::MatchedTender> MatchBill(
    const std::vector<v1::UnconfirmedTender>& open,
    const v1::MatchTendersRequest& request, absl::string_view own_currency);

// Records `matches`: the money moves from the code's account, or from what was
// written off, to the wallet's. Pure.
//   INVALID_ARGUMENT  the channel or a transaction number is out of its limits,
//                     or there are too many entries
//   NOT_FOUND         nothing of the bill matches, or all of it did before
absl::Status DecideMatchTenders(const DecideView& view,
                                const v1::MatchTendersRequest& request,
                                const std::vector<v1::MatchedTender>& matches,
                                Authority* authority, v1::Event* event);

}  // namespace branchline
