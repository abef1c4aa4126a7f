#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "sync/base/clock.h"

namespace branchline::cli {

// Makes a hub in `dir`: keys, CA, an empty ledger. Returns the hash of the CA.
//   FAILED_PRECONDITION  there is something in `dir` already
absl::StatusOr<std::string> InitHub(const std::string& dir,
                                    const std::string& chain_name,
                                    const Clock& clock);

}  // namespace branchline::cli
