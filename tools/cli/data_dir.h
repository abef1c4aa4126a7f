#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "sync/journal/store.h"

namespace branchline::cli {

// What lies in the data directory of a box or of a hub, read beside the daemon
// that may be running there. Nothing is written.

//   NOT_FOUND  no ledger in `dir`
//   others     see OpenRocksStore()
absl::StatusOr<std::unique_ptr<Store>> OpenLedgerToRead(absl::string_view dir);

// The hub's public journal key (32 bytes) as this node knows it: what the box
// was enrolled with, or at the hub its own.
//   NOT_FOUND  `dir` has no identity; give --hub-key
absl::StatusOr<std::string> ReadHubPublicKey(absl::string_view dir);

// A key in hex, as `branchline hub status` prints it.
//   INVALID_ARGUMENT  not 64 hex digits
absl::StatusOr<std::string> ParseHubKey(absl::string_view hex);

}  // namespace branchline::cli
