#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "branchline/v1/event.pb.h"
#include "edge/pricing/return_figures.h"

namespace branchline {

// What `quantity_milli` more of line `index` of `sale` give back, of which
// `returned_milli` came back before: the receipt's own figures, shared out.
//   INVALID_ARGUMENT     no such line, nothing was sold on it, or the quantity
//                        is not above 0
//   FAILED_PRECONDITION  more than was sold less what came back; says both
absl::StatusOr<ReturnFigures> ShareOfSaleLine(const v1::Sale& sale,
                                              uint32_t index,
                                              int64_t quantity_milli,
                                              int64_t returned_milli);

}  // namespace branchline
