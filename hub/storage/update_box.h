#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/state.pb.h"
#include "hub/storage/hub_store.h"

namespace branchline {

inline constexpr int kUpdateTriesMax = 100;

// Changes what is kept of the box of `branch`, against what is stored at that
// moment. `change` may be called several times, each with the box as it then
// is; it returns false if there is nothing to change.
//
//   NOT_FOUND  no box has joined as this branch
//   ABORTED    others changed it kUpdateTriesMax times in between
//   and what `change` and the storage return
absl::Status UpdateBox(
    HubStore* store, absl::string_view branch,
    absl::FunctionRef<absl::StatusOr<bool>(v1::BoxState*)> change);

}  // namespace branchline
