#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/master.pb.h"
#include "branchline/v1/till_devices.pb.h"
#include "edge/commit/command.h"
#include "edge/till/find_item.h"

namespace branchline {

// The digits of a label that carries `item`'s number and a price, by the
// chain's first rule for such labels. The number is the SKU or one of the
// item's codes, whichever is the first of digits alone that fits. Pure.
//
//   FAILED_PRECONDITION  there is no such rule; no number of the item fits it
//   INVALID_ARGUMENT     the price does not fit it
absl::StatusOr<std::string> LabelCodeOf(const v1::ScanRulesSet& rules,
                                        const v1::Item& item,
                                        int64_t price_minor,
                                        absl::string_view currency);

// What labels that are asked for would carry: made, and read back as a till
// here will read it, so that no label sells another item, or nothing. What is
// wrong stands in its status.
LabelFound FindLabel(const ItemShelf& shelf,
                     const v1::PrintLabelsRequest& request);

}  // namespace branchline
