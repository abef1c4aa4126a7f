#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/event.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

inline constexpr int kCurrenciesMax = 8;      // of one count
inline constexpr int kDenominationsMax = 40;  // of one currency

// An amount of cash as it is kept: the currency filled in, the sum of the
// denominations if they are given. 0 or more.
//   INVALID_ARGUMENT  no currency of ISO 4217; below 0; denominations that do
//                     not come to the amount, or too many
//   OUT_OF_RANGE      it does not fit
absl::StatusOr<v1::CashAmount> CheckedCash(const DecideView& view,
                                           const v1::CashAmount& cash);

// The same of several, each currency once.
//   INVALID_ARGUMENT  also: too many, or a currency twice
absl::StatusOr<std::vector<v1::CashAmount>> CheckedCashes(
    const DecideView& view,
    const google::protobuf::RepeatedPtrField<v1::CashAmount>& cashes);

// "12.34 GBP"
std::string CashText(int64_t amount_minor, absl::string_view currency);

// What an account of this branch holds, as far as is known.
//   DATA_LOSS     the ledger cannot be read
//   OUT_OF_RANGE  it does not fit 64 bits
absl::StatusOr<int64_t> BalanceOf(const DecideView& view, v1::AccountKind kind,
                                  absl::string_view detail,
                                  absl::string_view currency);

}  // namespace branchline
