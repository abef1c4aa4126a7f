#pragma once

#include "absl/status/status.h"
#include "branchline/v1/event.pb.h"

namespace branchline {

// Whether every name in the body of `event` that the fold makes a key of is
// within its limits: 1 to 64 bytes, none of them zero, hashes of 32. For a late
// record, the same of the original that it holds.
//
//   INVALID_ARGUMENT  names what is not
absl::Status CheckBody(const v1::Event& event);

}  // namespace branchline
