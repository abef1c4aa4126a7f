#pragma once

#include "absl/status/statusor.h"
#include "branchline/v1/chain.pb.h"
#include "hub/merge/hub_ledger.h"
#include "hub/storage/hub_store.h"

namespace branchline {

inline constexpr int kImportRowsMax = 500;       // items; prices likewise
inline constexpr size_t kSkuSizeMax = 64;        // bytes
inline constexpr size_t kItemNameSizeMax = 200;  // bytes, also the Chinese
inline constexpr size_t kCategorySizeMax = 100;  // bytes
inline constexpr int kBarcodesMax = 20;          // of one item
inline constexpr size_t kBarcodeSizeMax = 64;    // bytes
inline constexpr int64_t kPriceMinorE4Max =
    1'000'000'000'000'000;  // either sign

// Puts items and prices on `chain`, one event of each kind, whole or not at
// all, and only those that differ from what is there: the same file twice
// writes nothing the second time. Prices may be zero or negative.
//
//   INVALID_ARGUMENT  the first row that breaks a rule, by its SKU: too many
//                     rows; a size; the same SKU or price twice; a currency; a
//                     price beyond kPriceMinorE4Max; a price for a SKU that is
//                     in neither request nor catalogue
//   ALREADY_EXISTS    a barcode that another SKU has, in the request or in the
//                     catalogue; both are named
//   and what HubLedger::Decide() may return
absl::StatusOr<v1::ImportCatalogueResponse> ImportCatalogue(
    HubStore* store, HubLedger* ledger,
    const v1::ImportCatalogueRequest& request);

}  // namespace branchline
