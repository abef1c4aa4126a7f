#pragma once

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "branchline/v1/chain.pb.h"
#include "hub/intake/presence.h"
#include "hub/storage/hub_store.h"

namespace branchline {

// The branches of the chain, in order of code, or the one with `code`, each
// with how far its journal and its days have come, whether it is on the line,
// and what a person has to see to.
//   NOT_FOUND  no branch has `code`
absl::StatusOr<v1::ListBranchesResponse> BranchOverview(
    const HubStore& store, absl::string_view code,
    absl::FunctionRef<Presence::Seen(absl::string_view)> presence);

inline constexpr size_t kExceptionsListedMax = 1'000;

// Records that were put aside or are newer than this program, of one branch or
// all; at most kExceptionsListedMax.
//   NOT_FOUND  no such branch
absl::StatusOr<v1::ListExceptionsResponse> ListExceptions(
    const HubStore& store, absl::string_view branch);

}  // namespace branchline
