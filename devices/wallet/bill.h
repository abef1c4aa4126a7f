#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "devices/payment/payment_attempt.h"

namespace branchline {

inline constexpr size_t kBillSizeMax = 64 << 20;  // bytes

// What a wallet says of one payment or refund.
struct BillLine {
  bool is_refund = false;
  bool is_undone = false;  // reversed: the payment of this number is no more
  std::string number;      // ours: of the payment, or of the refund
  std::string trade_no;    // the wallet's
  int64_t amount_minor = 0;
};

// Reads a day's trade bill: WeChat Pay's "ALL" bill, or the detail file that
// Alipay hands out, unpacked; UTF-8 or GB18030. Columns are found by their
// headings.
//
//   INVALID_ARGUMENT  no heading of either; or a line cannot be read, which is
//                     named by its number
absl::StatusOr<std::vector<BillLine>> ParseBill(absl::string_view text);

// One difference between the bill and what this branch knows.
struct BillDifference {
  enum class Kind {
    kOnlyOurs,    // done here, and not in the bill
    kOnlyTheirs,  // in the bill, and not known here
    kAmountDiffers,
    kNotDoneHere,  // in the bill, and here it failed, was undone or is open
    kTwice,        // in the bill more than once
  };
  Kind kind = Kind::kOnlyOurs;
  std::string number;
  std::string trade_no;
  std::string id;  // of the attempt; empty: none
  int64_t ours_minor = 0;
  int64_t theirs_minor = 0;
};
std::string ToText(const BillDifference& difference);

// Every difference, both ways, between the `bill` of the time [from, to) and
// `attempts`. Ours that began in that time are wanted in the bill; the bill's
// may be ours of any time. Near midnight a payment may stand in the bill of the
// other day: take both days' bills together. In the order of their numbers.
std::vector<BillDifference> CompareWithBill(
    const std::vector<BillLine>& bill,
    const std::vector<PaymentAttempt>& attempts, absl::Time from,
    absl::Time to);

}  // namespace branchline
