#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "sync/rpc/http/http_message.h"

namespace branchline {

// The headers that a Connect call has a use for. Each error is
// INVALID_ARGUMENT, and names the header, what it is and what it should be.

// From connect-timeout-ms; infinite without it.
absl::StatusOr<absl::Duration> ConnectTimeoutOf(const HttpHeaders& headers);

// connect-protocol-version is 1 or absent.
absl::Status CheckConnectVersion(const HttpHeaders& headers);

// A body must be framed in exactly one way: where two readers could disagree on
// its end, the rest of it is somebody's next request.
absl::Status CheckFraming(const HttpHeaders& headers);

// What follows "Bearer" in authorization; empty without it. A secret.
std::string BearerOf(const HttpHeaders& headers);

// `text` of a peer as a message may show it: short, and printable.
std::string ShortPrintable(absl::string_view text);

}  // namespace branchline
