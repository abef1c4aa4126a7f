#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "branchline/v1/edge_admin.pb.h"
#include "sync/journal/store.h"

namespace branchline {

class DeviceManager;

// A wallet's bill of a day beside every attempt that the ledger of `branch` has
// of that wallet: what is only here, only there, of another amount, there
// twice, or paid there and not done here. Any thread.
//
//   NOT_FOUND         no such wallet is at work, and no bill was given
//   INVALID_ARGUMENT  no date, or the bill cannot be read
//   others            see PaymentHost::FetchBill()
absl::Status CompareBill(const Store& store, absl::string_view branch,
                         const absl::TimeZone& time_zone,
                         const v1::CompareBillRequest& request,
                         DeviceManager* devices,
                         v1::CompareBillResponse* response);

}  // namespace branchline
