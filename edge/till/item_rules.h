#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/till.pb.h"
#include "edge/commit/decide_view.h"

namespace branchline {

// What the master data of items says about a sale, beside their prices. Pure.

// How an error names a line: "line 2 (SKU A1)". `index` counts from 0.
std::string LineText(int index, absl::string_view sku);

// Whether on-hand stock is kept of it, so that a sale moves goods.
bool IsStocked(v1::ItemKind kind);

// `request` with a line for each deposit that its goods carry, as many as there
// are pieces; nullopt if it is to stay as it is. Lines of that kind that it has
// already are made anew. Goods that come back do not bring their deposit:
// empties come alone.
//   OUT_OF_RANGE  a quantity does not fit
//   DATA_LOSS     the store cannot be read
absl::StatusOr<std::optional<v1::RingRequest>> WithDeposits(
    const DecideView& view, const v1::RingRequest& request);

// What the books say lies here.
absl::StatusOr<int64_t> OnHandMilli(const DecideView& view,
                                    absl::string_view sku);

// Whether the shelf may go below zero, where an item says that it may not.
//   FAILED_PRECONDITION  the books have less than is sold; names both
//   DATA_LOSS            the store cannot be read
absl::Status CheckNegativeStock(const DecideView& view, const v1::Sale& sale);

// The price keyed for an open department.
//   INVALID_ARGUMENT  none was keyed, or it is below 0
//   OUT_OF_RANGE      above the department's limit
// `currency`: for messages.
absl::Status CheckKeyedPrice(const v1::Item& department,
                             const v1::RingLine& asked,
                             absl::string_view currency);

}  // namespace branchline
