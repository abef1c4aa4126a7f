#pragma once

#include "absl/status/statusor.h"
#include "branchline/v1/chain.pb.h"
#include "hub/storage/hub_store.h"

namespace branchline {

inline constexpr uint32_t kListItemsMax = 500;   // of one page
inline constexpr int kUnknownCodesMax = 1'000;   // listed
inline constexpr int kPriceChangesMax = 10'000;  // of one SKU, the newest

// A page of the catalogue, in the order of SKUs.
//   DATA_LOSS  storage is damaged
absl::StatusOr<v1::ListItemsResponse> ListItems(
    const HubStore& store, const v1::ListItemsRequest& request);

// Every price that a SKU was given on the chain's stream, oldest first: reads
// the stream from its beginning, a second or so for a million prices.
//   NOT_FOUND  no such SKU
//   DATA_LOSS  storage is damaged
absl::StatusOr<v1::GetPriceHistoryResponse> PriceHistory(
    const HubStore& store, const v1::GetPriceHistoryRequest& request);

// Codes that branches sold under an open department, and that no item has yet.
//   NOT_FOUND  no such branch
//   DATA_LOSS  storage is damaged
absl::StatusOr<v1::ListUnknownCodesResponse> UnknownCodes(
    const HubStore& store, const v1::ListUnknownCodesRequest& request);

}  // namespace branchline
