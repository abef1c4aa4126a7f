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
inline constexpr int64_t kCodePiecesMax = 1'000'000;
inline constexpr int kImagesMax = 20;         // of one item
inline constexpr size_t kImageSizeMax = 500;  // bytes of its address
inline constexpr int kVariantValuesMax = 10;  // size, colour, ...
inline constexpr int64_t kPriceMinorE4Max =
    1'000'000'000'000'000;  // either sign

// Puts items and prices on `chain`, one event of each kind, whole or not at
// all, and only those that differ from what is there: the same file twice
// writes nothing the second time. Prices may be zero or negative. Answers with
// every field that differs, before and after, and with a warning for each code
// that two items have: legal, and the till asks which. A dry run writes
// nothing.
//
//   INVALID_ARGUMENT  the first row that breaks a rule, by its SKU: too many
//                     rows; a size; the same SKU or price twice; a currency; a
//                     price beyond kPriceMinorE4Max; a code that is read as
//                     another or means no piece; a deposit or parent that is
//                     the item itself; a price for a SKU that is in neither
//                     request nor catalogue; a field that items do not have
//   and what HubLedger::Decide() may return
absl::StatusOr<v1::ImportCatalogueResponse> ImportCatalogue(
    HubStore* store, HubLedger* ledger,
    const v1::ImportCatalogueRequest& request);

}  // namespace branchline
