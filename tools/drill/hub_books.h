#pragma once

#include "absl/status/statusor.h"
#include "tools/drill/chain_rig.h"
#include "tools/drill/compare_books.h"

namespace branchline::drill {

// Asks the hub for all its reports.
absl::StatusOr<HubBooks> ReadHubBooks(ChainRig* rig);

}  // namespace branchline::drill
