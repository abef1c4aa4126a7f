#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace branchline {

// How the Connect protocol writes our status codes: a lower-case name in the
// JSON body and an HTTP status. The table is the protocol's own, as amended in
// 2024 (failed_precondition is 400, no longer 412; deadline_exceeded 504).
struct ConnectCode {
  absl::string_view name;
  int http_status;
};

// `code` is not kOk: Connect has no name for success.
ConnectCode ConnectCodeOf(absl::StatusCode code);

// The code called `name`; kUnknown for a name the protocol does not have.
absl::StatusCode StatusCodeOfConnectName(absl::string_view name);

// What a client is to make of `http_status` when the body names no code, for
// example because a proxy answered. kUnknown unless the protocol says more.
absl::StatusCode StatusCodeOfHttp(int http_status);

// {"code":"not_found","message":"no SKU 12"}. `status` is not OK.
std::string ConnectErrorBody(const absl::Status& status);

// The status that an answer stands for: OK for 200, otherwise from the body,
// or from `http_status` when the body is not a Connect error.
absl::Status StatusFromConnect(int http_status, absl::string_view body);

}  // namespace branchline
