#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"
#include "edge/people/authority.h"
#include "edge/pricing/tax.h"

namespace branchline {

// Goods of earlier receipts of this branch that come back within a sale: each
// line has the figures of its own receipt, as a return would, and what is left
// of it counts down the same. One receipt, one number, one payment.
class Exchange {
 public:
  // Adds to `sale`. Both outlive it.
  Exchange(const DecideView& view, v1::Sale* sale)
      : view_(view), sale_(*sale) {}

  // Adds `asked`, a line of kind return with a quantity below 0.
  //   INVALID_ARGUMENT     its kind, quantity or line; another currency
  //   NOT_FOUND            no such sale of this branch
  //   FAILED_PRECONDITION  more than was sold less what came back
  absl::Status Add(const v1::RingLine& asked);

  // What the lines come to; 0 or below.
  int64_t total_minor() const { return total_minor_; }

  // Puts their taxes into the sale's table, below 0.
  void AddTaxes();

 private:
  const DecideView& view_;
  v1::Sale& sale_;
  int64_t total_minor_ = 0;
  std::vector<LineTax> taxes_;
  // Of this sale, by receipt and line: what came back in it already.
  std::map<std::pair<std::string, uint32_t>, int64_t> now_milli_;
};

// Gives back what such a sale comes to below 0 by the tenders of the receipt
// that its first exchanged line names: cards and wallets first, then vouchers,
// each up to what it paid, together up to what those goods come to. Adds them
// to the sale; `rest_minor` (0 or above) is what remains, for cash.
absl::Status RefundExchange(const DecideView& view, v1::Sale* sale,
                            int64_t* rest_minor);
// What of it goes back through the edge is open after the sale.
absl::Status OpenExchangeRefunds(const DecideView& view, v1::Sale* sale);

// Whether a sale that gives money back in cash may: nothing of it was paid
// otherwise, or somebody may refund by another tender.
//   PERMISSION_DENIED  neither
absl::Status CheckExchangeRefund(const DecideView& view, const v1::Sale& sale,
                                 Authority* authority);

}  // namespace branchline
