#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "devices/wallet/wallet_gateway.h"
#include "devices/wallet/wallet_merchant.h"
#include "sync/base/clock.h"
#include "sync/base/random.h"

namespace branchline {

// The trade bill of `day`, which WeChat Pay has from ten in the morning of the
// next day on and keeps for three months; for ParseBill().
//
//   FAILED_PRECONDITION  the wallet has no bill of that day, or does not know
//                        the shop: its own words
//   INVALID_ARGUMENT     Alipay: it hands out a packed file on its site only
//   as WalletGateway     the line
absl::StatusOr<std::string> FetchBill(const WalletMerchant& merchant,
                                      absl::CivilDay day,
                                      WalletGateway* gateway, Random* random);

}  // namespace branchline
