#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "branchline/v1/master.pb.h"
#include "branchline/v1/report.pb.h"
#include "hub/storage/hub_store.h"
#include "sync/base/clock.h"

namespace branchline {

// The chain's figures. They are sums that the fold has kept, per branch and
// business date: a report by branch, day or month reads one small cell for each
// branch and day, whatever was sold on it. Also on a store that was opened to
// read only.
//
// Rows come in order of key, then currency; totals in order of currency, one
// each, and never a sum over two. Receipts and lines count every document with
// money or goods: sales, returns and stock changes. A row's quantity is what
// went out less what came back, and is given by SKU only: a sum over pieces and
// kilograms means nothing.
//
// Safe for concurrent use.
class Reports {
 public:
  Reports(const HubStore* store, const Clock* clock)
      : store_(*store), clock_(*clock) {}

  //   INVALID_ARGUMENT  unknown `by`, or dates that are none or in the wrong
  //                     order
  //   NOT_FOUND         no such branch
  //   OUT_OF_RANGE      a sum does not fit 64 bits
  absl::StatusOr<v1::SalesReport> Sales(
      const v1::SalesReportRequest& request) const;

  // What is on hand, by branch and SKU; none that are zero.
  //   NOT_FOUND     no such branch
  //   OUT_OF_RANGE  as above
  absl::StatusOr<v1::StockReport> Stock(
      const v1::StockReportRequest& request) const;

 private:
  absl::StatusOr<std::vector<v1::Branch>> Branches(
      const std::string& code) const;

  const HubStore& store_;
  const Clock& clock_;
};

}  // namespace branchline
