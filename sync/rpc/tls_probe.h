#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace branchline {

// The certificates that the server at `address` (host:port, or [v6]:port) shows
// in a TLS handshake, as PEM, its own first. Believes none of them and sends
// nothing: for checking a hash before anything else is said. Blocks.
//
//   INVALID_ARGUMENT   `address` is not host:port
//   UNAVAILABLE        no such host, nobody listens, or no TLS there
//   DEADLINE_EXCEEDED  a step took longer than `timeout`
absl::StatusOr<std::vector<std::string>> ProbeTlsChain(
    absl::string_view address, absl::Duration timeout);

}  // namespace branchline
