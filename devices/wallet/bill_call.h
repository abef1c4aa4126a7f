#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "devices/wallet/wallet_gateway.h"
#include "devices/wallet/wallet_merchant.h"
#include "sync/base/random.h"

namespace branchline {

// The trade bill of `day`, for ParseBill(). The wallets have it from ten in the
// morning of the next day on and keep it for three months. Alipay's is fetched
// from where its signed answer says, and unpacked.
//
//   FAILED_PRECONDITION  the wallet has no bill of that day, or does not know
//                        the shop: its own words
//   INVALID_ARGUMENT     what it hands out is no bill
//   as WalletGateway     the line
absl::StatusOr<std::string> FetchBill(const WalletMerchant& merchant,
                                      absl::CivilDay day, absl::Time wall_now,
                                      WalletGateway* gateway, Random* random);

}  // namespace branchline
