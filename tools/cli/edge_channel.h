#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/edge_admin.grpc.pb.h"

namespace branchline::cli {

// The branchline-edge that runs in `data_dir`.
//   UNAVAILABLE  none does, or it does not answer
absl::StatusOr<std::unique_ptr<v1::EdgeAdmin::Stub>> ConnectToEdge(
    absl::string_view data_dir);

}  // namespace branchline::cli
