#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace branchline {

// The two libraries number their codes alike; the message goes along, cut to
// what fits a trailer.
absl::Status FromGrpc(const grpc::Status& status);
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace branchline
